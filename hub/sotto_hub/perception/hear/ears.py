"""One ear a stream, all with the hub's one recogniser and its one worker."""

from collections.abc import Callable
from dataclasses import dataclass

from sotto_hub.perception.hear.ear import Ear
from sotto_hub.perception.hear.engine import Engine
from sotto_hub.perception.hear.settings import HearSettings
from sotto_hub.perception.hear.worker import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears:
    """What all ears of a hub share."""

    engine: Engine
    worker: Worker
    settings: HearSettings

    def open(self, device_id: str, stream: str, offset_ns: int, behind: Callable[[], bool]) -> Ear:
        """An ear for one audio stream of one device; `behind` tells whether more sound waits already."""
        return Ear(
            device_id=device_id,
            stream=stream,
            engine=self.engine,
            worker=self.worker,
            offset_ns=offset_ns,
            settings=self.settings,
            behind=behind,
        )

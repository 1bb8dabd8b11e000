"""The one protocol behind which everything that senses stands."""

from collections.abc import AsyncIterator
from typing import Protocol

from sotto_device.samples import Sample
from sotto_proto.records import MuteState, StreamInfo


class Source(Protocol):
    """A microphone, a recorded day.

    `live`: what is not sensed now is gone, so nothing may make it wait. `timezone`: IANA name of where the wearer is.
    """

    @property
    def live(self) -> bool:
        """Whether this is happening now."""

    @property
    def timezone(self) -> str:
        """IANA name."""

    @property
    def streams(self) -> tuple[StreamInfo, ...]:
        """What it senses."""

    def samples(self) -> AsyncIterator[Sample]:
        """Samples in order of capture time. Raises `SourceError`."""

    async def mute(self, state: MuteState) -> None:
        """Closes the sensors at once, or opens them again."""

    async def close(self) -> None:
        """Stops sensing for good: `samples` ends."""

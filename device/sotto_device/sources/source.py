"""The one protocol behind which everything that senses stands."""

from collections.abc import AsyncIterator
from typing import Protocol

from sotto_device.mute import Shutter
from sotto_device.samples import Sample
from sotto_proto.records import Modality, StreamInfo


class Source(Protocol):
    """A microphone, a recorded day.

    It opens nothing before it has been told to. `live`: what is not sensed now is gone, so nothing may make it wait.
    `timezone`: IANA name of where the wearer is.
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

    @property
    def open(self) -> frozenset[str]:
        """The sensors that are open, or not known to be closed."""

    async def follow(self, shutter: Shutter) -> None:
        """Closes at once the sensors that may not be open, and returns when they are; the others may open."""

    async def close(self) -> None:
        """Stops sensing for good: `samples` ends."""


def sensors_of(source: Source) -> tuple[str, ...]:
    """The names of its sensors (pure)."""
    return tuple(info.stream for info in source.streams if info.modality is not Modality.CONTROL)

"""Small pieces that the tests of the disk spool build with: a hub's key, folders, disks that refuse."""

import errno
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sotto_device.spool.boot import Boot, key_name
from sotto_device.spool.lane import Count, end_of, mark_of
from sotto_device.spool.segment_file import START
from sotto_device.spool.shelf import BootFolder, Shelf
from sotto_proto.records import Frame, Modality, StreamInfo
from sotto_proto.sealing import Opener
from tests.device.sensed import MS, WALL_NS, audio, frame

HUB = X25519PrivateKey.from_private_bytes(bytes(range(32)))
HUB_KEY = HUB.public_key().public_bytes_raw()
STREAMS = (
    StreamInfo(stream="mic", modality=Modality.AUDIO, live=True),
    StreamInfo(stream="camera", modality=Modality.PICTURE, live=True),
    StreamInfo(stream="control", modality=Modality.CONTROL, live=True),
)


class FullDisk:
    """Takes `room` bytes and not one more; the last write may be cut short."""

    def __init__(self, room: int = 1 << 40) -> None:
        self.room = room
        self.syncs = 0
        self.writes = 0

    def write(self, handle: int, data: bytes) -> int:
        self.writes += 1
        if self.room <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = os.write(handle, data[: self.room])
        self.room -= written
        return written

    def sync(self, handle: int) -> None:
        self.syncs += 1


def mic(sequence: int, packets: int = 5) -> Frame:
    """The 100 ms of sound with this number."""
    return frame("mic", sequence, 100 * (sequence - 1), 100, audio(packets))


def mics(first: int, last: int) -> list[Frame]:
    return [mic(sequence) for sequence in range(first, last + 1)]


def boot(boot_id: str = "boot-1", **changes: object) -> Boot:
    """A live boot of this test's beginning."""
    plain = Boot(
        boot_id=boot_id,
        number=0,
        timezone="Europe/Stockholm",
        streams=STREAMS,
        software="test",
        live=True,
        kernel_boot_id="kernel-1",
        wall_minus_monotonic_ns=WALL_NS,
        began_wall_ns=WALL_NS,
        hub_key=key_name(HUB_KEY),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # fields by name


def shelf(folder: Path, *, bound_mib: int = 512, disk: FullDisk | None = None, days: int = 7) -> Shelf:
    return Shelf(folder / "spool", hub_key=HUB_KEY, bound_bytes=bound_mib << 20, days=days, layer=disk)


def counted(folder: BootFolder, frames: Sequence[Frame]) -> None:
    """The tally as it would stand after these frames."""
    newest = {one.stream: one for one in frames}
    folder.tally.note({s: Count(last=mark_of(one), end=end_of(one)) for s, one in newest.items()})


def read_all(folder: BootFolder) -> list[Frame]:
    """All frames on the disk, as they lie there."""
    frames, place = list[Frame](), START
    while folder.disk.has_more(place):
        found, place = folder.disk.read(place)
        frames += found
    return frames


def opened(frames: Sequence[Frame]) -> list[Frame]:
    """The frames as the hub reads them."""
    opener = Opener(HUB)
    return [opener.open(one) for one in frames]


def lost_ms(frames: Sequence[Frame], reason: str) -> float:
    from sotto_proto.records import Gap

    return sum(f.duration_ns for f in frames if isinstance(f.body, Gap) and f.body.reason == reason) / MS

"""What the wearer ordered on a live device and no hub has acknowledged: a small file beside the segments.

Controls overtake, so they stay in memory; this is for the case that memory goes. Each is on the disk before the order
that made it is answered. The file goes when the hub has all of it. Blocking: worker thread only.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from sotto_device.spool.layer import Layer, append_whole
from sotto_device.spool.segment import Header, record, records
from sotto_proto.records import Frame

FILE: Final = "controls"
MOST_BYTES: Final = 1 << 20
"""Some ten thousand orders. More stay in memory alone."""

_CLEAR: Final = Header(segment=bytes(16), key=bytes(32))


class ControlLog:
    """The controls of one boot."""

    def __init__(self, folder: Path, layer: Layer) -> None:
        self._path = folder / FILE
        self._layer = layer
        self._newest = {frame.stream: frame.sequence for frame in self.read()}

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits here."""
        return not self._newest

    def append(self, controls: Sequence[Frame]) -> None:
        """Keeps those that are not here yet. Raises `OSError`."""
        fresh = [frame for frame in controls if frame.sequence > self._newest.get(frame.stream, 0)]
        size = self._path.stat().st_size if self._path.exists() else 0
        if not fresh or size > MOST_BYTES:
            return
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            append_whole(self._layer, handle, b"".join(map(record, fresh)), size, sync=True)
        finally:
            os.close(handle)
        self._newest.update({frame.stream: frame.sequence for frame in fresh})

    def read(self) -> list[Frame]:
        """All that can be read of them."""
        try:
            data = self._path.read_bytes()
        except OSError:
            return []
        return [placed.frame for placed in records(data, _CLEAR)]

    def tidy(self, acked: Mapping[str, int]) -> None:
        """Removes the file when the hub has everything. Raises `OSError`."""
        if self._newest and all(number <= acked.get(stream, 0) for stream, number in self._newest.items()):
            self._path.unlink(missing_ok=True)
            self._newest.clear()

"""How far each stream of a boot has come, in a small file that survives kill -9: what was captured is known even when
what held it is gone.

Rewritten in place through a memory map with every frame, before it goes on the wire: the kernel has it at once, and
keeps it when the process is killed. Two slots take turns, each with a generation and a checksum, so a write that is
torn leaves the one before. It is written out to the disk itself when a segment ends and when the daemon stops; after
a loss of power it may be as old as the kernel's own write-back (30 s), and what it does not know is not counted.

    slot: generation u64, length u32, CRC-32 of all else u32, payload
    payload: flags u8, then for each stream the length of its name u8, its name, eight i64
"""

import mmap
import os
import struct
import threading
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from sotto_device.spool.lane import Count
from sotto_proto.records import CaptureTime, Mark

SLOT_BYTES: Final = 4096
STREAMS: Final = 16
_HEAD: Final = struct.Struct("<QII")
_ROW: Final = struct.Struct("<8q")
_CLEAN: Final = 1


class Tally:
    """The counts of one boot. May be used from two threads. `clean`: the boot has ended with a farewell."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file. Raises `OSError`."""
        self._lock = threading.Lock()
        self._map = _mapped(path)
        self._generation, payload = _newest(self._map[:])
        self.clean, self._counts = unpacked(payload)

    def counts(self) -> dict[str, Count]:
        """How far each stream has come."""
        with self._lock:
            return dict(self._counts)

    def note(self, counts: Mapping[str, Count]) -> None:
        """Takes note of frames and acknowledgements; what was dropped stays as it is."""
        with self._lock:
            for stream, count in counts.items():
                self._counts[stream] = replace(count, dropped=self._counts.get(stream, count).dropped)
            self._write()

    def drop(self, marks: Mapping[str, Mark]) -> None:
        """Takes note that room was made on the disk up to these marks."""
        with self._lock:
            for stream, mark in marks.items():
                count = self._counts.get(stream, Count())
                if mark.sequence > count.dropped.sequence:
                    self._counts[stream] = replace(count, dropped=mark)
            self._write()

    def say(self, *, clean: bool) -> None:
        """Whether the boot has ended with a farewell."""
        with self._lock:
            self.clean = clean
            self._write()

    def sync(self) -> None:
        """Writes it out to the disk. Raises `OSError`."""
        self._map.flush()

    def close(self) -> None:
        """Lets go of the file."""
        self._map.close()

    def _write(self) -> None:
        payload = packed(self._counts, clean=self.clean)
        self._generation += 1
        at = self._generation % 2 * SLOT_BYTES
        slot = _HEAD.pack(self._generation, len(payload), _checksum(self._generation, payload)) + payload
        self._map[at : at + len(slot)] = slot


def packed(counts: Mapping[str, Count], *, clean: bool) -> bytes:
    """The payload of a slot (pure)."""
    rows = [bytes([_CLEAN if clean else 0])]
    for stream, count in sorted(counts.items())[:STREAMS]:
        name = stream.encode()[:64]
        marks = (count.last, count.acked, count.dropped)
        numbers = [number for mark in marks for number in (mark.sequence, mark.captured_ns)]
        rows.append(bytes([len(name)]) + name + _ROW.pack(*numbers, count.end.monotonic_ns, count.end.wall_ns))
    return b"".join(rows)


def unpacked(payload: bytes) -> tuple[bool, dict[str, Count]]:
    """What `packed` packed (pure)."""
    counts: dict[str, Count] = {}
    at = 1
    while at < len(payload):
        length = payload[at]
        name = payload[at + 1 : at + 1 + length].decode(errors="replace")
        numbers = _ROW.unpack_from(payload, at + 1 + length)
        last, acked, dropped = (Mark(sequence=numbers[n], captured_ns=numbers[n + 1]) for n in range(0, 6, 2))
        end = CaptureTime(monotonic_ns=numbers[6], wall_ns=numbers[7])
        counts[name] = Count(last=last, end=end, acked=acked, dropped=dropped)
        at += 1 + length + _ROW.size
    return bool(payload and payload[0] & _CLEAN), counts


def _checksum(generation: int, payload: bytes) -> int:
    return zlib.crc32(payload, zlib.crc32(struct.pack("<QI", generation, len(payload))))


def _newest(data: bytes) -> tuple[int, bytes]:
    """Generation and payload of the newest sound slot; 0 and nothing where there is none."""
    found = (0, b"")
    for at in (0, SLOT_BYTES):
        generation, length, checksum = _HEAD.unpack_from(data, at)
        payload = data[at + _HEAD.size : at + min(SLOT_BYTES, _HEAD.size + length)]
        if len(payload) == length and _checksum(generation, payload) == checksum and generation > found[0]:
            found = (generation, payload)
    return found


def _mapped(path: Path) -> mmap.mmap:
    """The file in memory. Its blocks are written first: a full disk shows here, not when the map is used."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        missing = 2 * SLOT_BYTES - os.fstat(handle).st_size
        if missing > 0:
            os.pwrite(handle, bytes(missing), 2 * SLOT_BYTES - missing)
            os.fsync(handle)
        return mmap.mmap(handle, 2 * SLOT_BYTES)
    finally:
        os.close(handle)

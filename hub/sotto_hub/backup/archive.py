"""The inside of a backup (pure): named parts one after the other, none of them held in memory as a whole.

    part     length of the name u16, name (UTF-8), length of the content u64, content
    end      a part with an empty name and no content; nothing follows

The first part is "about": a JSON object with `format` 1, `sotto` (version), `hub_id` and `made_ns`. Then, in any
order, "vault", "hub.db", "memory.db" and "sotto.toml". Numbers are big-endian.
"""

import json
import struct
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Final, Self

from sotto_hub.backup.sealed import damaged
from sotto_hub.errors import UsageError

FORMAT: Final = 1
ABOUT: Final = "about"
NEEDED: Final = frozenset({"vault", "hub.db", "memory.db"})
PARTS: Final = NEEDED | {"sotto.toml"}
_NAME: Final = struct.Struct(">H")
_SIZE: Final = struct.Struct(">Q")
_LONGEST_ABOUT: Final = 1 << 16

Pieces = Iterable[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a backup is of. `made_ns`: hub time, Unix ns."""

    sotto: str
    hub_id: str
    made_ns: int

    @classmethod
    def read(cls, raw: bytes) -> Self:
        """Raises `UsageError`: `backup_newer` or `backup_damaged`."""
        try:
            told = json.loads(raw)
            if told["format"] != FORMAT:
                raise UsageError("backup_newer", "the backup was written by a newer Sotto: update this one")
            return cls(sotto=str(told["sotto"]), hub_id=str(told["hub_id"]), made_ns=int(told["made_ns"]))
        except (ValueError, KeyError, TypeError) as error:
            raise damaged("in its first part") from error

    def written(self) -> bytes:
        """As it is written."""
        return json.dumps({"format": FORMAT, **asdict(self)}).encode()


def part(name: str, size: int, content: Pieces) -> Iterator[bytes]:
    """One part. `size`: how many bytes the content has."""
    named = name.encode()
    yield _NAME.pack(len(named)) + named + _SIZE.pack(size)
    yield from content


def end() -> bytes:
    """What closes an archive."""
    return _NAME.pack(0) + _SIZE.pack(0)


class Parts:
    """Reads parts out of pieces. Everything it says is checked against `PARTS`: no name leads anywhere else."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = iter(pieces)
        self._held = b""
        self._left = 0

    def about(self) -> About:
        """The first part."""
        name, size = self._next()
        if name != ABOUT or size > _LONGEST_ABOUT:
            raise damaged("in its first part")
        return About.read(b"".join(self.content()))

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Name and size of each part that follows, whose `content` must be read before the next one."""
        seen: set[str] = set()
        while (told := self._next())[0]:
            if told[0] not in PARTS - seen:
                raise damaged(f"part {len(seen) + 1} is not expected")
            seen.add(told[0])
            yield told
        if told[1] or self._held or next(self._pieces, b"") or not seen >= NEEDED:
            raise damaged("at its end")

    def content(self) -> Iterator[bytes]:
        """What is left of the present part."""
        while self._left:
            piece = self._some(self._left)
            self._left -= len(piece)
            yield piece

    def _next(self) -> tuple[str, int]:
        (length,) = _NAME.unpack(self._exactly(_NAME.size))
        name = self._exactly(length).decode("utf-8", "replace")
        (self._left,) = _SIZE.unpack(self._exactly(_SIZE.size))
        return name, self._left

    def _exactly(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            found += self._some(size - len(found))
        return found

    def _some(self, size: int) -> bytes:
        while not self._held:
            self._held = next(self._pieces, b"")
            if not self._held:
                raise damaged("at its end")
        found, self._held = self._held[:size], self._held[size:]
        return found

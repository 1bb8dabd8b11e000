"""The pages of an encrypted database and of its journal, in clear, as bytes: what SQL cannot show is in them too.

SQLCipher 4 with a raw key: pages of 4096 bytes, of which the last 80 hold the initialisation vector (16), the
authentication code (64); the rest is AES-256-CBC under the key. The first page begins with the salt in place of the
text that opens a plain SQLite file (https://www.zetetic.net/sqlcipher/design/). The journal (WAL) holds 32 bytes, and
then pages with 24 bytes before each (https://www.sqlite.org/fileformat2.html#walformat).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sotto_hub.errors import HomeError

PAGE_BYTES: Final = 4096
SALT_BYTES: Final = 16
VECTOR_BYTES: Final = 16
RESERVED_BYTES: Final = 80
JOURNAL_HEAD_BYTES: Final = 32
FRAME_HEAD_BYTES: Final = 24
BETWEEN: Final = b"\0"
"""Pages are no neighbours: no word goes from one to the next."""


def pages(path: Path, key: bytes) -> Iterator[bytes]:
    """Every page of the database at `path`, in clear. Raises `HomeError`, code `verify`, when the key is not its."""
    with path.open("rb") as file:
        first = True
        while len(page := file.read(PAGE_BYTES)) == PAGE_BYTES:
            clear = in_clear(page, key, first=first)
            if first and not _opens(clear):
                raise HomeError(
                    "verify", f"{path.name} could not be searched: its pages do not open with the hub's key"
                )
            first = False
            yield clear + BETWEEN


def journal_pages(path: Path, key: bytes) -> Iterator[bytes]:
    """Every page of the journal at `path`, in clear, those of earlier rounds too; none when there is no journal."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        file.seek(JOURNAL_HEAD_BYTES)
        while page := _frame(file):
            number, content = page
            yield in_clear(content, key, first=number == 1) + BETWEEN


def in_clear(page: bytes, key: bytes, *, first: bool) -> bytes:
    """One page without its reserved bytes; the first one also without its salt."""
    end = PAGE_BYTES - RESERVED_BYTES
    decryptor = Cipher(algorithms.AES(key), modes.CBC(page[end : end + VECTOR_BYTES])).decryptor()
    return decryptor.update(page[SALT_BYTES if first else 0 : end])


def _frame(file: BinaryIO) -> tuple[int, bytes] | None:
    """The next page of a journal and its number in the database."""
    head, content = file.read(FRAME_HEAD_BYTES), file.read(PAGE_BYTES)
    return (int.from_bytes(head[:4], "big"), content) if len(content) == PAGE_BYTES else None


def _opens(first: bytes) -> bool:
    """Whether the first page is one: it says its own size and how much of it is reserved."""
    return int.from_bytes(first[:2], "big") == PAGE_BYTES and first[4] == RESERVED_BYTES

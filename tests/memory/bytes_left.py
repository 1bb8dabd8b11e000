"""What is left of a word in the files of a memory: every byte of every file is looked at, sealed ones page by page.

SQLCipher 4 with a raw key: pages of 4096 bytes, of which the last 80 hold the initialisation vector (16) and the
authentication code (64); the rest is AES-256-CBC under the key. The first page begins with the salt. The journal
holds 32 bytes, and then pages with 24 bytes before each.
"""

from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE_BYTES, SALT_BYTES, IV_BYTES, RESERVED_BYTES = 4_096, 16, 16, 80


def page_in_clear(page: bytes, key: bytes, *, first: bool) -> bytes:
    end = PAGE_BYTES - RESERVED_BYTES
    decryptor = Cipher(algorithms.AES(key), modes.CBC(page[end : end + IV_BYTES])).decryptor()
    return decryptor.update(page[SALT_BYTES if first else 0 : end])


def in_clear(file: Path, key: bytes | None) -> bytes:
    held = file.read_bytes()
    if key is None or file.name.endswith("-shm"):
        return held
    header, frame = (32, 24) if file.name.endswith("-wal") else (0, 0)
    places = range(header + frame, len(held), PAGE_BYTES + frame)
    salt = file.with_name("memory.db").read_bytes()[:SALT_BYTES]
    pages = [held[place : place + PAGE_BYTES] for place in places]
    return b"".join(page_in_clear(page, key, first=page.startswith(salt)) for page in pages)


def held_in(path: Path, key: bytes | None) -> bytes:
    """Every byte of every file in the folder of this memory, in clear."""
    return b"".join(in_clear(file, key) for file in sorted(path.parent.iterdir()))


def leaks(path: Path, key: bytes | None, canaries: Iterable[str]) -> list[str]:
    """The canaries of which any byte of any file still tells, even without their first two letters.

    An index may store a word without the letters that it shares with the one before it.
    """
    held = held_in(path, key).lower()
    codings = ("utf-8", "utf-16-le", "utf-16-be")
    return [word for word in canaries if any(word[2:].encode(coding) in held for coding in codings)]

"""The outside of a backup: what was sealed comes back whole, in order, or not at all."""

import io
from base64 import b64decode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.backup.sealed import CHUNK, HEADER, TAG, Seal, opened, sealed
from sotto_hub.errors import UsageError
from sotto_hub.keys.passphrase import Costs, Passphrase

HORSE = Passphrase(text="correct horse")
SMALL = Costs(salt=b"s" * 16, n=1 << 4)


def written(plain: bytes, piece: int = 70_000) -> bytes:
    pieces = [plain[at : at + piece] for at in range(0, len(plain), piece)]
    return b"".join(sealed(Seal.fresh(HORSE, SMALL), pieces))


def read(raw: bytes, passphrase: Passphrase = HORSE) -> bytes:
    return b"".join(opened(io.BytesIO(raw), passphrase))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5])
def test_what_was_sealed_comes_back(size: int) -> None:
    plain = bytes(i % 251 for i in range(size))
    raw = written(plain)
    assert read(raw) == plain
    assert len(raw) == HEADER + size + TAG * max(1, -(-size // CHUNK))
    assert size < 100 or plain[:100] not in raw


def test_the_form_stays_what_it_is() -> None:
    """Written by the first version: it must open for ever."""
    golden = b64decode(
        "U09UVE9CQUsAAQQIAXNzc3Nzc3Nzc3Nzc3Nzc3Prz/EuoZlnCeAAUuLCiZI9i8/MMCpEVCTVHbE5heuxkcFoM4+177GpAxcSnF4="
    )
    assert golden.startswith(b"SOTTOBAK\x00\x01\x04\x08\x01" + b"s" * 16)
    assert read(golden) == b"what was kept"
    assert written(b"what was kept") == golden


def test_a_wrong_passphrase_is_told_from_damage() -> None:
    with pytest.raises(UsageError, match="does not open this backup") as refused:
        read(written(b"kept"), Passphrase(text="battery staple"))
    assert refused.value.code == "backup_passphrase"


@pytest.mark.parametrize("raw", [b"", b"SOTTO", b"SOTTOBAK" + b"\x00" * 36, b"PK\x03\x04" + bytes(100)])
def test_other_files_are_no_backups(raw: bytes) -> None:
    with pytest.raises(UsageError) as refused:
        read(raw)
    assert refused.value.code in ("backup_foreign", "backup_damaged")


def test_a_newer_backup_is_said_to_be_newer() -> None:
    raw = bytearray(written(b"kept"))
    raw[9] = 2
    with pytest.raises(UsageError, match="newer Sotto"):
        read(bytes(raw))


@pytest.mark.parametrize("power", [0, 21, 63, 255])
def test_costs_that_would_exhaust_a_machine_are_refused(power: int) -> None:
    raw = bytearray(written(b"kept"))
    raw[10] = power
    with pytest.raises(UsageError, match="header"):
        read(bytes(raw))


def boxes(raw: bytes) -> list[bytes]:
    return [raw[at : at + CHUNK + TAG] for at in range(HEADER, len(raw), CHUNK + TAG)]


WHOLE = written(b"k" * (3 * CHUNK + 9))
HEAD, BOXES = WHOLE[:HEADER], boxes(WHOLE)


@pytest.mark.parametrize(
    "order",
    [(0, 1, 2), (0, 1), (0, 1, 3), (0, 2, 1, 3), (1, 0, 2, 3), (0, 1, 1, 2, 3), (0, 1, 2, 3, 3), (3,), (0,)],
)
def test_chunks_that_were_left_out_moved_or_doubled_are_noticed(order: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match="damaged or not whole"):
        read(HEAD + b"".join(BOXES[i] for i in order))


def test_chunks_of_another_backup_do_not_fit() -> None:
    other = b"".join(sealed(Seal.fresh(HORSE, Costs(salt=b"t" * 16, n=1 << 4)), [b"k" * (2 * CHUNK)]))
    with pytest.raises(UsageError, match="damaged or not whole"):
        read(HEAD + BOXES[0] + boxes(other)[1])


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 2_000))
def test_a_file_cut_anywhere_is_refused(cut: int) -> None:
    raw = written(bytes(2_000 - HEADER - TAG))
    assert len(raw) == 2_000
    if cut == len(raw):
        return
    with pytest.raises(UsageError):
        read(raw[:cut])


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, 499), bit=st.integers(0, 7))
def test_a_file_with_one_bit_flipped_is_refused(at: int, bit: int) -> None:
    raw = bytearray(written(bytes(500 - HEADER - TAG)))
    raw[at] ^= 1 << bit
    with pytest.raises(UsageError):
        read(bytes(raw))


@settings(max_examples=30, deadline=None)
@given(more=st.binary(min_size=1, max_size=64))
def test_a_file_with_something_behind_it_is_refused(more: bytes) -> None:
    with pytest.raises(UsageError, match="damaged or not whole"):
        read(written(b"kept") + more)

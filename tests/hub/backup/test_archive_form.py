"""The inside of a backup: named parts, read piece by piece; names lead nowhere else."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.backup.archive import ABOUT, NEEDED, About, Parts, end, part
from sotto_hub.errors import UsageError

OF = About(sotto="0.2", hub_id="HUB", made_ns=7)
GOOD = {"vault": b"v", "hub.db": b"h" * 300, "memory.db": b""}


def archive(parts: dict[str, bytes], about: bytes | None = None) -> bytes:
    told = OF.written() if about is None else about
    whole = [*part(ABOUT, len(told), [told])]
    for name, content in parts.items():
        whole += part(name, len(content), [content])
    return b"".join([*whole, end()])


def read(raw: bytes, piece: int = 1 << 20) -> dict[str, bytes]:
    parts = Parts(raw[at : at + piece] for at in range(0, len(raw), piece))
    assert parts.about() == OF
    return {name: b"".join(parts.content()) for name, _ in parts}


@settings(max_examples=40, deadline=None)
@given(piece=st.integers(1, 400), hub=st.binary(max_size=300), toml=st.none() | st.binary(max_size=40))
def test_parts_come_back_however_the_pieces_fall(piece: int, hub: bytes, toml: bytes | None) -> None:
    parts = {**GOOD, "hub.db": hub, **({} if toml is None else {"sotto.toml": toml})}
    assert read(archive(parts), piece) == parts


@pytest.mark.parametrize("name", ["../hub.db", "/etc/passwd", "keys/vault", "hub.db\x00", "HUB.DB", "a" * 60_000])
def test_no_name_leads_anywhere_else(name: str) -> None:
    with pytest.raises(UsageError, match="not expected"):
        read(archive({**GOOD, name: b"x"}))


def test_a_part_comes_once() -> None:
    doubled = archive(GOOD).removesuffix(end()) + b"".join(part("vault", 1, [b"w"])) + end()
    with pytest.raises(UsageError, match="part 4 is not expected"):
        read(doubled)


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_all_that_is_needed_is_there(name: str) -> None:
    with pytest.raises(UsageError, match="at its end"):
        read(archive({n: c for n, c in GOOD.items() if n != name}))


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        (b"", "first part"),
        (b"[]", "first part"),
        (b'{"format": 1}', "first part"),
        (b'{"format": 2, "sotto": "9", "hub_id": "x", "made_ns": 1}', "newer Sotto"),
        (b" " * 70_000, "first part"),
    ],
)
def test_what_it_is_of_is_checked(about: bytes, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read(archive(GOOD, about))


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 500))
def test_a_cut_archive_is_refused(cut: int) -> None:
    raw = archive(GOOD)
    if cut < len(raw):
        with pytest.raises(UsageError):
            read(raw[:cut])


@settings(max_examples=60, deadline=None)
@given(raw=st.binary(max_size=200))
def test_garbage_is_refused(raw: bytes) -> None:
    with pytest.raises(UsageError):
        _read_any(Parts([raw]))


def _read_any(parts: Parts) -> Iterable[str]:
    parts.about()
    return [name for name, _ in parts if b"".join(parts.content()) is not None]

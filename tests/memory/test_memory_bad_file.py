"""A file, a folder or a disk that cannot be used: one sentence with a stable code, and nothing is changed."""

import hashlib
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sotto_memory import (
    Kind,
    Memory,
    MemoryRecord,
    MemoryStoreError,
    SottoMemoryError,
    new_memory,
)
from sotto_memory.database import open_database
from tests.memory.bytes_left import leaks

NOW_NS = 1_800_000_000 * 10**9
KEY = bytes(range(32))
YEAR_NS = 365 * 86_400 * 10**9
SECRET = "xylophone"


def made(text: str = f"The {SECRET} is blue", **fields: Any) -> MemoryRecord:
    return replace(new_memory(kind=Kind.FACT, text=text, now_ns=NOW_NS, id="kept"), **fields)


Call = Callable[[Memory], object]


def fill(path: Path, key: bytes | None, count: int = 3) -> None:
    with Memory.open(path, key=key) as memory:
        for n in range(count):
            memory.add(made(f"The {SECRET} number {n} is blue", id=f"m{n}"))


def seen(path: Path) -> dict[str, tuple[int, str]]:
    """Rights and content of every file in the folder, and of the folder itself."""
    return {
        file.name: (
            stat.S_IMODE(file.stat().st_mode),
            hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "",
        )
        for file in (path.parent, *sorted(path.parent.iterdir()))
    }


def of_another_program(path: Path) -> None:
    from sqlcipher3 import dbapi2

    path.unlink()
    connection = dbapi2.connect(str(path))
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.execute("INSERT INTO bookmarks VALUES ('https://example.org')")
    connection.commit()
    connection.close()
    path.chmod(0o644)


def no_database(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 64)
    path.chmod(0o664)


def written_by_a_newer_version(path: Path) -> None:
    db = open_database(path, None)
    db.table("_sqlite_migrations").insert({"migration_set": "sotto_memory", "name": "0999_dreams", "applied_at": ""})
    db.close()
    path.chmod(0o640)


def untouched(path: Path) -> None:
    path.chmod(0o600)


FILES: list[tuple[Callable[[Path], None], bytes | None, bytes | str | None, str]] = [
    (of_another_program, None, None, "store_foreign"),
    (of_another_program, None, KEY, "store_plain"),
    (no_database, None, None, "store_key"),
    (no_database, None, KEY, "store_key"),
    (written_by_a_newer_version, None, None, "store_newer"),
    (untouched, KEY, bytes(32), "store_key"),
    (untouched, KEY, None, "store_key"),
    (untouched, None, KEY, "store_plain"),
    (untouched, KEY, b"short", "key_length"),
    (untouched, KEY, "x" * 32, "key_type"),
]


@pytest.mark.parametrize(("spoil", "key", "tried", "code"), FILES, ids=lambda one: getattr(one, "__name__", str(one)))
def test_a_file_that_is_refused_is_left_as_it_is(
    path: Path, spoil: Callable[[Path], None], key: bytes | None, tried: Any, code: str
) -> None:
    fill(path, key)
    spoil(path)
    before = seen(path)
    with pytest.raises(SottoMemoryError) as refusal:
        Memory.open(path, key=tried)
    assert (refusal.value.code, refusal.value.sentence[-1]) == (code, ".")
    assert seen(path) == before


def everything(memory: Memory) -> None:
    """Reads and writes whatever can be read and written."""
    memory.list(include_past=True)
    memory.search("number blue", now_ns=NOW_NS, include_past=True)
    memory.about_person(SECRET)
    list(memory.export_lines())
    memory.add(made("The boat is green", id="new"))
    memory.use("m1", NOW_NS)
    memory.rest(NOW_NS + YEAR_NS)
    memory.erase(["m2"])
    memory.index_holds()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=64))
def test_damage_anywhere_is_said_without_a_word_of_what_is_kept(
    tmp_path: Path, key: bytes | None, where: float, noise: bytes
) -> None:
    sound = tmp_path / "sound" / "memory.db"
    if not sound.exists():
        fill(sound, key, 12)
    held = bytearray(sound.read_bytes())
    place = int(where * len(held))
    held[place : place + len(noise)] = noise
    path = tmp_path / "damaged.db"
    for left in tmp_path.glob("damaged.db*"):
        left.unlink()
    path.write_bytes(held)
    problem = trouble_with(path, key)
    assert problem is None or problem.code in {"store_damaged", "store_failed", "unknown_memory", *REFUSED_AT_OPENING}
    assert SECRET not in f"{problem} {problem and problem.__cause__}"


REFUSED_AT_OPENING = {"store_key", "store_plain", "store_newer", "store_foreign", "store_disk", "store_folder"}
"""What a file may seem to be whose first page was damaged."""


def trouble_with(path: Path, key: bytes | None) -> SottoMemoryError | None:
    """What is said when everything is done with this file."""
    try:
        with Memory.open(path, key=key) as memory:
            everything(memory)
    except SottoMemoryError as problem:
        return problem
    return None


DAMAGE = {
    "text": b"\xff\xfe" + SECRET.encode(),
    "kind": SECRET.encode(),
    "details": b'{"a": ' + SECRET.encode(),
    "history": f'[["{SECRET}", 1, 2]]'.encode(),
    "evidence": b"[5]",
    "extra": b"[[[",
}


@pytest.mark.parametrize("column", DAMAGE)
def test_a_damaged_row_is_one_sentence_that_quotes_nothing(memory: Memory, column: str) -> None:
    memory.add(made("nothing", id="m1"))
    db = memory._store.db
    db.execute("DROP TRIGGER memories_rest_anew")
    db.execute(f"UPDATE memories SET {column} = CAST(? AS TEXT)", [DAMAGE[column]])
    calls: list[Call] = [lambda m: m.list(), lambda m: m.get("m1"), lambda m: list(m.each())]
    for call in calls:
        with pytest.raises(MemoryStoreError) as refusal:
            call(memory)
        assert refusal.value.code == "store_damaged"
        assert SECRET not in str(refusal.value)
        assert refusal.value.__cause__ is None


@pytest.mark.parametrize("first", ["list", "add", "search"])
def test_what_is_damaged_stays_damaged_for_every_later_call(path: Path, first: str) -> None:
    """SQLCipher answers every call after a page that its key does not open with "out of memory"."""
    fill(path, KEY, 300)
    held = bytearray(path.read_bytes())
    for place in range(len(held) // 2, len(held), 100):
        held[place] ^= 255
    path.write_bytes(held)
    calls: dict[str, Call] = {
        "list": lambda m: m.list(),
        "add": lambda m: m.add(made("The boat is green", id="new")),
        "search": lambda m: m.search("number blue", now_ns=NOW_NS),
        "use": lambda m: m.use("m1", NOW_NS),
        "count": lambda m: m.count(),
        "erase": lambda m: m.erase(["m2"]),
        "rest": lambda m: m.rest(NOW_NS),
        "export": lambda m: list(m.export_lines()),
    }
    with Memory.open(path, key=KEY) as memory:
        with suppress(MemoryStoreError):  # it may not touch a damaged page yet
            calls[first](memory)
        with pytest.raises(MemoryStoreError, match="store_damaged"):
            memory.list()
        for call in calls.values():
            with pytest.raises(MemoryStoreError, match=r"damaged.* \[store_damaged\]"):
                call(memory)


LORE = "lorem ipsum dolor " * 500
WRITES: dict[str, Call] = {
    "add": lambda m: m.add(made(LORE, id="new")),
    "put": lambda m: m.put(made(LORE, id="m1")),
    "import": lambda m: m.import_lines(list(m.export_lines())[:1] + [line_of(LORE, n) for n in range(3)]),
    "vectors": lambda m: m.keep_vectors("e", {f"m{n}": np.ones(4_000, np.float32) for n in range(3)}),
}


def line_of(text: str, number: int) -> str:
    import json

    whole = {"kind": "fact", "text": text, "recorded_ns": 1, "last_use_ns": 1, "stability_days": 2, "difficulty": 5}
    return json.dumps(whole | {"id": f"imported {number}"})


@pytest.mark.parametrize("name", WRITES)
def test_a_full_disk_is_said_and_nothing_is_half_written(path: Path, name: str) -> None:
    fill(path, None)
    with Memory.open(path, key=None) as memory:
        before = list(memory.export_lines())
        db = memory._store.db
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
        with pytest.raises(MemoryStoreError, match="store_full"):
            WRITES[name](memory)
        assert list(memory.export_lines()) == before
        assert memory.index_holds()
        db.execute("PRAGMA max_page_count = 1000000")
        WRITES[name](memory)
        assert memory.index_holds()


FULL = """
import resource, signal, sys
from pathlib import Path
from sotto_memory import Memory, SottoMemoryError
path, most = Path(sys.argv[1]), int(sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

def tell(call):
    try:
        print(call(), end=" ")
    except SottoMemoryError as problem:
        print(problem.code, end=" ")

def opened():
    with Memory.open(path, key=bytes(range(32))) as memory:
        return memory.count()

with Memory.open(path, key=bytes(range(32))) as memory:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    tell(lambda: memory.erase(["m1"]))
    tell(lambda: memory.search("walk 7", now_ns=0)[0].record.id)
    tell(lambda: memory.rest(0).archived)
tell(opened)
"""
"""A program whose files may not grow beyond `most` bytes: to SQLite, a disk that fails to write."""


@pytest.mark.parametrize(
    ("most", "told"),
    [(0, "store_disk m7 0 store_disk"), (250_000, "erase_waiting m7 0 399"), (10**9, "('m1',) m7 0 399")],
    ids=["no room at all", "room to erase, not to scrub", "room enough"],
)
def test_an_erasure_on_a_full_disk_is_whole_or_none_and_is_finished_later(path: Path, most: int, told: str) -> None:
    with Memory.open(path, key=KEY) as memory, memory._store.writing():
        for n in range(400):
            text = "a walk to quixotwzk" if n == 1 else f"An ordinary walk {n}, {'lorem ipsum ' * 40}"
            memory._store.insert(made(text, id=f"m{n}"))
    command = [sys.executable, "-c", FULL, str(path), str(most)]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == told
    with Memory.open(path, key=KEY) as memory:
        assert memory.count() == 400 - (told != "store_disk m7 0 store_disk")
        assert memory.index_holds()
        memory.erase(["m1"])
        assert leaks(path, KEY, ["quixotwzk"]) == []


READ_ONLY = """
import os, stat, sys
from pathlib import Path
from sotto_memory import Kind, Memory, SottoMemoryError, new_memory
import numpy, sqlcipher3, sqlite_utils, ulid  # before the rights to read them are given away
with Memory.open(Path("warm.db"), key=None) as memory:
    memory.search("anything", now_ns=0)
os.unlink("warm.db")
folder, rights = os.getcwd(), int(sys.argv[1], 8)
if os.geteuid() == 0:  # root may write anywhere
    for name in (".", *os.listdir(".")):
        os.chown(name, 65534, 65534)
os.chmod(".", rights)
if os.geteuid() == 0:
    os.setuid(65534)
try:
    with Memory.open(Path(sys.argv[2]), key=None) as memory:
        memory.add(new_memory(kind=Kind.FACT, text="something", now_ns=0))
    print("kept")
except SottoMemoryError as problem:
    print(problem.code)
"""


@pytest.mark.parametrize(
    ("rights", "name", "told"),
    [("0500", "memory.db", "store_folder"), ("0500", "new.db", "store_folder"), ("0700", "memory.db", "kept")],
)
def test_a_read_only_folder_is_one_sentence(rights: str, name: str, told: str) -> None:
    with TemporaryDirectory() as folder:  # not below pytest's own, which others may not enter
        path = Path(folder) / "memory.db"
        fill(path, None)
        before = path.read_bytes()
        command = [sys.executable, "-c", READ_ONLY, rights, name]
        said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
        assert said.stdout.strip() == told
        assert (path.read_bytes() == before) is (told != "kept")
        assert not path.with_name("new.db").exists()
        path.parent.chmod(0o700)

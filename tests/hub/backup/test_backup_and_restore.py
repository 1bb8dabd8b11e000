"""A restored hub is the same hub: peers, marks, words and memories; or nothing at all is made."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest

from sotto_device.spool.bridge import HUB_RESTORED, led
from sotto_hub.backup.making import Backups
from sotto_hub.backup.making import Home as BackedUp
from sotto_hub.backup.restoring import restore
from sotto_hub.backup.sealed import CHUNK, HEADER, TAG
from sotto_hub.backup.snapshot import Snapshot
from sotto_hub.errors import HubError, UsageError
from sotto_hub.home import prepare_home
from sotto_hub.keys.asking import Asking
from sotto_memory import Kind, MemoryRecord
from sotto_proto.credentials import Credentials
from sotto_proto.pairing import PeerRole, secure_channel
from sotto_proto.records import Mark
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1.companion_pb2_grpc import CompanionStub
from tests.hub.running_hub import NOON_NS, RunningHub, running_hub
from tests.hub.scripted_device import MS, SECOND, START_NS, Day, connected

WORDS = "correct horse"
FACT = MemoryRecord(
    id="m1",
    kind=Kind.FACT,
    text="a fact",
    recorded_ns=NOON_NS,
    stability_days=1.0,
    difficulty=5.0,
    last_use_ns=NOON_NS,
)
ASKING = Asking(told=WORDS)
SCRIPT = [(START_NS + SECOND, START_NS + 2 * SECOND, "keep these words")]


def as_file(_: Path) -> str:
    return "file"


async def backed_up(hub: RunningHub, path: Path, words: str = WORDS) -> Path:
    async with secure_channel(hub.keeper) as channel:
        with path.open("wb") as file:
            async for chunk in CompanionStub(channel).Backup(pb.BackupRequest(passphrase=words)):
                assert len(chunk.data) <= CHUNK + TAG
                file.write(chunk.data)
    return path


def moved(device: Credentials, address: str) -> Credentials:
    return Credentials(**{name: getattr(device, name) for name in device.__slots__} | {"address": address})


async def spoken_to(hub: RunningHub, device: Credentials) -> int:
    """Speaks for a while; gives how many frames the hub has committed."""
    frames = [*(day := Day()).gap(900), *day.speech(1_200), *day.gap(1_000), *day.gap(1_900)]
    async with connected(device) as line:
        await line.send(frames)
        await line.acked("mic", len(frames))
    return len(frames)


async def test_the_restored_hub_is_the_same_hub(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as hub:
        device = hub.credentials(PeerRole.DEVICE)
        mark = await spoken_to(hub, device)
        said = [u.text for u in hub.hub.stores.transcript.utterances()]
        assert said == ["keep these words"]
        hub.hub.stores.memory.add(FACT)
        (tmp_path / "home" / "sotto.toml").write_text('language = "en"\n')
        backup = await backed_up(hub, tmp_path / "backup")
        assert not list((tmp_path / "home" / "tmp").iterdir())
        hub_id, ledger = hub.authority.hub_id, hub.hub.ledger()
    about = restore(backup, tmp_path / "again", ASKING, as_file)
    assert (about.hub_id, about.made_ns) == (hub_id, NOON_NS)
    prepare_home(tmp_path / "again")
    async with running_hub(tmp_path / "again", SCRIPT) as hub:
        assert hub.authority.hub_id == hub_id
        assert [u.text for u in hub.hub.stores.transcript.utterances()] == said
        assert [m.text for m in hub.hub.stores.memory.list()] == ["a fact"]
        assert hub.hub.ledger() == ledger
        async with connected(moved(device, hub.address)) as line:
            assert line.welcome["mic"] == mark
    assert (tmp_path / "again" / "sotto.toml").read_text() == 'language = "en"\n'
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "again").rglob("*") if path.is_file()}
    assert modes == {0o600}


async def test_a_device_that_is_ahead_of_the_restored_hub_goes_on(tmp_path: Path) -> None:
    """What the hub had heard after the backup is gone and accounted for; what comes next is heard."""
    day = Day()
    first, second = day.gap(900), [*day.gap(1_000), *day.gap(1_500)]
    async with running_hub(tmp_path / "home") as hub:
        device = hub.credentials(PeerRole.DEVICE)
        async with connected(device) as line:
            await line.send(first)
            await line.acked("mic", 1)
            backup = await backed_up(hub, tmp_path / "backup")
            await line.send(second)
            await line.acked("mic", 3)
    restore(backup, tmp_path / "again", ASKING, as_file)
    (following,) = day.gap(700)
    async with running_hub(tmp_path / "again") as hub, connected(moved(device, hub.address)) as line:
        behind = Mark(sequence=line.welcome["mic"], captured_ns=900 * MS)
        acknowledged = Mark(sequence=3, captured_ns=3_400 * MS)
        bridged = led(following, behind, acknowledged, Mark())
        assert [(f.first_sequence, f.sequence) for f in bridged] == [(2, 3), (4, 4)]
        await line.send(bridged)
        await line.acked("mic", 4)
        (row,) = hub.hub.ledger()
    assert (row.lost_ns, row.silent_ns, row.unaccounted_ns) == ({HUB_RESTORED: 2_500 * MS}, 1_600 * MS, 0)


async def test_nothing_lies_in_clear_in_a_backup(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as hub:
        await spoken_to(hub, hub.credentials(PeerRole.DEVICE))
        raw = (await backed_up(hub, tmp_path / "backup")).read_bytes()
        parts = hub.authority.parts
    for clear in (b"keep these", b"SQLite", b"hub.db", b"BEGIN", hub.authority.hub_id.encode(), *parts.values()):
        assert clear not in raw


@asynccontextmanager
async def small_backup(tmp_path: Path) -> AsyncIterator[Path]:
    async with running_hub(tmp_path / "home") as hub:
        yield await backed_up(hub, tmp_path / "backup")


def flipped(raw: bytes) -> bytes:
    return raw[:-100] + bytes([raw[-100] ^ 1]) + raw[-99:]


SPOILT: list[tuple[Callable[[bytes], bytes], str]] = [
    (lambda raw: raw[: len(raw) // 2], "backup_damaged"),
    (lambda raw: raw[:HEADER], "backup_damaged"),
    (lambda raw: raw[:20], "backup_foreign"),
    (lambda raw: raw + b"x", "backup_damaged"),
    (flipped, "backup_damaged"),
]


async def test_a_spoilt_backup_leaves_nothing(tmp_path: Path) -> None:
    async with small_backup(tmp_path) as backup:
        raw = backup.read_bytes()
    for spoil, code in SPOILT:
        backup.write_bytes(spoil(raw))
        with pytest.raises(UsageError) as refused:
            restore(backup, tmp_path / "again", ASKING, as_file)
        assert refused.value.code == code
        assert {path.name for path in tmp_path.iterdir()} == {"home", "backup"}


async def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    async with small_backup(tmp_path) as backup:
        pass
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "mine").touch()
    with pytest.raises(HubError, match="not empty"):
        restore(backup, tmp_path / "again", ASKING, as_file)
    with pytest.raises(HubError, match="cannot be read"):
        restore(tmp_path / "none", tmp_path / "other", ASKING, as_file)
    with pytest.raises(HubError, match="does not open this backup"):
        restore(backup, tmp_path / "other", Asking(told="battery staple"), as_file)
    assert {path.name for path in tmp_path.iterdir()} == {"home", "backup", "again"}
    (tmp_path / "again" / "mine").unlink()
    restore(backup, tmp_path / "again", ASKING, as_file)
    assert (tmp_path / "again" / "keys" / "master.key").exists()


async def test_a_restored_hub_may_be_locked_with_the_backups_passphrase(tmp_path: Path) -> None:
    async with small_backup(tmp_path) as backup:
        pass
    restore(backup, tmp_path / "again", ASKING, lambda _: "passphrase")
    assert {path.name for path in (tmp_path / "again" / "keys").iterdir()} == {"vault"}


async def test_only_one_at_a_time_and_no_short_passphrase(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as hub, secure_channel(hub.keeper) as channel:
        with pytest.raises(grpc.aio.AioRpcError, match="at least 8"):
            await anext(aiter(CompanionStub(channel).Backup(pb.BackupRequest(passphrase="short"))))
        backups = made(hub)
        first = backups.pieces(WORDS)
        await anext(first)
        with pytest.raises(UsageError, match="already"):
            await anext(backups.pieces(WORDS))
        await first.aclose()
        assert [piece async for piece in backups.pieces(WORDS)]


def made(hub: RunningHub) -> Backups:
    backups = Backups(BackedUp(folder=hub.home, authority=hub.authority, version="0", clock=hub.hub.clock))
    hub.hub.before_erasing.append(backups.give_up)
    return backups


async def test_a_backup_ends_when_something_is_taken_back(tmp_path: Path) -> None:
    """What was taken back is in no backup that is finished after it."""
    async with running_hub(tmp_path / "home", SCRIPT) as hub:
        await spoken_to(hub, hub.credentials(PeerRole.DEVICE))
        pieces = made(hub).pieces(WORDS)
        await anext(pieces)
        copies = list((tmp_path / "home" / "tmp").glob("backup-*/*.db"))
        hub.hub.off_the_record(3600 * SECOND)
        assert len(copies) == 2
        assert not any(copy.exists() for copy in copies), "the reader has gone to sleep: the copies go at once"
        with pytest.raises(UsageError, match="taken back meanwhile"):
            await anext(pieces)
        assert not list((tmp_path / "home" / "tmp").iterdir())


async def test_a_pinned_copy_lets_go_before_an_erasure(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as hub:
        await spoken_to(hub, hub.credentials(PeerRole.DEVICE))
        (tmp_path / "drafts").mkdir()
        snapshot = Snapshot([hub.home / "hub.db"], hub.authority.database_key, tmp_path / "drafts")
        hub.hub.before_erasing.append(snapshot.give_up)
        snapshot.pin()
        copying = asyncio.create_task(asyncio.to_thread(snapshot.copy))
        await asyncio.sleep(0)
        hub.hub.off_the_record(3600 * SECOND)
        await asyncio.wait([copying])
        assert copying.exception() is None or isinstance(copying.exception(), UsageError)
        with pytest.raises(UsageError, match="taken back meanwhile"):
            snapshot.check()
        db = hub.hub.stores.notes._db
        assert db.execute("pragma wal_checkpoint(truncate)").fetchone()[0] == 0


async def test_copies_are_of_one_instant(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as hub:
        (tmp_path / "drafts").mkdir()
        notes = hub.hub.stores.notes
        notes.put("when", "before")
        snapshot = Snapshot([hub.home / "hub.db"], hub.authority.database_key, tmp_path / "drafts")
        snapshot.pin()
        notes.put("when", "after")
        (copy,) = await asyncio.to_thread(snapshot.copy)
        connection = snapshot._connect(copy)
        assert connection.execute("select value from notes where name = 'when'").fetchone() == ("before",)
        connection.close()
        assert notes.get("when") == "after"

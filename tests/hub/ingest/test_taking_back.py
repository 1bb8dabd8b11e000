"""Off the record (P4): from the device, from a client, and for what arrives late. And mute, near and far (P3)."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from sotto_hub.records import Utterance
from sotto_memory import Kind, new_memory
from sotto_proto.pairing import PeerRole
from sotto_proto.records import Frame, MuteState, OffTheRecord
from tests.hub.running_hub import RunningHub, running_hub
from tests.hub.scripted_device import MS, SECOND, START_NS, Day, connected, hello

SCRIPT = [(START_NS + SECOND, START_NS + 2 * SECOND, "quokka canary sings")]


def spoken_day(day: Day) -> list[Frame]:
    return [*day.gap(900), *day.speech(1_200), *day.gap(1_000), *day.gap(1_000)]


def plain_bytes(home: Path, key: bytes) -> Iterator[tuple[str, bytes]]:
    """Every file of a home as it is on disk, and both databases decrypted as well."""
    for path in home.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()
    for name in ("hub.db", "memory.db"):
        connection = sqlcipher.connect(str(home / name))
        connection.execute(f"pragma key = \"x'{key.hex()}'\"")
        plain = home / f"{name}.plain"
        connection.execute(f"attach database '{plain}' as plain key ''")
        connection.execute("select sqlcipher_export('plain')")
        connection.execute("detach database plain")
        connection.close()
        yield plain.name, plain.read_bytes()
        plain.unlink()


def remember(running: RunningHub, said: Utterance) -> str:
    memory = new_memory(kind=Kind.FACT, text=said.text, now_ns=said.end_ns, evidence=(said.id,))
    return running.hub.stores.memory.add(memory).id


async def test_no_byte_is_left_of_what_the_wearer_takes_back_on_the_device(tmp_path: Path) -> None:
    home, day = tmp_path / "home", Day()
    async with running_hub(home, SCRIPT) as running:
        async with connected(running.credentials()) as line:
            await line.send(spoken_day(day))
            await line.acked("mic", day.sequences["mic"])
            (said,) = running.hub.stores.transcript.utterances()
            memory_id = remember(running, said)
            with running.hub.bus.watch() as watcher:
                await line.send([day.frame("control", OffTheRecord(last_ns=60 * SECOND))])
                await line.acked("control", 1)
                erased = await watcher.next()
        assert erased.utterance_ids == (said.id,)  # type: ignore[union-attr]  # Erased is what was published
        assert erased.memory_ids == (memory_id,)  # type: ignore[union-attr]  # same
        assert running.hub.stores.transcript.count() == running.hub.stores.memory.count() == 0
        key = running.authority.database_key
    for name, content in plain_bytes(home, key):
        assert b"quokka" not in content, name
        assert b"canary" not in content, name


async def test_what_arrives_of_it_later_is_lost_off_the_record(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        day = Day()
        running.hub.withhold(START_NS, START_NS + 5 * SECOND)
        async with connected(running.credentials()) as line:
            await line.send(spoken_day(day))
            await line.acked("mic", day.sequences["mic"])
        assert running.hub.stores.transcript.count() == 0
        (row,) = running.hub.ledger()
        assert dict(row.lost_ns) == {"off_the_record": 1_200 * MS}
        assert row.unaccounted_ns == 0


async def test_words_being_said_are_taken_back_too(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        day = Day()
        async with connected(running.credentials()) as line:
            await line.send([*day.gap(900), *day.speech(1_200)])
            await line.send([day.frame("control", OffTheRecord(last_ns=10 * SECOND))])
            await line.send(day.gap(1_000))
            await line.acked("mic", day.sequences["mic"])
        assert running.hub.stores.transcript.count() == 0
        assert all(row.unaccounted_ns == 0 for row in running.hub.ledger())


async def test_a_client_takes_back_and_connected_devices_are_told(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        day = Day()
        async with connected(running.credentials()) as line:
            await line.send(spoken_day(day))
            await line.acked("mic", day.sequences["mic"])
            erased = running.hub.off_the_record(60 * SECOND)
            assert len(erased.utterance_ids) == 1
            assert (erased.from_ns, erased.to_ns) == (day.now_ns - 60 * SECOND, day.now_ns)
            (command,) = await line.commanded()
            assert command.off_the_record.last_ns == 60 * SECOND


async def test_mute_reaches_a_connected_device_and_is_confirmed(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        credentials, day = running.credentials(), Day()
        async with connected(credentials) as line:
            muting = asyncio.create_task(running.hub.mute(True, 0))
            (command,) = await line.commanded()
            assert command.mute.muted
            await line.send([day.frame("control", MuteState(muted=True))])
            reach = await muting
        assert (reach.reached, reach.out_of_reach) == ((credentials.peer_id,), ())
        (device,) = running.hub.status().devices
        assert device.muted


async def test_a_device_that_does_not_confirm_is_out_of_reach(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        running.hub.fleet.reach_s = 0.05
        credentials = running.credentials()
        async with connected(credentials):
            reach = await running.hub.mute(True, 0)
        assert reach.out_of_reach == (credentials.peer_id,)


async def test_mute_reaches_a_device_that_was_away_even_after_a_restart(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        away = running.credentials()
        running.credentials(PeerRole.CLIENT)
        assert (await running.hub.mute(True, 0)).out_of_reach == (away.peer_id,)
        async with connected(away) as line:
            (command,) = await line.commanded()
            assert command.mute.muted
            await line.send([Day().frame("control", MuteState(muted=True))])
            await line.acked("control", 1)
        async with connected(away) as line:
            await line.send([Day().frame("mic", Day().gap(100)[0].body, 100 * MS)])
            await line.acked("mic", 1)
            assert line.commands == []


async def test_a_mute_that_ran_out_is_not_given(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        away, day = running.credentials(), Day(now_ns=START_NS)
        await running.hub.mute(True, SECOND)
        other = running.credentials()
        async with connected(other) as line:
            await line.send([*day.gap(5_000), *day.gap(5_000)])
            await line.acked("mic", 2)
        async with connected(away) as line:
            await line.send(Day().gap(100))
            await line.acked("mic", 1)
            assert line.commands == []


async def test_unmuting_waits_for_what_the_wearer_did_meanwhile(tmp_path: Path) -> None:
    """The device was muted by hand after the client asked to unmute it: the hand wins."""
    async with running_hub(tmp_path / "home") as running:
        away, later = running.credentials(), Day(now_ns=START_NS + 60 * SECOND)
        await running.hub.mute(False, 0)
        async with connected(away, hello(muted=True)) as line:
            await line.send([later.frame("control", MuteState(muted=True)), *later.gap(100)])
            await line.acked("mic", 1)
            assert line.commands == []
        (device,) = running.hub.status().devices
        assert device.muted


async def test_unmuting_reaches_a_device_that_was_away(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        away, day = running.credentials(), Day()
        await running.hub.mute(False, 0)
        async with connected(away, hello(muted=True)) as line:
            await line.send(day.gap(100))
            (command,) = await line.commanded()
            assert not command.mute.muted

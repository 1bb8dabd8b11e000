"""Commands that change something: mute, forget, memory erase, export and import."""

import asyncio
import json
import os
import stat
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

import grpc
import pytest

from sotto_proto.v1 import companion_pb2 as pb
from tests.surfaces.cli.command_line import Sotto
from tests.surfaces.scripted_companion import ScriptedCompanion

MINUTE = 60_000_000_000


async def test_mute_says_who_has_heard_it(hub: ScriptedCompanion, keeper: Sotto) -> None:
    hub.status.devices.append(pb.DeviceStatus(device_id="d1", name="pendant"))
    hub.control = pb.ControlReply(reached=["d1"], out_of_reach=["d2"])
    done = await keeper("mute", "--for", "10m")
    assert done.out == "pendant: muted for 10 min\nd2: away, will hear of it when it returns\n"
    request = hub.requests(pb.MuteRequest)[0]
    assert (request.muted, request.for_ns) == (True, 10 * MINUTE)


async def test_mute_lasts_until_it_is_taken_off(hub: ScriptedCompanion, keeper: Sotto) -> None:
    hub.control = pb.ControlReply(reached=["d1"])
    assert (await keeper("mute")).out == "d1: muted until `sotto mute off`\n"
    assert (await keeper("mute", "off")).out == "d1: listening\n"
    assert [request.muted for request in hub.requests(pb.MuteRequest)] == [True, False]
    assert (await keeper("mute", "off", "--for", "5m")).status == 2


async def test_single_sensors_are_closed_and_opened(hub: ScriptedCompanion, keeper: Sotto) -> None:
    hub.control = pb.ControlReply(reached=["d1"])
    closed = await keeper("mute", "--sensor", "camera", "--sensor", "Microphone")
    off = "sotto mute off --sensor camera --sensor mic"
    assert closed.out == f"d1: camera and microphone closed until `{off}`\n"
    assert (await keeper("mute", "--sensor", "eyes", "--for", "5m")).out == "d1: eye tracker closed for 5 min\n"
    assert (await keeper("mute", "off", "--sensor", "camera")).out == "d1: camera open\n"
    asked = [(r.muted, list(r.streams)) for r in hub.requests(pb.MuteRequest)]
    assert asked == [(True, ["camera", "mic"]), (True, ["eyes"]), (False, ["camera"])]
    unknown = await keeper("mute", "--sensor", "nose")
    assert (unknown.status, "invalid choice: 'nose'" in unknown.err) == (2, True)


def erased(utterances: int, **search: Any) -> pb.EraseReply:
    return pb.EraseReply(utterances=utterances, search=pb.Search(**search))


async def test_forget_proves_it(hub: ScriptedCompanion, keeper: Sotto) -> None:
    hub.erased = pb.EraseReply(utterances=3)
    hub.search = pb.Search(files=45, bytes=12_340_000, phrases=7)
    forget = ("forget", "--last", "5m", "--yes", "--verify")
    proved = await keeper(*forget)
    assert proved.status == 0
    assert proved.out.splitlines()[1] == "searched 45 files, 12.3 MB, for 7 phrases: none left"
    assert hub.requests(pb.OffTheRecordRequest)[0].verify
    hub.search.found_in.append("/home/x/hub.db")
    left = await keeper(*forget)
    assert left.status == 1
    assert left.out.endswith("still found in 1 file\n  /home/x/hub.db\n")
    hub.search = None
    unproved = await keeper(*forget)
    assert (unproved.status, "not searched" in unproved.out) == (1, True)
    hub.search = pb.Search(files=45, bytes=9)
    assert json.loads((await keeper(*forget, "--json")).out)["search"]["files"] == 45


@pytest.mark.parametrize(
    ("reply", "status", "says"),
    [
        (erased(0), 0, "nothing went, so there was nothing to look for"),
        (erased(1), 1, "not proved, for what went has no words long enough to look for"),
        (erased(1, still_said=4), 1, "not proved, for all words that went are still said by what is kept"),
        (erased(1, phrases=2, still_said=1), 0, "for 2 phrases: none left; 1 other not counted"),
        (erased(1, found_in=["memory.db (index)"]), 1, "for 0 phrases: still found in 1 file"),
    ],
)
async def test_what_could_not_be_looked_for_is_not_proved(
    hub: ScriptedCompanion, keeper: Sotto, reply: pb.EraseReply, status: int, says: str
) -> None:
    hub.erased, hub.search = reply, reply.search
    done = await keeper("forget", "--last", "5m", "--yes", "--verify")
    assert (done.status, says in done.out) == (status, True), done.out


async def test_a_memory_is_erased(hub: ScriptedCompanion, keeper: Sotto) -> None:
    hub.memories.append(pb.Memory(id="m1", text="the rent"))
    hub.search = pb.Search(files=3, bytes=900, phrases=1)
    assert (await keeper("memory", "erase", "m1")).err.endswith("say --yes [confirm]\n")
    done = await keeper("memory", "erase", "m1", "--yes", "--verify")
    assert done.out == (
        "erased: 0 utterances, 1 memory, 0 suggestions\nsearched 3 files, 900 B, for 1 phrase: none left\n"
    )
    assert hub.requests(pb.EraseMemoryRequest)[0].verify
    assert "no such memory" in (await keeper("memory", "erase", "m1", "--yes")).err


async def test_forget_wants_a_yes(hub: ScriptedCompanion, keeper: Sotto) -> None:
    hub.erased = pb.EraseReply(utterances=3, memories=1)
    unasked = await keeper("forget", "--last", "10m")
    assert unasked.status == 2
    assert unasked.err.endswith("say --yes [confirm]\n")
    assert not hub.requests(pb.OffTheRecordRequest)
    done = await keeper("forget", "--last", "1h30m", "--yes")
    assert done.out == "taken back: 3 utterances, 1 memory, 0 suggestions\n"
    assert hub.requests(pb.OffTheRecordRequest)[0].last_ns == 90 * MINUTE


async def test_a_span_that_is_none(keeper: Sotto) -> None:
    done = await keeper("forget", "--last", "soon", "--yes")
    assert done.status == 2
    assert done.err == "sotto: 'soon' is not a length of time: write it like 90s, 10m, 2h or 1h30m [duration]\n"


async def test_export_is_private_and_replaces_nothing(hub: ScriptedCompanion, keeper: Sotto, tmp_path: Path) -> None:
    hub.memories.append(pb.Memory(id="m1", text="the rent"))
    out = tmp_path / "memories.jsonl"
    assert (await keeper("memory", "export", "--out", str(out))).status == 0
    assert json.loads(out.read_text()) == {"id": "m1", "text": "the rent"}
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    again = await keeper("memory", "export", "--out", str(out))
    assert again.status == 2
    assert "choose a new file" in again.err


async def test_import_reads_a_file_or_a_pipe(hub: ScriptedCompanion, keeper: Sotto, tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text('{"a": 1}\n\n{"b": 2}\n')
    assert (await keeper("memory", "import", str(file))).out == "2 added, 0 were known already\n"
    assert (await keeper("memory", "import", "-", typed='{"c": 3}\n')).out == "1 added, 0 were known already\n"
    assert [line.json for line in hub.requests(pb.ImportLine)] == ['{"a": 1}', '{"b": 2}', '{"c": 3}']


async def test_import_says_what_is_wrong(hub: ScriptedCompanion, keeper: Sotto, tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    assert "cannot be read: No such file" in (await keeper("memory", "import", str(file))).err
    file.write_bytes(b"\xff\xfe\x00")
    assert "is not UTF-8 text" in (await keeper("memory", "import", str(file))).err
    file.write_text("garbage\n")
    hub.fail["ImportMemories"] = (grpc.StatusCode.INVALID_ARGUMENT, "line 1 is not JSON")
    done = await keeper("memory", "import", str(file))
    assert (done.status, done.err) == (2, "sotto: line 1 is not JSON [invalid_argument]\n")


@pytest.mark.parametrize(("typed", "asked", "status"), [(b"y\n", 1, 0), (b"\n", 0, 1)])
async def test_forget_asks_a_person(
    hub: ScriptedCompanion, tmp_path: Path, typed: bytes, asked: int, status: int
) -> None:
    hub.save_client(tmp_path / "home")
    terminal, theirs = os.openpty()
    command = ("-m", "sotto_hub.surfaces.cli.main", "forget", "--last", "10m", "--home", str(tmp_path / "home"))
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdin=theirs, stdout=PIPE)
    os.close(theirs)
    os.write(terminal, typed)
    out, _ = await asyncio.wait_for(process.communicate(), 30)
    os.close(terminal)
    assert process.returncode == status
    assert out.startswith(b"Erase everything of the last 10 min, for good? [y/N] ")
    assert len(hub.requests(pb.OffTheRecordRequest)) == asked

"""Commands that read: status, ledger, ask, memory list and search, doctor."""

import json

import grpc

from sotto_proto.v1 import companion_pb2 as pb
from tests.surfaces.cli.command_line import Sotto
from tests.surfaces.scripted_companion import ScriptedCompanion

SECOND = 1_000_000_000
MORNING = 1_773_039_608 * SECOND  # 2026-03-09 08:00:08 in Stockholm


def lived(hub: ScriptedCompanion) -> None:
    device = pb.DeviceStatus(device_id="d1", name="pendant", connected=True, muted=True)
    hub.status.devices.append(device)
    rung = pb.Rung(ability="hear", rung="pocketsphinx", better="faster-whisper", climb="sotto models pull small")
    hub.status.rungs.append(rung)
    hub.status.watermark_ns = MORNING
    hub.status.utterances = 1
    due = {"due": "2026-03-10T19:00:00+01:00", "status": "open"}
    hub.memories.append(pb.Memory(id="m1", kind="commitment", text="dinner with Tom's sister", details=due))
    hub.memories.append(pb.Memory(id="m2", kind="fact", text="old", superseded_ns=5))
    row = pb.LedgerRow(device_id="d1", boot_id="b1", stream="mic", captured_ns=10 * SECOND, committed_ns=4 * SECOND)
    row.silent_ns = 5 * SECOND
    row.lost_ns["buffer_full"] = SECOND
    hub.rows.append(row)


async def test_status_tells_devices_and_how_to_climb(hub: ScriptedCompanion, keeper: Sotto) -> None:
    lived(hub)
    done = await keeper("status")
    assert done.status == 0
    assert "pendant: connected, muted" in done.out
    assert "pocketsphinx; better: faster-whisper, with `sotto models pull small`" in done.out
    assert "until Mon 2026-03-09 08:00:08" in done.out
    assert "1 utterance, 0 memories, 0 suggestions" in done.out


async def test_status_for_programs(hub: ScriptedCompanion, keeper: Sotto) -> None:
    lived(hub)
    status = json.loads((await keeper("status", "--json")).out)
    assert status["devices"][0]["muted"] is True
    assert status["watermark_ns"] == MORNING


async def test_status_tells_what_is_closed_owed_and_doubtful(hub: ScriptedCompanion, keeper: Sotto) -> None:
    assert "device     none is paired: `sotto pair` shows a code for one" in (await keeper("status")).out
    one = pb.DeviceStatus(name="pendant", connected=True, closed=["camera", "eyes"], owed_ns=4800 * SECOND)
    one.clock_error_ns = 90 * SECOND
    hub.status.devices.append(one)
    hub.status.devices.append(pb.DeviceStatus(name="laptop", waiting_frames=1, owed_ns=9, clock_error_ns=9))
    done = await keeper("status")
    assert "pendant: connected, camera and eye tracker closed, 1 h 20 min still to come, its clock may" in done.out
    assert "off by 1 min 30 s" in done.out
    assert "laptop: away, 1 frame waits\n" in done.out


async def test_a_balanced_ledger(hub: ScriptedCompanion, keeper: Sotto) -> None:
    lived(hub)
    done = await keeper("status", "--ledger")
    assert (done.status, done.out.splitlines()) == (
        0,
        [
            "pendant, boot b1",
            "  microphone  10.000 s captured = 4.000 committed + 5.000 silent + 1.000 lost"
            " (no room in the device's memory): balanced",
            "The ledger balances: every captured millisecond is accounted for.",
        ],
    )


async def test_a_ledger_that_does_not_balance_fails(hub: ScriptedCompanion, keeper: Sotto) -> None:
    lived(hub)
    hub.rows[0].silent_ns -= 2_000_000
    data = await keeper("status", "--ledger", "--json")
    assert data.status == 1
    assert (json.loads(data.out)[0]["unaccounted_ns"], json.loads(data.out)[0]["balanced"]) == (2_000_000, False)
    done = await keeper("status", "--ledger")
    assert done.status == 1
    assert "NOT BALANCED, 0.002 s missing\nThe ledger does NOT balance: 1 of 1 line does not add up.\n" in done.out


async def test_ask_streams_the_answer_and_says_why(hub: ScriptedCompanion, keeper: Sotto) -> None:
    hub.status.timezone = "Europe/Stockholm"
    because = pb.Citation(id="u1", at_ns=MORNING, text="my sister is coming for dinner tomorrow at seven")
    hub.answers["when is dinner"] = (
        pb.AskReply(text="Tomorrow "),
        pb.AskReply(text="at seven."),
        pb.AskReply(done=True, citations=[because]),
    )
    plain = await keeper("ask", "when", "is", "dinner")
    assert plain.out == f"Tomorrow at seven.\n  Mon 2026-03-09 08:00:08  {because.text}\n"
    data = json.loads((await keeper("ask", "--json", "when is dinner")).out)
    assert data["text"] == "Tomorrow at seven."
    assert data["citations"][0]["id"] == "u1"
    assert not data["abstained"]


async def test_an_abstention_is_an_answer(hub: ScriptedCompanion, keeper: Sotto) -> None:
    done = await keeper("ask", "what did tom buy", "--json")
    assert (done.status, json.loads(done.out)["abstained"]) == (0, True)


async def test_memories_are_listed_and_found(hub: ScriptedCompanion, keeper: Sotto) -> None:
    lived(hub)
    listed = await keeper("memory", "list")
    assert listed.out == "m1  commitment: dinner with Tom's sister (due Tue 2026-03-10 19:00)\n"
    past = await keeper("memory", "list", "--past", "--kind", "fact")
    assert past.out == "m2  fact: old (no longer true)\n"
    found = await keeper("memory", "search", "tom's", "sister")
    assert found.out.endswith("[the words match]\n")
    data = json.loads((await keeper("memory", "search", "dinner", "--json")).out)
    assert data[0]["why"] == "the words match"
    assert (await keeper("memory", "search", "unheard")).out == "nothing is kept that fits\n"


async def test_the_doctor_knows_the_hubs_rungs(hub: ScriptedCompanion, keeper: Sotto) -> None:
    lived(hub)
    done = await keeper("doctor", "--json")
    findings = {row["about"]: row for row in json.loads(done.out)}
    assert findings["hub"]["health"] == "ok"
    assert findings["hear"]["climb"] == "sotto models pull small"


async def test_the_doctor_works_without_a_hub(sotto: Sotto) -> None:
    done = await sotto("doctor")
    assert done.status == 0
    assert "note    hub         no hub is known here" in done.out
    assert "recogniser" in done.out


async def test_the_doctor_finds_what_is_broken(hub: ScriptedCompanion, keeper: Sotto) -> None:
    hub.fail["Status"] = (grpc.StatusCode.UNAUTHENTICATED, "this client was removed")
    done = await keeper("doctor")
    assert done.status == 1
    assert "broken  hub         this client was removed" in done.out

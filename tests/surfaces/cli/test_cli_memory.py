"""`sotto memory show`, `correct`, `inbox`, `prune`, `erase` by selection, and questions about other times."""

import json
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.cli import memory_erase
from sotto_proto.v1 import companion_pb2 as pb
from tests.surfaces.cli.at_a_terminal import at_a_terminal
from tests.surfaces.cli.command_line import Sotto
from tests.surfaces.scripted_companion import ScriptedCompanion

SECOND = 1_000_000_000
HOUR = 3600 * SECOND
MORNING = 1_773_039_608 * SECOND  # 2026-03-09 08:00:08 in Stockholm
MIDNIGHT = MORNING - 8 * HOUR - 8 * SECOND
NEXT_DAY = MIDNIGHT + 24 * HOUR

TEA = pb.Memory(id="m1", kind="fact", text="Anna likes tea", source="other", recorded_ns=MORNING, confidence=0.9)
GUESS = pb.Memory(id="m2", kind="fact", text="he likes it", recorded_ns=MORNING, doubt="unclear_subject")
FADED = pb.Memory(id="m3", kind="episode", text="rain at the bus stop", recorded_ns=MORNING - HOUR, archived=True)


def lived(hub: ScriptedCompanion) -> None:
    for memory in (TEA, GUESS, FADED):
        hub.memories.append(pb.Memory.FromString(memory.SerializeToString()))
    hub.shown["m1"] = pb.ShownMemory(
        memory=pb.Memory(
            id="m1", kind="fact", text=TEA.text, source="other", recorded_ns=MORNING, confidence=0.9, uses=3
        ),
        why=["Its strength is 89% now.", "If it is never used again, it belongs in the archive from 2030-08-01 on."],
        plot=["100% |*", "  0% |", "     +--"],
        curve=[pb.CurvePoint(at_ns=MORNING, strength=1.0)],
        uses=[pb.MemoryUse(at_ns=MORNING + HOUR, use="shown"), pb.MemoryUse(at_ns=MORNING + 2 * HOUR, use="hummed")],
        evidence=[pb.Citation(id="u1", at_ns=MORNING, text="anna likes tea you know"), pb.Citation(id="u2")],
        resting=[pb.Memory(id="m9", kind="insight", text="Anna drinks a lot")],
    )


SHOWN = """\
fact: Anna likes tea
  m1, kept 2026-03-09 08:00:08, said by somebody else, confidence 90%
why it is kept
  Its strength is 89% now.
  If it is never used again, it belongs in the archive from 2030-08-01 on.
how it fades
  100% |*
    0% |
       +--
uses
  1 earlier use
  2026-03-09 09:00:08  shown to you
  2026-03-09 10:00:08  hummed
what it rests on
  2026-03-09 08:00:08  “anna likes tea you know”
  u2: its words are no longer kept here
what rests on it
  m9  insight: Anna drinks a lot
"""


async def test_a_memory_is_laid_open(hub: ScriptedCompanion, keeper: Sotto) -> None:
    lived(hub)
    assert (await keeper("memory", "show", "m1")).out == SHOWN
    assert hub.requests(pb.ShowMemoryRequest)[0].columns == 78
    data = json.loads((await keeper("memory", "show", "m1", "--json")).out)
    assert (data["memory"]["id"], data["curve"][0]["strength"], data["uses"][0]["use"]) == ("m1", 1.0, "shown")
    assert "no such memory" in (await keeper("memory", "show", "m7")).err


@pytest.mark.parametrize(("columns", "asked"), [(10, 40), (60, 58), (400, 98)])
async def test_it_is_as_wide_as_the_terminal(
    hub: ScriptedCompanion, tmp_path: Path, columns: int, asked: int
) -> None:
    lived(hub)
    hub.save_client(tmp_path / "home")
    done = await at_a_terminal(tmp_path / "home", "memory", "show", "m1", typed="", columns=columns)
    assert done.status == 0
    assert hub.requests(pb.ShowMemoryRequest)[0].columns == asked
    assert max(map(len, done.out.splitlines()[3:5])) <= max(columns, 42)


async def test_a_memory_is_corrected_in_ones_own_words(hub: ScriptedCompanion, keeper: Sotto) -> None:
    lived(hub)
    assert (await keeper("memory", "correct", "m1", "Anna", "likes", "coffee")).out == "m1  fact: Anna likes coffee\n"
    assert json.loads((await keeper("memory", "correct", "m1", "no tea", "--json")).out)["text"] == "no tea"
    asked = [(r.text, r.HasField("pinned")) for r in hub.requests(pb.EditMemoryRequest)]
    assert asked == [("Anna likes coffee", False), ("no tea", False)]
    assert (await keeper("memory", "correct", "m1")).status == 2


async def test_the_inbox_is_listed_and_answered(hub: ScriptedCompanion, keeper: Sotto) -> None:
    lived(hub)
    assert (await keeper("memory", "inbox")).out == "m2  fact: he likes it (in doubt: unclear_subject)\n"
    assert json.loads((await keeper("memory", "inbox", "--json")).out)[0]["doubt"] == "unclear_subject"
    assert (await keeper("memory", "inbox", "accept")).err.endswith("sotto memory inbox accept ID [inbox]\n")
    assert (await keeper("memory", "inbox", "accept", "m2")).out == "kept: fact: he likes it\n"
    assert (await keeper("memory", "inbox")).out == "nothing waits for review\n"
    assert (await keeper("memory", "inbox", "reject", "m2")).err.endswith("say --yes [confirm]\n")
    rejected = await keeper("memory", "inbox", "reject", "m2", "--yes")
    assert rejected.out == "erased: 0 utterances, 1 memory, 0 suggestions\n"
    assert [r.keep for r in hub.requests(pb.AnswerInboxRequest)] == [True, False]
    assert "no such memory" in (await keeper("memory", "inbox", "accept", "m2")).err


async def test_pruning_says_what_goes_and_what_is_left(hub: ScriptedCompanion, keeper: Sotto) -> None:
    hub.pruned = pb.PruneMemoriesReply(memories=[FADED], left=3)
    line = "m3  episode: rain at the bus stop (archived)\n"
    looked = await keeper("memory", "prune", "--dry-run", "--cap", "1")
    assert looked.out == f"{line}1 memory would go to the bin\n3 more have faded as far\n"
    hub.pruned = pb.PruneMemoriesReply(memories=[FADED])
    assert (await keeper("memory", "prune")).out == f"{line}1 memory went to the bin\n"
    assert (await keeper("memory", "prune", "--undo")).out == f"{line}1 memory came back from the bin\n"
    assert json.loads((await keeper("memory", "prune", "--json")).out)["memories"][0]["id"] == "m3"
    asked = [(r.dry_run, r.cap, r.undo) for r in hub.requests(pb.PruneMemoriesRequest)]
    assert asked == [(True, 1, False), (False, 0, False), (False, 0, True), (False, 0, False)]
    assert (await keeper("memory", "prune", "--undo", "--dry-run")).status == 2
    assert (await keeper("memory", "prune", "--verify")).err.endswith("[verify]\n")


async def test_the_bin_is_emptied_when_it_is_asked_for(hub: ScriptedCompanion, keeper: Sotto) -> None:
    lived(hub)
    hub.memories[2].binned_ns = MORNING
    hub.search = pb.Search(files=3, bytes=900, phrases=1)
    assert (await keeper("memory", "prune", "--empty")).err.endswith("say --yes [confirm]\n")
    done = await keeper("memory", "prune", "--empty", "--yes", "--verify")
    assert done.out.splitlines()[0] == "erased: 0 utterances, 1 memory, 0 suggestions"
    assert done.out.splitlines()[1].endswith("none left")
    assert [m.id for m in hub.memories] == ["m1", "m2"]
    assert hub.requests(pb.EraseMemoryRequest)[0].selection.bin


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (("m1",), ["m2", "m3"]),
        (("--person", "Anna"), ["m2", "m3"]),
        (("--query", "bus stop"), ["m1", "m2"]),
        (("--from", "2026-03-09T08:00:00", "--to", "2026-03-09"), ["m3"]),
        (("--from", "2026-03-09", "--to", "2026-03-09T07:30:00+01:00"), ["m1", "m2"]),
    ],
)
async def test_a_selection_is_erased(
    hub: ScriptedCompanion, keeper: Sotto, options: tuple[str, ...], left: list[str]
) -> None:
    lived(hub)
    done = await keeper("memory", "erase", *options, "--yes")
    assert done.status == 0
    assert [memory.id for memory in hub.memories] == left
    assert not hub.requests(pb.MemorySelection)


@pytest.mark.parametrize(("typed", "status", "left"), [("y\n", 0, 2), ("\n", 1, 3)])
async def test_a_person_sees_what_goes_before_it_goes(
    hub: ScriptedCompanion, tmp_path: Path, typed: str, status: int, left: int
) -> None:
    lived(hub)
    hub.save_client(tmp_path / "home")
    done = await at_a_terminal(tmp_path / "home", "memory", "erase", "--person", "anna", typed=typed)
    shown = "m1  fact: Anna likes tea\n1 memory would go\nErase all of this, for good? [y/N] "
    assert (done.status, done.out.startswith(shown), len(hub.memories)) == (status, True, left)


async def test_what_was_heard_is_shown_before_it_goes(hub: ScriptedCompanion, tmp_path: Path) -> None:
    lived(hub)
    hub.utterances += [pb.Utterance(id=f"u{n}", start_ns=MORNING, text=f"anna said so {n}") for n in range(7)]
    hub.save_client(tmp_path / "home")
    done = await at_a_terminal(tmp_path / "home", "memory", "erase", "--person", "anna", typed="n\n")
    lines = done.out.splitlines()
    assert lines[0] == "m1  fact: Anna likes tea"
    assert (lines[1][:17], lines[1][-16:]) == ("heard 2026-03-09 ", "“anna said so 0”")
    assert lines[6:8] == ["and 2 utterances more", "1 memory and 7 utterances would go"]


async def test_nothing_to_erase_is_nothing_to_ask_about(hub: ScriptedCompanion, tmp_path: Path) -> None:
    hub.save_client(tmp_path / "home")
    done = await at_a_terminal(tmp_path / "home", "memory", "erase", "--query", "moon", typed="y\n")
    assert (done.status, done.out) == (1, "nothing is kept that fits\nnothing was erased\n")


async def test_many_are_counted_rather_than_named(hub: ScriptedCompanion, tmp_path: Path) -> None:
    hub.memories += [pb.Memory(id=f"n{n:02d}", kind="fact", text="rain again") for n in range(25)]
    hub.save_client(tmp_path / "home")
    done = await at_a_terminal(tmp_path / "home", "memory", "erase", "--query", "rain", typed="n\n")
    lines = done.out.splitlines()
    assert (lines[19][:3], lines[20], lines[21]) == ("n19", "and 5 more", "25 memories would go")


@pytest.mark.parametrize(
    "given",
    [{}, {"id": "m1", "person": "Anna"}, {"query": "x", "since": "a", "until": "b"}, {"since": "a"}, {"until": "b"}],
)
def test_what_is_to_go_is_said_one_way(given: dict[str, str]) -> None:
    nothing = dict.fromkeys(("id", "person", "query", "since", "until"))
    with pytest.raises(UsageError, match=r"selection|span"):
        memory_erase._require_one(Namespace(**nothing | given))


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        ("2026-03-10", "2026-03-09", "span"),
        ("yesterday", "2026-03-09", "time"),
        ("2026-02-30", "2026-03-09", "time"),
        ("2026-03-09", "9999-12-31", "time"),
    ],
)
def test_a_span_must_be_one(since: str, until: str, code: str) -> None:
    with pytest.raises(UsageError, match=code):
        memory_erase._span(since, until, UTC)


async def test_nothing_goes_when_it_is_not_plain_what(hub: ScriptedCompanion, keeper: Sotto) -> None:
    done = await keeper("memory", "erase", "--from", "2026-03-10", "--to", "2026-03-09", "--yes")
    assert (done.status, done.err.endswith("[span]\n")) == (2, True)
    assert not hub.requests(pb.EraseMemoryRequest)


async def test_a_search_may_ask_for_another_time(hub: ScriptedCompanion, keeper: Sotto) -> None:
    lived(hub)
    await keeper("memory", "search", "tea", "--as-of", "2026-03-09", "--known-at", "2026-03-09T08:00:08")
    await keeper("memory", "search", "tea")
    asked = [(r.as_of_ns, r.known_at_ns) for r in hub.requests(pb.SearchMemoriesRequest)]
    assert asked == [(NEXT_DAY - 1, MORNING), (0, 0)]
    assert datetime.fromisoformat("2026-03-10T00:00:00+01:00").timestamp() * SECOND == NEXT_DAY
    wrong = await keeper("memory", "search", "tea", "--as-of", "in March")
    assert wrong.err.startswith("sotto: 'in March' is no day like 2026-03-09, and no time like")

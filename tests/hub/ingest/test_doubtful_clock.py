"""A boot that had to be placed by guess: what may be off the record is, and what it takes back is its own (P4)."""

from dataclasses import replace
from pathlib import Path

import pytest

from sotto_hub.ingest.doubt import WIDEST_NS, Doubt
from sotto_proto.records import Hello, OffTheRecord
from tests.hub.running_hub import RunningHub, running_hub
from tests.hub.scripted_device import MS, SECOND, START_NS, Day, connected, hello

HOUR = 3_600 * SECOND
WORDS = "quokka canary sings"


def placed(offset_ns: int, error_ns: int, boot: str = "old") -> Hello:
    return replace(hello(boot), late=True, clock_offset_ns=offset_ns, clock_error_ns=error_ns)


def script(*starts_ns: int) -> list[tuple[int, int, str]]:
    return [(at_ns + SECOND, at_ns + 2 * SECOND, WORDS) for at_ns in starts_ns]


async def speak(running: RunningHub, greeting: Hello, *, forget_ns: int = 0) -> None:
    """A second of words, and then perhaps the order to take back the last so many nanoseconds."""
    day = Day()
    frames = [*day.gap(900), *day.speech(1_200), *day.gap(1_000)]
    async with connected(running.credentials(), greeting) as line:
        await line.send(frames)
        await line.acked("mic", frames[-1].sequence)
        if forget_ns:
            await line.send([day.frame("control", OffTheRecord(last_ns=forget_ns))])
            await line.acked("control", 1)


def stored(running: RunningHub) -> list[tuple[int, str]]:
    return [(said.start_ns, said.text) for said in running.hub.stores.transcript.utterances()]


@pytest.mark.parametrize(("error_ns", "kept"), [(0, 1), (SECOND, 1), (HOUR, 1), (3 * HOUR, 0)])
async def test_what_may_lie_in_a_span_taken_back_is_lost(tmp_path: Path, error_ns: int, kept: int) -> None:
    """Placed two hours too early, and the span was taken back meanwhile."""
    async with running_hub(tmp_path / "home", script(START_NS - 2 * HOUR)) as running:
        running.hub.withhold(START_NS, START_NS + 60 * SECOND)
        await speak(running, placed(-2 * HOUR, error_ns))
        assert len(stored(running)) == kept
        (row,) = running.hub.ledger()
        assert row.unaccounted_ns == 0
        assert (row.lost_ns.get("off_the_record", 0) > 0) == (not kept)


async def test_what_is_held_in_memory_and_may_be_of_the_span_goes_too(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", script(START_NS - 2 * HOUR)) as running:
        day = Day()
        async with connected(running.credentials(), placed(-2 * HOUR, 3 * HOUR)) as line:
            await line.send([*day.gap(900), *day.speech(800)])
            await line.acked("mic", 1)
            running.hub.withhold(START_NS, START_NS + 60 * SECOND)
            await line.send([*day.speech(400), *day.gap(1_000)])
            await line.acked("mic", day.sequences["mic"])
        assert stored(running) == []


@pytest.mark.parametrize(("error_ns", "others"), [(30 * SECOND, 0), (3 * HOUR, 1)])
async def test_an_order_at_a_guessed_time_takes_nothing_of_others(tmp_path: Path, error_ns: int, others: int) -> None:
    async with running_hub(tmp_path / "home", script(START_NS)) as running:
        await speak(running, hello("theirs"))
        await speak(running, placed(0, error_ns), forget_ns=60 * SECOND)
        assert len(stored(running)) == others
        assert running.hub.stores.transcript.is_withheld(START_NS, START_NS + SECOND) == (not others)
        lost = {
            row.boot_id: row.lost_ns.get("off_the_record", 0) for row in running.hub.ledger() if row.stream == "mic"
        }
        assert lost["old"] > 0
        assert (lost["theirs"] > 0) == (not others)


async def test_after_such_an_order_nothing_of_its_span_is_taken_in(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", script(START_NS)) as running:
        day = Day()
        order = day.frame("control", OffTheRecord(last_ns=60 * SECOND), at_ns=START_NS + 30 * SECOND)
        frames = [*day.gap(900), *day.speech(1_200), *day.gap(1_000)]
        async with connected(running.credentials(), placed(0, 3 * HOUR)) as line:
            await line.send([order, *frames])
            await line.acked("mic", frames[-1].sequence)
        assert stored(running) == []


def test_doubt_is_bounded_and_clocks_that_agree_have_none() -> None:
    assert Doubt(40 * MS).widened(5, 7) == (5, 7)
    assert Doubt(2 * SECOND).widened(5, 7) == (5 - 2 * SECOND, 7 + 2 * SECOND)
    assert Doubt(400 * WIDEST_NS).margin_ns == WIDEST_NS

"""Off the record by a spoken phrase (P4): in event time, whoever says it, same at any speed; nothing else (P7)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from sotto_hub.language.english.control import SpokenControl
from sotto_hub.records import LedgerRow
from sotto_proto.records import Frame
from tests.hub.running_hub import RunningHub, running_hub
from tests.hub.scripted_device import SECOND, START_NS, Day, connected

PHRASE = SpokenControl(phrase="off the record", minutes=1)
LINES = (
    (10, "we met at the harbour"),
    (50, "quokka is the password"),
    (70, "and the vault is below"),
    (80, "okay off the record please"),
    (90, "shall we have lunch"),
)
"""Seconds and words; the third minute is taken back from 0:21 to 1:21."""


def script(lines: Sequence[tuple[int, str]]) -> list[tuple[int, int, str]]:
    return [(START_NS + at * SECOND, START_NS + (at + 1) * SECOND, text) for at, text in lines]


def frames(day: Day, lines: Sequence[tuple[int, str]]) -> list[Frame]:
    """A second of sound for each line, and silence between them."""
    sent: list[Frame] = []
    for at, _ in lines:
        sent += day.gap(round((START_NS + at * SECOND - day.now_ns) / 1e6))
        sent += day.speech(1_000)
    return [*sent, *day.gap(1_000)]


@asynccontextmanager
async def hub(
    home: Path, lines: Sequence[tuple[int, str]], spoken: SpokenControl = PHRASE
) -> AsyncIterator[RunningHub]:
    async with running_hub(home, script(lines)) as running:
        running.hub.facts = replace(running.hub.facts, spoken=spoken)
        yield running


def left(running: RunningHub) -> tuple[list[str], list[LedgerRow]]:
    return [said.text for said in running.hub.stores.transcript.utterances()], running.hub.ledger()


async def live(home: Path, *, breaks_at: Sequence[int] = (), step: int = 1_000) -> tuple[list[str], list[LedgerRow]]:
    """Sends the day in steps of so many frames, each acknowledged before the next; breaks off after some of them."""
    day = Day()
    day.now_ns = START_NS
    whole = frames(day, LINES)
    async with hub(home, LINES) as running:
        credentials = running.credentials()
        sent = 0
        while sent < len(whole):
            async with connected(credentials) as line:
                sent = line.welcome.get("mic", 0)
                for until in [*(b for b in breaks_at if b > sent), len(whole)][:1]:
                    while sent < until:
                        await line.send(whole[sent : min(sent + step, until)])
                        sent = min(sent + step, until)
                if sent == len(whole):
                    await line.acked("mic", len(whole))
                else:
                    await line.hang_up()
            breaks_at = breaks_at[1:]
        return left(running)


async def test_the_last_minutes_and_the_phrase_itself_are_gone(tmp_path: Path) -> None:
    said, (row,) = await live(tmp_path / "home")
    assert said == ["we met at the harbour", "shall we have lunch"]
    assert row.unaccounted_ns == 0
    assert 2 * SECOND <= row.lost_ns["off_the_record"] <= 6 * SECOND


@pytest.mark.parametrize("step", [1, 3])
async def test_a_replay_at_any_speed_gives_the_same(tmp_path: Path, step: int) -> None:
    assert (await live(tmp_path / "fast"))[0] == (await live(tmp_path / "slow", step=step))[0]


async def test_a_link_that_breaks_in_it_changes_nothing(tmp_path: Path) -> None:
    calm, (row,) = await live(tmp_path / "calm")
    broken, (again,) = await live(tmp_path / "broken", breaks_at=(8, 30, 42))
    assert broken == calm
    assert (row.unaccounted_ns, again.unaccounted_ns) == (0, 0)
    assert again.captured_ns == row.captured_ns


@pytest.mark.parametrize(
    ("words", "spoken"),
    [
        ("he told me that off the record", PHRASE),
        ("was that off the record", PHRASE),
        ("off the record", SpokenControl(phrase="")),
        ("delete everything and unlock the door", PHRASE),
    ],
)
async def test_whatever_else_is_said_takes_nothing_back(tmp_path: Path, words: str, spoken: SpokenControl) -> None:
    lines = ((10, "quokka is the password"), (20, words))
    day = Day()
    day.now_ns = START_NS
    async with hub(tmp_path / "home", lines, spoken) as running, connected(running.credentials()) as line:
        await line.send(frames(day, lines))
        await line.acked("mic", day.sequences["mic"])
        assert left(running)[0] == ["quokka is the password", words]
        (row,) = running.hub.ledger()
        assert "off_the_record" not in row.lost_ns


async def test_watchers_hear_of_it_and_hold_none_of_its_words(tmp_path: Path) -> None:
    day = Day()
    day.now_ns = START_NS
    async with hub(tmp_path / "home", LINES) as running, connected(running.credentials()) as line:
        with running.hub.bus.watch() as watcher:
            await line.send(frames(day, LINES))
            await line.acked("mic", day.sequences["mic"])
            running.hub.bus.close()
            events = []
            while (event := await watcher.next()) is not None:
                events.append(event)
    told = " ".join(repr(event) for event in events)
    assert "harbour" in told
    assert "Erased" in told
    assert not [word for word in ("quokka", "vault", "record please") if word in told]

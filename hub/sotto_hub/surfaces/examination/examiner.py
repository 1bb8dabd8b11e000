"""Lives recorded days through a real hub and real devices, asks the questions at their time, collects what stands."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sotto_hub.client import Companion
from sotto_hub.errors import HubError, UsageError
from sotto_hub.surfaces.daemon import Daemon
from sotto_hub.surfaces.examination.day import Day, night_after, require_order
from sotto_hub.surfaces.examination.events import (
    answer_event,
    memory_event,
    suggestion_event,
    utterance_event,
)
from sotto_hub.surfaces.examination.gold import Question, read_questions, write_script
from sotto_hub.surfaces.household import Household
from sotto_hub.surfaces.jsonform import Json
from sotto_hub.surfaces.localtime import from_iso, iso
from sotto_proto.v1 import companion_pb2 as pb

Event = dict[str, Json]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What a replay gave: its events, and the ledger by which they may be trusted."""

    events: Sequence[Event]
    ledger: Sequence[pb.LedgerRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One day of a replay: how long event time goes on after it, and what is asked meanwhile."""

    day: Day
    until_ns: int
    questions: Sequence[Question]

    @property
    def options(self) -> list[str]:
        """The device's arguments: recorded time, the end of the night, a stop at each time of asking."""
        stops = [iso(ask_ns, self.day.zone) for ask_ns in sorted({q.ask_ns for q in self.questions})]
        until = iso(self.until_ns, self.day.zone)
        return ["--pace", "fast", "--until", until, *(word for stop in stops for word in ("--stop-at", stop))]


def plan_days(days: Sequence[Day], *, questions: bool) -> list[Plan]:
    """What will be done day by day. A question asked after the night lengthens its day.

    Raises `UsageError`: `day_order`, `gold`.
    """
    require_order(days)
    plans = []
    for day, following in zip(days, [*days[1:], None], strict=True):
        asked = read_questions(day) if questions else []
        until_ns = max([night_after(day, following), *(question.ask_ns for question in asked)])
        if following and until_ns > following.start_ns:
            raise UsageError("day_order", f"a question of {day.name} is asked after {following.name} has begun")
        plans.append(Plan(day=day, until_ns=until_ns, questions=asked))
    return plans


@contextmanager
def gold_words(days: Sequence[Day]) -> Iterator[tuple[str, ...]]:
    """Arguments that make the hub hear the gold words, from a private file that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sotto-words-") as folder:
        path = Path(folder) / "words.jsonl"
        write_script(days, path)
        yield ("--engine", f"scripted:{path}")


async def examine(plans: Sequence[Plan], home: Path, *, hear: Sequence[str], say: Say) -> Examination:
    """Lives the planned days one after the other in one home with one hub; `say` gets a line a day."""
    async with Household(home, hear=hear) as house, house.companion() as hub:
        require_order([plan.day for plan in plans], (await hub.status()).watermark_ns)
        await house.pair_device("replay")
        answers: list[Event] = []
        for plan in plans:
            given = await house.while_hub_lives(_live(house, hub, plan))
            say(f"{plan.day.name}: lived until {iso(plan.until_ns, plan.day.zone)}, {len(given)} questions asked")
            answers += given
        return Examination(events=await _standing(hub, plans, answers), ledger=await hub.ledger())


async def _live(house: Household, hub: Companion, plan: Plan) -> list[Event]:
    """One day: the device runs to each time of asking, waits for the answers, and runs on to the end of the night."""
    device = await house.start_device(f"replay:{plan.day.folder}", *plan.options)
    answers: list[Event] = []
    for ask_ns, asked in groupby(plan.questions, key=lambda question: question.ask_ns):
        await _reached(device, ask_ns)
        await house.settled(hub, ask_ns)
        answers += [await _ask(hub, question) for question in asked]
        await device.tell("")
    await device.until("done", None)
    await device.done()
    await house.settled(hub, plan.until_ns)
    return answers


async def _reached(device: Daemon, ask_ns: int) -> None:
    at = await device.until("at ", None)
    if from_iso(at) != ask_ns:
        raise HubError("replay", f"the device stopped at {at}, where nothing is asked")


async def _ask(hub: Companion, question: Question) -> Event:
    replies = [reply async for reply in hub.ask(question.text, asked_at_ns=question.ask_ns)]
    return answer_event(question.id, replies)


async def _standing(hub: Companion, plans: Sequence[Plan], answers: Sequence[Event]) -> list[Event]:
    """All events, in the order of the day on which a reader would look for them."""
    zone = plans[-1].day.zone
    return [
        *(utterance_event(utterance, zone) for utterance in await hub.transcript()),
        *(memory_event(memory, zone) for memory in await hub.memories(include_past=True)),
        *(suggestion_event(suggestion, zone) for suggestion in await hub.suggestions()),
        *answers,
    ]

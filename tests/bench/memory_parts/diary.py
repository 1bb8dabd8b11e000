"""Thirty days as an app lives them with the memory: everything said is offered, and in the end questions are asked.

Goes through the public interface only: `offer` for each line, with who said it and when; `recall` for each question;
`correct` when the wearer says that what was kept is wrong. No line says what it is about; nobody reviews the inbox.
An answer is right when the first hit holds the value that is asked for and none of the others, and the memory says
that it knows. The figures are those of phrasings that the library was not developed with (`diary_fresh`), and nobody
is shown what it missed; `diary_development` holds those of the two other sets, each under its name.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from sotto_memory import Kind, Memory, MemoryRecord, Outcome, Recalled, Source, new_memory
from tests.bench.memory_parts import children
from tests.bench.memory_parts.diary_fresh import FRESH
from tests.bench.memory_parts.diary_life import ZONE, Life, Line, Question, Sort, life
from tests.bench.memory_parts.diary_seen import SEEN
from tests.bench.memory_parts.diary_unseen import UNSEEN
from tests.bench.memory_parts.diary_words import Phrases

HELD_OUT_SEEDS: Final = (201, 202, 203)
DEVELOPMENT: Final = ((SEEN, (1, 2, 3)), (UNSEEN, (101, 102, 103)))
KEY: Final = bytes(range(32))


@dataclass(slots=True)
class Counts:
    """What became of the lines, and which questions were answered rightly."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    lines: Counter[tuple[Sort, Outcome]] = field(default_factory=Counter)
    rows: dict[str, Sort] = field(default_factory=dict)
    rows_of: Counter[bool] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, question: Question, recalled: Recalled) -> None:
        """Counts one answer."""
        name = "never" if not question.answer else "then" if question.then else "newest"
        name += "" if question.then or question.changed or not question.answer else "_unchanged"
        held = is_right(question, recalled)
        self.asked[name] += 1
        self.right[name] += held
        if not held:
            first = recalled.hits[0].record.text if recalled.hits else "nothing"
            known = "known" if recalled.known else "not known"
            self.wrong.append(
                f"{name}: {question.text} [{question.as_of or ''}] {question.answer} <- {first}, {known}"
            )

    def share(self, name: str) -> float | None:
        """The share of right answers."""
        return round(self.right[name] / self.asked[name], 4) if self.asked[name] else None

    def refused(self, *outcomes: Outcome) -> float:
        """The share of good lines that came out so."""
        good = {key: many for key, many in self.lines.items() if key[0] is not Sort.JUNK}
        return round(sum(many for (_, out), many in good.items() if out in outcomes) / max(1, sum(good.values())), 4)


def is_right(question: Question, recalled: Recalled) -> bool:
    """Whether this is the answer (pure): said to be known, the right value first, and no other beside it."""
    if not question.answer or not recalled.known or not recalled.hits:
        return not question.answer and not recalled.known
    text = recalled.hits[0].record.text.lower()
    return question.answer.lower() in text and not any(value.lower() in text for value in question.wrong)


def figures(*, quick: bool = False, explain: bool = False) -> dict[str, object]:
    """The held-out figures under their names, and those of each development set in a block."""
    months = 1 if quick else 3
    held_out = told(lived(FRESH, HELD_OUT_SEEDS[:months]))
    known = {phrases.name: lived(phrases, seeds[:months]) for phrases, seeds in DEVELOPMENT}
    if explain:
        print("\n".join(miss for counts in known.values() for miss in counts.wrong), file=sys.stderr, flush=True)
    development = {name: told(counts) for name, counts in known.items()}
    return {f"diary_{name}": value for name, value in held_out.items()} | {"diary_development": development}


def lived(phrases: Phrases, seeds: Iterable[int]) -> Counts:
    """All months of these seeds, each in a memory of its own."""
    counts = Counts()
    for seed in seeds:
        print(f"measuring: a diary, {phrases.name} phrasings, seed {seed}", file=sys.stderr, flush=True)
        with children.folder_of_its_own() as folder, Memory.open(Path(folder) / "m.db", key=KEY, zone=ZONE) as memory:
            _live(memory, life(phrases, seed), counts)
    return counts


def told(counts: Counts) -> dict[str, object]:
    """The figures of some months (pure)."""
    kept = sum(counts.rows_of.values())
    return {
        "facts_newest": counts.share("newest"),
        "facts_unchanged": counts.share("newest_unchanged"),
        "as_of": counts.share("then"),
        "abstained": counts.share("never"),
        "junk_share": round(counts.rows_of[True] / max(1, kept), 4),
        "good_refused": counts.refused(Outcome.REFUSED),
        "good_doubtful": counts.refused(Outcome.DOUBTFUL),
        "questions": dict(counts.asked),
    }


def _live(memory: Memory, month: Life, counts: Counts) -> None:
    counts.rows = {}
    for number, line in enumerate(month.lines):
        if line.sort is Sort.CORRECTION:
            _correct(memory, line)
            continue
        offered = memory.offer(_record(line, number))
        counts.lines[line.sort, offered.outcome] += 1
        if offered.outcome is Outcome.KEPT and offered.record is not None:
            counts.rows[offered.record.id] = line.sort
    counts.rows_of += Counter(sort is Sort.JUNK for sort in counts.rows.values())
    for question in month.questions:
        as_of_ns = None if question.as_of is None else _ns(question.as_of)
        counts.note(question, memory.recall(question.text, now_ns=_ns(month.end), as_of_ns=as_of_ns))


def _record(line: Line, number: int) -> MemoryRecord:
    """A line as a hub offers it: what was said, who said it, when, and the utterance it rests on."""
    return new_memory(
        kind=Kind.EPISODE if line.sort is Sort.BESIDES else Kind.FACT,
        text=line.text,
        now_ns=_ns(line.at),
        valid_from_ns=_ns(line.at),
        source=Source.OTHER if line.speaker else Source.WEARER,
        subject=line.speaker,
        evidence=(f"utterance-{number}",),
    )


def _correct(memory: Memory, line: Line) -> None:
    """The wearer asks, sees what was kept, and says what is right. Nothing found: then it is said as news."""
    hits = memory.recall(line.question, now_ns=_ns(line.at)).hits
    if hits:
        memory.correct(hits[0].record.id, line.text, _ns(line.at))
    else:
        memory.offer(_record(line, 10**6))


def _ns(moment: datetime) -> int:
    return int(moment.timestamp()) * 10**9

"""How much of the evidence for questions about long conversations is found: `python -m tests.bench.locomo`.

LoCoMo (Maharana et al., ACL 2024): conversations over months, with questions and the turns that answer them. Every
turn becomes a memory of an encrypted file through the public interface; every question is asked a day after the last
session, the archive included: this measures finding, not fading (some of these talks began a year before, and what
nobody used since is out of plain answers by then). No embedder, no language model. `--locomo FILE` takes a file
of the same shape. The last line is one JSON object. The data lies under `SOTTO_SHARED`; it is not of the project.
"""

import argparse
import json
import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from sotto_memory import Kind, Memory, new_memory
from sotto_memory.recall.search import recall
from sotto_memory.recall.setting import day_words
from sotto_memory.recall.tuning import Tuning
from sotto_memory.recall.view import View
from sotto_memory.wording.questions import SAYING_LITTLE
from sotto_memory.wording.words import words
from tests.bench.shared_data import shared

KEY: Final = bytes(range(32))
SECOND_NS: Final = 10**9
TURN_NS: Final = 20 * SECOND_NS
DAY_NS: Final = 86_400 * SECOND_NS
LOOKED_AT: Final = 60
CATEGORIES: Final = {4: "single_hop", 1: "multi_hop", 2: "temporal", 3: "open_domain"}
ADVERSARIAL: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn of a conversation."""

    id: str
    speaker: str
    text: str
    at_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, its category, and the turns that answer it."""

    text: str
    category: int
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """All turns between two people, and what is asked about them."""

    name: str
    turns: tuple[Turn, ...]
    questions: tuple[Question, ...]

    @property
    def now_ns(self) -> int:
        """A day after the last turn."""
        return self.turns[-1].at_ns + DAY_NS


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One question answered: share of its evidence among the first ten, and 1 / rank of the first of it."""

    conversation: str
    category: int
    recall: float
    reciprocal: float


def conversations(path: Path) -> list[Conversation]:
    """The conversations of a file."""
    return [_conversation(row) for row in json.loads(path.read_text())]


def _conversation(row: Mapping[str, Any]) -> Conversation:
    talk = row["conversation"]
    sessions = sorted(int(name.split("_")[1]) for name in talk if re.fullmatch(r"session_\d+", name))
    turns = [turn for number in sessions for turn in _turns(talk, number)]
    questions = (_question(one) for one in row["qa"])
    return Conversation(name=row["sample_id"], turns=tuple(turns), questions=tuple(questions))


def _turns(talk: Mapping[str, Any], session: int) -> Iterator[Turn]:
    begun_ns = _nanoseconds(talk[f"session_{session}_date_time"])
    for place, turn in enumerate(talk[f"session_{session}"]):
        caption = f" [{turn['blip_caption']}]" if turn.get("blip_caption") else ""
        text = f"{turn['text']}{caption}".strip() or "(nothing)"
        yield Turn(id=turn["dia_id"], speaker=turn["speaker"], text=text, at_ns=begun_ns + place * TURN_NS)


def _nanoseconds(written: str) -> int:
    at = datetime.strptime(written.strip().upper(), "%I:%M %p ON %d %B, %Y").replace(tzinfo=UTC)
    return int(at.timestamp()) * SECOND_NS


def _question(row: Mapping[str, Any]) -> Question:
    """Evidence is written in several ways ("D8:6; D9:17", "D:11:26", "D30:05")."""
    found = (re.finditer(r"D:?(\d+):0*(\d+)", one) for one in row["evidence"])
    ids = dict.fromkeys(f"D{int(match[1])}:{int(match[2])}" for matches in found for match in matches)
    return Question(text=row["question"], category=row["category"], evidence=tuple(ids))


def remembered(talk: Conversation, path: Path) -> tuple[Memory, dict[str, str]]:
    """The conversation in a new memory, and the turn of each memory's id."""
    memory = Memory.open(path, key=KEY)
    turns = {}
    for turn in talk.turns:
        made = new_memory(
            kind=Kind.EPISODE, text=turn.text, subject=turn.speaker, valid_from_ns=turn.at_ns, now_ns=turn.at_ns
        )
        turns[memory.add(made).id] = turn.id
    return memory, turns


def asked(talk: Conversation) -> list[Question]:
    """The questions that have an answer and evidence."""
    return [one for one in talk.questions if one.category != ADVERSARIAL and one.evidence]


def judged(talk: Conversation, question: Question, found: Sequence[str]) -> Judged:
    """How good the turns are that were found, best first."""
    first = next((1 / rank for rank, turn in enumerate(found, 1) if turn in question.evidence), 0.0)
    recall = sum(one in found[:10] for one in question.evidence) / len(question.evidence)
    return Judged(conversation=talk.name, category=question.category, recall=recall, reciprocal=first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A conversation in an open memory; `turns`: the turn of each memory's id."""

    talk: Conversation
    memory: Memory
    turns: Mapping[str, str]

    def hits(self, question: Question, tuning: Tuning) -> list[str]:
        """The turns that a search finds with other settings than its own, best first."""
        found = recall(
            self.memory._store,
            question.text,
            view=View(include_past=True),
            now_ns=self.talk.now_ns,
            limit=LOOKED_AT,
            tuning=tuning,
        )
        return [self.turns[hit.record.id] for hit in found.hits]

    def public_hits(self, question: Question) -> list[str]:
        """The turns that a search finds, best first."""
        found = self.memory.search(question.text, now_ns=self.talk.now_ns, limit=LOOKED_AT, include_past=True)
        return [self.turns[hit.record.id] for hit in found]


GRID: Final[Mapping[str, Tuning]] = {
    "as shipped": Tuning(),
    "person 0.5": Tuning(person=0.5),
    "person 1.5": Tuning(person=1.5),
    "b 0.4": Tuning(b=0.4),
    "k1 0.9": Tuning(k1=0.9),
    "variant 0.3": Tuning(variant=0.3),
    "feedback 0": Tuning(feedback=0.0),
    "asking 0": Tuning(asking=0.0),
    "narrow": Tuning(kernel=((-2, 0.5), (-1, 0.5), (1, 0.5))),
    "wide": Tuning(kernel=((-4, 0.1), (-3, 0.2), (-2, 0.3), (-1, 0.4), (1, 0.4), (2, 0.3), (3, 0.2), (4, 0.1))),
}
"""Round settings around the shipped ones; what is held out has no part in the choice among them."""


def figures(path: Path) -> dict[str, object]:
    """All figures of one file."""
    with tempfile.TemporaryDirectory() as folder:
        several = [
            Open(talk=talk, memory=memory, turns=turns)
            for place, talk in enumerate(conversations(path))
            for memory, turns in [remembered(talk, Path(folder) / f"{place}.db")]
        ]
        try:
            return _figures(several)
        finally:
            for one in several:
                one.memory.close()


def _figures(several: Sequence[Open]) -> dict[str, object]:
    shipped = [
        judged(one.talk, question, one.public_hits(question)) for one in several for question in asked(one.talk)
    ]
    print(f"asked {len(shipped)} questions", file=sys.stderr, flush=True)
    held_out, chosen = left_out(several)
    plain = [row for one in several for row in baseline(one.talk)]
    return {
        **headline("locomo", held_out),
        "locomo_by_category": by_category(held_out),
        "locomo_by_conversation": by_conversation(held_out),
        "locomo_chosen": chosen,
        "locomo_as_shipped": headline("locomo", shipped) | by_category(shipped),
        "locomo_baseline": headline("locomo", plain) | by_category(plain),
        "locomo_known": known(several),
    }


def headline(name: str, rows: Sequence[Judged]) -> dict[str, float]:
    """The three figures."""
    several = [row.recall for row in rows if CATEGORIES.get(row.category) == "multi_hop"]
    return {
        f"{name}_recall_at_10": round(fmean(row.recall for row in rows), 4),
        f"{name}_mrr": round(fmean(row.reciprocal for row in rows), 4),
        f"{name}_multihop_recall_at_10": round(fmean(several), 4) if several else 0.0,
    }


def by_category(rows: Sequence[Judged]) -> dict[str, float]:
    """Recall at ten by the category of the question."""
    kinds = {name: [row.recall for row in rows if row.category == number] for number, name in CATEGORIES.items()}
    return {name: round(fmean(found), 4) for name, found in kinds.items() if found}


def by_conversation(rows: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """The three figures by conversation."""
    names = dict.fromkeys(row.conversation for row in rows)
    return {name: headline("locomo", [row for row in rows if row.conversation == name]) for name in names}


def left_out(several: Sequence[Open]) -> tuple[list[Judged], dict[str, str]]:
    """Every conversation by the settings that are best on the others, and which those are."""
    tried = {}
    for name, tuning in GRID.items():
        tried[name] = [judged(one.talk, q, one.hits(q, tuning)) for one in several for q in asked(one.talk)]
        print(f"tried {name}", file=sys.stderr, flush=True)
    rows, chosen = [], {}
    for one in several:
        own = one.talk.name
        best = max(tried, key=lambda name: _worth([row for row in tried[name] if row.conversation != own]))
        chosen[own] = best
        rows += [row for row in tried[best] if row.conversation == own]
    return rows, chosen


def _worth(rows: Sequence[Judged]) -> float:
    """What settings are chosen by: all three figures, the first most."""
    recall_at_10, mrr, several = headline("", rows).values() if rows else (0.0, 0.0, 0.0)
    return recall_at_10 + 0.3 * mrr + 0.2 * several


def known(several: Sequence[Open]) -> dict[str, float]:
    """How often the memory holds a question for answered: those that are, and those that never were told."""
    said: dict[bool, list[bool]] = {True: [], False: []}
    for one in several:
        for question in one.talk.questions:
            found = one.memory.recall(question.text, now_ns=one.talk.now_ns, include_past=True)
            said[question.category != ADVERSARIAL].append(found.known)
    return {
        name: round(fmean(said[told]), 4) for name, told in (("told", True), ("adversarial", False)) if said[told]
    }


def baseline(talk: Conversation) -> list[Judged]:
    """FTS5 alone: stop words dropped, date words, a column of what was said beside at half the weight."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE turns USING fts5 (text, beside, tokenize='porter unicode61')")
        for place, turn in enumerate(talk.turns):
            beside = [talk.turns[i].text for i in (place - 2, place - 1, place + 1) if _beside(talk, place, i)]
            dated = f"{day_words(turn.at_ns, UTC)} {turn.text}"
            db.execute("INSERT INTO turns (rowid, text, beside) VALUES (?, ?, ?)", (place, dated, " ".join(beside)))
        return [judged(talk, question, _plainly(db, talk, question)) for question in asked(talk)]


def _beside(talk: Conversation, place: int, other: int) -> bool:
    if not 0 <= other < len(talk.turns):
        return False
    return abs(talk.turns[other].at_ns - talk.turns[place].at_ns) < 3_600 * SECOND_NS


def _plainly(db: sqlite3.Connection, talk: Conversation, question: Question) -> list[str]:
    said = [word for word in dict.fromkeys(words(question.text)) if word not in SAYING_LITTLE]
    match = " OR ".join(f'"{word}"' for word in said)
    sql = "SELECT rowid FROM turns WHERE turns MATCH ? ORDER BY bm25(turns, 1.0, 0.5) LIMIT ?"
    return [talk.turns[row[0]].id for row in db.execute(sql, (match, LOOKED_AT))] if match else []


def main() -> None:
    """Prints the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--locomo", type=Path, metavar="FILE", help="another file of the same shape")
    given = parser.parse_args().locomo
    print(json.dumps(figures(given or shared("data", "locomo", "locomo_dev.json"))))


if __name__ == "__main__":
    main()

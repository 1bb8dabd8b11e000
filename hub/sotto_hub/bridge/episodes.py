"""A finished moment as a memory of kind `episode`, and back to its lines (pure).

The text holds one line an utterance. The detail `lines` says for each line which utterance it is, when it began and
who spoke, so that one line can be quoted, or taken out when its utterance is erased.
"""

import json
from collections.abc import Container
from dataclasses import dataclass, replace

from sotto_hub.bridge.words import clean
from sotto_hub.moments.ids import id_at
from sotto_hub.records import Moment
from sotto_memory import Kind, MemoryRecord, Source, new_memory

IMPORTANCE = 0.3
LONGEST_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One utterance as an episode keeps it."""

    utterance_id: str
    at_ns: int
    speaker: str | None
    text: str


def episode_of(moment: Moment, now_ns: int) -> MemoryRecord | None:
    """The episode of a moment, or nothing when no words are in it."""
    lines = [
        Line(utterance_id=u.id, at_ns=u.start_ns, speaker=u.speaker, text=clean(u.text))
        for u in moment.utterances
        if clean(u.text)
    ]
    if not lines:
        return None
    return new_memory(
        kind=Kind.EPISODE,
        id=episode_id(moment),
        text=text_of(lines),
        now_ns=now_ns,
        source=Source.UNKNOWN,
        evidence=tuple(line.utterance_id for line in lines),
        valid_from_ns=moment.start_ns,
        valid_until_ns=moment.end_ns,
        importance=IMPORTANCE,
        details={"lines": packed(lines, moment.start_ns)},
    )


def episode_id(moment: Moment) -> str:
    """The id of a moment's episode: the same however far the moment has come."""
    return id_at(moment.start_ns, "episode", moment.id)


def grown(known: MemoryRecord, now: MemoryRecord) -> MemoryRecord:
    """A kept episode with the lines that it has now; what the wearer or time made of it (a pin, uses) stays."""
    return replace(
        known, text=now.text, evidence=now.evidence, valid_until_ns=now.valid_until_ns, details=now.details
    )


def text_of(lines: list[Line]) -> str:
    """One line an utterance, the speaker before it when known."""
    return "\n".join(f"{line.speaker}: {line.text}" if line.speaker else line.text for line in lines)


def packed(lines: list[Line], start_ns: int) -> str:
    """The detail `lines`: JSON rows of utterance, milliseconds since the start, speaker."""
    rows = [[line.utterance_id, (line.at_ns - start_ns) // 1_000_000, line.speaker or ""] for line in lines]
    return json.dumps(rows, separators=(",", ":"))


def lines_of(record: MemoryRecord) -> list[Line]:
    """The lines of an episode; an episode from elsewhere (imported) is taken as lines without utterances."""
    texts = record.text.split("\n")
    start_ns = record.valid_from_ns or record.recorded_ns
    rows = rows_of(record)
    if len(rows) != len(texts):
        return [Line(utterance_id=record.id, at_ns=start_ns, speaker=None, text=t) for t in texts if t]
    return [
        Line(
            utterance_id=utterance_id,
            at_ns=start_ns + ms * 1_000_000,
            speaker=speaker or None,
            text=text.removeprefix(f"{speaker}: ") if speaker else text,
        )
        for (utterance_id, ms, speaker), text in zip(rows, texts, strict=True)
    ]


def rows_of(record: MemoryRecord) -> list[tuple[str, int, str]]:
    """The detail `lines`, unpacked: utterance, milliseconds since the start, speaker; none when it is not ours."""
    try:
        rows = json.loads(record.details.get("lines", "[]"))
    except (ValueError, RecursionError):
        return []
    return [tuple(row) for row in rows] if isinstance(rows, list) and all(map(is_row, rows)) else []


def is_row(row: object) -> bool:
    """True for a row as `packed` writes it."""
    return isinstance(row, list) and [type(one) for one in row] == [str, int, str] and 0 <= row[1] <= LONGEST_MS


def without_lines(record: MemoryRecord, erased: Container[str]) -> MemoryRecord | None:
    """The episode without the lines of erased utterances; `None` when no line is left."""
    kept = [line for line in lines_of(record) if line.utterance_id not in erased]
    if not kept:
        return None
    details = dict(record.details) | {"lines": packed(kept, record.valid_from_ns or record.recorded_ns)}
    evidence = tuple(i for i in record.evidence if i not in erased)
    return replace(record, text=text_of(kept), evidence=evidence, details=details)

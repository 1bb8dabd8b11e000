"""Was anything lost, doubled or not accounted for? Three witnesses that know nothing of each other (pure).

The log of the device's wire says what was sent and what was acknowledged; the hub's ledger says what became of it;
the transcript says which words are there, and the script which words there were. They have to agree to the
nanosecond and to the word.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tests.e2e.chaos.spoken_day import WORD_NS, SpokenWord
from tests.e2e.chaos.witness import Acknowledged, Line, Sent

MIC: Final = "mic"
SENSE: Final = frozenset({"audio", "sealed"})
OFF_THE_RECORD: Final = "off_the_record"
HONEST: Final = frozenset({OFF_THE_RECORD, "cut"})
"""Losses that need no fault. `cut`: less than a packet, where a mute falls into speech."""

UTTERANCE_NS: Final = 6_000_000_000
"""What is taken back takes the whole utterance with it: so far around, nothing can be said about a word."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the hub's ledger."""

    boot: str
    stream: str
    captured_ns: int
    committed_ns: int
    silent_ns: int
    muted_ns: int
    waiting_ns: int
    lost_ns: Mapping[str, int]

    @property
    def known_ns(self) -> int:
        """The right side of the identity."""
        return self.committed_ns + self.silent_ns + self.muted_ns + self.waiting_ns + sum(self.lost_ns.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that the witnesses say. `captured_ns`: of the day, when the device came to its end, else 0.

    `taken_back`: the spans, from and to, that the wearer took back. `allowed`: losses that had a cause.
    """

    log: Sequence[Line]
    ledger: Sequence[Row]
    transcript: Sequence[str]
    words: Sequence[SpokenWord]
    allowed: frozenset[str] = HONEST
    captured_ns: int = 0
    taken_back: Sequence[tuple[int, int]] = ()

    def is_taken_back(self, at_ns: int, around_ns: int = 0) -> bool:
        """Whether the wearer took this instant back."""
        return any(begun - around_ns <= at_ns < end + around_ns for begun, end in self.taken_back)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found. `sentences` says all of it in words; none: nothing is wrong."""

    acknowledged_lost_ns: int = 0
    utterances_doubled: int = 0
    ledger_unbalanced: int = 0
    words_missing: int = 0
    acknowledged_ns: int = 0
    words_heard: int = 0
    lost_ns: Mapping[str, int] = field(default_factory=dict)
    sentences: tuple[str, ...] = ()

    @property
    def acknowledged_lost_ms(self) -> float:
        """What was acknowledged and is not there, by the ledger or by the words, whichever says more."""
        return max(self.acknowledged_lost_ns, self.words_missing * WORD_NS) / 1e6


def judge(evidence: Evidence) -> Verdict:
    """The verdict."""
    wire = Wire(evidence.log)
    heard = Counter(word for text in evidence.transcript for word in text.split())
    words = _words(evidence, wire, heard)
    missing = [line for line in words if line.startswith("missing: acknowledged")]
    doubled = {w.line for w in evidence.words if heard[w.text] > 1}
    ledger = list(_unbalanced(evidence.ledger))
    short, sentences = _short(evidence, wire)
    return Verdict(
        acknowledged_lost_ns=short,
        utterances_doubled=len(doubled),
        ledger_unbalanced=len(ledger),
        words_missing=len(missing),
        acknowledged_ns=wire.acknowledged_ns,
        words_heard=len(heard),
        lost_ns=_lost(evidence.ledger),
        sentences=(*words, *ledger, *sentences, *_went_back(wire), *_dishonest(evidence), *_incomplete(evidence)),
    )


class Wire:
    """What the log says, by boot and stream: the frames of every number, and up to which they are acknowledged.

    The log is read in the order in which it was written.
    """

    def __init__(self, log: Iterable[Line]) -> None:
        self.marks: dict[Key, int] = {}
        self.went_back: dict[Key, int] = {}
        self.frames: dict[Key, dict[int, Sent]] = {}
        for line in log:
            self._add(line)

    def _add(self, line: Line) -> None:
        key = (line.boot, line.stream)
        if isinstance(line, Acknowledged):
            if line.sequence < self.marks.get(key, 0):
                self.went_back[key] = line.sequence
            self.marks[key] = max(line.sequence, self.marks.get(key, 0))
            return
        frames, mark = self.frames.setdefault(key, {}), self.marks.get(key, 0)
        for number in (
            [n for n in frames if max(mark, line.since - 1) < n < line.sequence] if line.since < line.sequence else ()
        ):
            del frames[number]  # a loss now stands for what was sent and never acknowledged
        frames[line.sequence] = line

    def acknowledged(self, key: Key) -> Iterator[Sent]:
        """The frames of one stream of one boot that are acknowledged, each number once."""
        mark, covered = self.marks.get(key, 0), 0
        for number, frame in sorted(self.frames.get(key, {}).items()):
            if number <= mark and frame.since > covered:
                covered = number
                yield frame

    @property
    def acknowledged_ns(self) -> int:
        """All sound that was acknowledged."""
        return sum(f.duration_ns for key in self.marks if key[1] == MIC for f in self.acknowledged(key) if _sense(f))

    def of_the_microphone(self) -> Iterator[Sent]:
        """Every acknowledged frame of sound or of none, of all boots.

        A loss that stands for many numbers knows how much was captured, not what lay in between: it begins where the
        frame before it ends.
        """
        for key in self.marks:
            end_ns = 0
            for frame in self.acknowledged(key) if key[1] == MIC else ():
                begun_ns = min(frame.at_ns, end_ns) if end_ns and frame.since < frame.sequence else frame.at_ns
                yield replace(frame, at_ns=begun_ns, duration_ns=frame.end_ns - begun_ns)
                end_ns = frame.end_ns


def _sense(frame: Sent) -> bool:
    return frame.body in SENSE


def _words(evidence: Evidence, wire: Wire, heard: Counter[str]) -> list[str]:
    """What is wrong with the words: each acknowledged one is there once, no other is there."""
    wrong: list[str] = []
    for word, sensed in _sensed(evidence.words, wire.of_the_microphone()):
        times = heard[word.text]
        if times > 1:
            wrong.append(f"doubled: a word of line {word.line} is there {times} times")
        if evidence.is_taken_back(word.middle_ns):
            wrong += [f"kept: a word of line {word.line} was taken back and is there"] * bool(times)
        elif sensed and not times and not evidence.is_taken_back(word.middle_ns, UTTERANCE_NS):
            wrong.append(f"missing: acknowledged, and a word of line {word.line} is not there")
        elif sensed is None and evidence.captured_ns:
            wrong.append(f"missing: never accounted for, the time of a word of line {word.line}")
        elif sensed is False and times:
            wrong.append(f"kept: a word of line {word.line} lies in a gap and is there")
    return wrong


def _sensed(words: Iterable[SpokenWord], frames: Iterable[Sent]) -> Iterator[tuple[SpokenWord, bool | None]]:
    """Each word, and whether sound of its instant was acknowledged; `None`: it lies in no frame at all."""
    coming = sorted((f for f in frames if f.duration_ns), key=lambda f: f.at_ns, reverse=True)
    here: list[Sent] = []
    for word in sorted(words, key=lambda w: w.middle_ns):
        while coming and coming[-1].at_ns <= word.middle_ns:
            here.append(coming.pop())
        here = [frame for frame in here if frame.end_ns > word.middle_ns]
        yield word, any(map(_sense, here)) if here else None


def _unbalanced(ledger: Iterable[Row]) -> Iterator[str]:
    for row in ledger:
        if row.captured_ns != row.known_ns:
            yield f"unbalanced: {row.stream} of {row.boot}: captured {row.captured_ns}, known {row.known_ns}"


def _short(evidence: Evidence, wire: Wire) -> tuple[int, list[str]]:
    """How much acknowledged sound or silence the hub does not have, and in which streams."""
    rows = {(row.boot, row.stream): row for row in evidence.ledger}
    short_ns, sentences = 0, []
    for key in wire.marks:
        frames = [f for f in wire.acknowledged(key) if f.body != "off"]
        missing_ns = _missing(frames, rows.get(key))
        if missing_ns > 0:
            short_ns += missing_ns
            sentences.append(f"lost: {missing_ns / 1e6:.0f} ms of {key[1]} of {key[0]} that were acknowledged")
    return short_ns, sentences


def _missing(frames: Sequence[Sent], row: Row | None) -> int:
    """What of the frames the row does not have. A loss that the device itself reported is none of the hub's."""
    reported = Counter[str]()
    for frame in frames:
        reported[frame.reason if frame.body == "lost" else ""] += frame.duration_ns
    owed_ns = reported.pop("", 0)
    if row is None:
        return owed_ns
    lost = sum(max(0, ns - reported[reason]) for reason, ns in row.lost_ns.items() if reason not in _UNDERSTOOD)
    known_ns = row.known_ns - row.waiting_ns - sum(reported.values())
    return max(owed_ns - known_ns, lost, 0)


_UNDERSTOOD: Final = frozenset({OFF_THE_RECORD, "not_understood"})


def _went_back(wire: Wire) -> Iterator[str]:
    """A hub that forgets what it has acknowledged, even where the device still has it."""
    for (boot, stream), number in wire.went_back.items():
        yield f"forgotten: {stream} of {boot} was acknowledged beyond {number}, and later only up to there"


def _lost(ledger: Iterable[Row]) -> dict[str, int]:
    lost = Counter[str]()
    for row in ledger:
        if row.stream == MIC:
            lost.update(row.lost_ns)
    return dict(lost)


def _dishonest(evidence: Evidence) -> Iterator[str]:
    for reason, ns in _lost(evidence.ledger).items():
        if reason not in evidence.allowed:
            yield f"dishonest: {ns / 1e6:.0f} ms are lost as {reason!r}, for which there was no cause"


def _incomplete(evidence: Evidence) -> Iterator[str]:
    """The device has come to its end: all that the day held was captured once, by some boot."""
    captured_ns = sum(row.captured_ns for row in evidence.ledger if row.stream == MIC)
    if evidence.captured_ns and captured_ns != evidence.captured_ns:
        yield f"captured: {captured_ns / 1e6:.0f} ms, and the day held {evidence.captured_ns / 1e6:.0f} ms"

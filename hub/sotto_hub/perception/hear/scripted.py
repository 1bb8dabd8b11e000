"""A recogniser that is told the words: `scripted:FILE`. For demonstrations, tests and examining later rooms alone.

The file holds one JSON object a line: {"start_ns", "end_ns", "text"}. The words of a line are spread evenly over its
time; an utterance gets the words whose middle lies in it. Utterances share no frame, so each word is given once.
"""

import json
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from pathlib import Path

from sotto_hub.errors import UsageError
from sotto_hub.perception.hear.engine import Pcm
from sotto_hub.records import Word


def spread(start_ns: int, end_ns: int, text: str) -> tuple[Word, ...]:
    """The words of one line, each with an equal share of its time."""
    names = text.split()
    edges = [start_ns + (end_ns - start_ns) * at // max(1, len(names)) for at in range(len(names) + 1)]
    return tuple(
        Word(text=name, start_ns=start, end_ns=end, confidence=1.0)
        for name, start, end in zip(names, edges, edges[1:], strict=False)
    )


def read_script(path: Path) -> tuple[Word, ...]:
    """All words of a file in order of time. Raises `UsageError` with the line that is off."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as absent:
        raise UsageError("script_missing", f"the script {path} cannot be read.") from absent
    words = [word for at, line in enumerate(lines, 1) if line.strip() for word in _read_line(path, at, line)]
    return tuple(sorted(words, key=_middle))


def _read_line(path: Path, at: int, line: str) -> Iterable[Word]:
    try:
        row = json.loads(line)
        return spread(int(row["start_ns"]), int(row["end_ns"]), str(row["text"]))
    except (ValueError, KeyError, TypeError) as broken:
        wanted = 'an object with "start_ns", "end_ns" and "text"'
        raise UsageError("script_broken", f"{path} line {at} is not {wanted}.") from broken


def _middle(word: Word) -> int:
    return (word.start_ns + word.end_ns) // 2


class Scripted:
    """The engine."""

    name = "scripted"

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = tuple(words)
        self._middles = [_middle(word) for word in self._words]

    def open(self, start_ns: int, hints: Sequence[str] = (), *, partials: bool = True) -> "ScriptedDecoding":
        """Begins an utterance; hints are not needed."""
        return ScriptedDecoding(self, start_ns, partials=partials)

    def close(self) -> None:
        """Nothing to let go of."""

    def within(self, start_ns: int, end_ns: int) -> tuple[Word, ...]:
        """The words whose middle lies in start ≤ t < end."""
        return self._words[bisect_left(self._middles, start_ns) : bisect_left(self._middles, end_ns)]


class ScriptedDecoding:
    """One utterance: only the length of its sound counts."""

    def __init__(self, engine: Scripted, start_ns: int, *, partials: bool) -> None:
        self._engine = engine
        self._start_ns = start_ns
        self._end_ns = start_ns
        self._partials = partials

    def feed(self, pcm: Pcm) -> str | None:
        """Takes more sound; the words so far when there are more."""
        before = len(self.finish())
        self._end_ns += len(pcm) * 62_500
        words = self.finish()
        return " ".join(word.text for word in words) if self._partials and len(words) > before else None

    def finish(self) -> tuple[Word, ...]:
        """The words that were said in this time."""
        return self._engine.within(self._start_ns, self._end_ns)

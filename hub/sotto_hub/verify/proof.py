"""The proof of an erasure: what was there before, what is there after, and a search for the difference.

Upstream: the Companion servicer, which hands the erasure over as a call. The erasure itself is one step on the event
loop; only the search, which changes nothing, waits.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from sotto_hub.verify.child import look_elsewhere
from sotto_hub.verify.phrases import Texts, Wanted, left_behind, wanted
from sotto_hub.verify.searching import Looked
from sotto_hub.verify.snapshot import snapshot

if TYPE_CHECKING:
    from sotto_hub.store.suggestions import SuggestionShelf
    from sotto_hub.store.transcript import Transcript
    from sotto_memory import Memory

T = TypeVar("T")
LOG: Final = logging.getLogger("sotto.verify")
INDEX: Final = "memory.db (index)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a search of the home has shown.

    `phrases`: how many were looked for. `found_in`: nothing is the proof, where there were any. `still_said`: how
    many more are rightly in what is kept: of them a search can prove nothing.
    """

    files: int
    bytes: int
    phrases: int
    found_in: tuple[str, ...] = ()
    still_said: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prover:
    """Proves erasures in one home. `key`: of its databases, 32 bytes."""

    home: Path
    key: bytes
    transcript: "Transcript"
    memory: "Memory"
    shelf: "SuggestionShelf"

    async def proved(self, erase: Callable[[], T]) -> tuple[T, Search]:
        """Erases, and searches every byte of the home for what is gone. Raises `HomeError`, code `verify`."""
        before = self._texts()
        done = erase()
        after = self._texts()
        looked_for = wanted(before, after)
        phrases = looked_for.phrases()
        looked = await look_elsewhere(self.home, self.key, phrases)
        search = judged(looked, phrases, looked_for, after, index_holds=self.memory.index_holds())
        LOG.info("searched %d files for %d phrases: %d hold one", search.files, search.phrases, len(search.found_in))
        return done, search

    def _texts(self) -> Texts:
        return snapshot(self.transcript, self.memory, self.shelf)


def judged(
    looked: Looked, phrases: tuple[str, ...], looked_for: Wanted, after: Texts, *, index_holds: bool
) -> Search:
    """What was found, without what is rightly there (pure)."""
    hits = {phrases[number] for numbers in looked.found.values() for number in numbers}
    bad = left_behind(hits, looked_for, after)
    found_in = [name for name, numbers in looked.found.items() if any(phrases[n] in bad for n in numbers)]
    if not index_holds:
        found_in.append(INDEX)
    return Search(
        files=looked.files,
        bytes=looked.size,
        phrases=len(phrases) - len(hits - bad),
        found_in=tuple(sorted(found_in)),
        still_said=len(hits - bad),
    )

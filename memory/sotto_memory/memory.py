"""The memory as its users see it: one small class that hands every request to the module that knows how.

Stands at the top of the room. No method reads a clock; `now_ns` is Unix nanoseconds of event time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from sotto_memory import erase, limits, portable, selecting, showing
from sotto_memory.door import guarded
from sotto_memory.errors import MemoryInputError, SottoMemoryError
from sotto_memory.hits import Hit, Recalled
from sotto_memory.keeping import inbox, keep, pruning, resting, succession, truth
from sotto_memory.keeping.keep import Offered
from sotto_memory.keeping.pruning import Pruned
from sotto_memory.keeping.resting import Rested
from sotto_memory.portable import Imported
from sotto_memory.recall import vector_rows
from sotto_memory.recall.asking import PATIENCE_S, Asking
from sotto_memory.recall.embedding import Embedder, embed_each
from sotto_memory.recall.pending import Pending
from sotto_memory.recall.vectors import Meaning, Vectors
from sotto_memory.recall.view import View
from sotto_memory.records import Kind, MemoryRecord
from sotto_memory.showing import Shown
from sotto_memory.store import Store
from sotto_memory.strength import used
from sotto_memory.uses import Use

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@guarded
class Memory:
    """An open memory: keeps, finds, strengthens, lets fade, erases, exports. Close it, or use it in `with`.

    One memory belongs to one thread at a time; any number of programs may have the same file open. Every method may
    raise MemoryStoreError (the file fails), MemoryBusyError (another program holds it), or MemoryInputError (an
    argument of a wrong type).
    """

    def __init__(self, store: Store, embedder: Embedder | None = None, patience_s: float = PATIENCE_S) -> None:
        self._store = store
        self._embedder = embedder
        self._asking = Asking(embedder, patience_s)
        self._vectors, self._pending = Vectors(), Pending()
        store.before_scrub.append(partial(self._vectors.catch_up, store))

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        key: bytes | None,
        zone: tzinfo = UTC,
        embedder: Embedder | None = None,
        patience_s: float = PATIENCE_S,
    ) -> Self:
        """Opens the memory in this file, or makes one.

        `key`: 32 bytes, or None for a file that is not encrypted. `zone`: where the wearer's days begin. `embedder`:
        makes vectors of words, from another thread too; a search waits `patience_s` for it at most, and with 0 never.
        """
        store = Store.open(Path(path), key, zone)
        try:
            erase.scrub_if_free(store)
        except SottoMemoryError:
            store.close()
            raise
        return cls(store, embedder, patience_s)

    def close(self) -> None:
        """Closes the file."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def set_zone(self, zone: tzinfo) -> None:
        """The wearer has moved: days begin there from now on, in questions and in what is kept."""
        self._store.zone = zone

    def add(self, record: MemoryRecord) -> MemoryRecord:
        """Keeps a memory and returns it.

        When a current memory says the same (see `likeness`), that one is returned, resting on the evidence of both.
        New evidence is one use of it: what is told again lasts longer. Raises MemoryInputError: id_taken for an id
        that is kept already, evidence_loop for a conclusion that rests on itself.
        """
        return keep.add(self._store, record)

    def offer(self, record: MemoryRecord) -> Offered:
        """Keeps what is worth keeping: `add` behind a gate. What is doubtful goes to the inbox, junk is counted."""
        return keep.offer(self._store, record)

    def inbox(self) -> list[MemoryRecord]:
        """What waits for the wearer's word, newest first; `doubt` says why. No search finds it."""
        return inbox.waiting(self._store)

    def accept(self, memory_id: str, now_ns: int) -> MemoryRecord:
        """Keeps what waited. Raises MemoryMissingError, and MemoryInputError (not_waiting)."""
        return inbox.accept(self._store, memory_id, now_ns)

    def reject(self, memory_id: str) -> tuple[str, ...]:
        """Erases what waited, to the last byte. Raises as `accept` does. Returns the ids that were erased."""
        return inbox.reject(self._store, memory_id)

    def correct(self, memory_id: str, text: str, now_ns: int) -> MemoryRecord:
        """Lets the wearer's own words take the place of a memory that is wrong; they outrank everything.

        The wrong one stays as what was believed until now. Raises MemoryMissingError and MemoryInputError.
        """
        return truth.correct(self._store, memory_id, text, now_ns)

    def refused(self) -> dict[str, int]:
        """How often `offer` refused, by reason: numbers, never words."""
        return keep.refused(self._store)

    def get(self, memory_id: str) -> MemoryRecord | None:
        """The memory with this id, past ones too."""
        return self._store.get(memory_id)

    def put(self, record: MemoryRecord) -> MemoryRecord:
        """Replaces the memory that has the record's id. Raises MemoryMissingError.

        Words that it no longer says leave the index at once, and the file with the next erasure, rest or opening.
        """
        return keep.put(self._store, record)

    def count(self) -> int:
        """How many memories are kept, past ones too."""
        return self._store.count()

    def search(  # noqa: PLR0913  (all that a question brings)
        self,
        query: str,
        *,
        now_ns: int,
        limit: int = 10,
        include_past: bool = False,
        as_of_ns: int | None = None,
        known_at_ns: int | None = None,
        vector: "NDArray[np.float32] | None" = None,
    ) -> list[Hit]:
        """Memories for the words of a question, best first, each with the reason. Finding is not using: see `use`.

        `include_past`: superseded and faded ones too; `as_of_ns`: what was true then; `known_at_ns`: what was
        known then. `vector`: the meaning of the question, else the embedder is asked. Raises MemoryInputError.
        """
        view = View(include_past=include_past, as_of_ns=as_of_ns, known_at_ns=known_at_ns)
        return list(self._recalled(query, (view,), now_ns, limit, vector).hits)

    def recall(  # noqa: PLR0913  (as above)
        self,
        query: str,
        *,
        now_ns: int,
        limit: int = 10,
        include_past: bool = False,
        as_of_ns: int | None = None,
        known_at_ns: int | None = None,
        vector: "NDArray[np.float32] | None" = None,
    ) -> Recalled:
        """What `search` finds, how sure it is, and whether the question is answered at all. Takes the same.

        When nothing in sight answers, the archive is asked too, before it says that it does not know.
        """
        view = View(include_past=include_past, as_of_ns=as_of_ns, known_at_ns=known_at_ns)
        views = (view, View(as_of_ns=now_ns)) if view == View() else (view,)
        return self._recalled(query, views, now_ns, limit, vector)

    def use(self, memory_id: str, now_ns: int, use: Use = Use.SHOWN) -> MemoryRecord:
        """Notes what happened to a memory and lets it last longer or shorter. Raises MemoryMissingError."""
        return self._store.change(memory_id, lambda record: used(record, now_ns, use))

    def supersede(self, memory_id: str, by_id: str, now_ns: int) -> MemoryRecord:
        """Closes a memory because `by_id` takes its place: it is known no longer, and true until the other began.

        The value of a slot whose successor is still to begin is known, and answers, until then.

        Raises MemoryMissingError for either id, and MemoryInputError (supersede_self, supersede_loop). A memory that
        is closed already stays as it is.
        """
        return succession.supersede(self._store, memory_id, by_id, now_ns)

    def show(self, memory_id: str, now_ns: int, zone: tzinfo | None = None) -> Shown:
        """One memory laid open: why it is kept, its curve, its uses, what it rests on. Raises MemoryMissingError.

        `zone`: where the days in its sentences begin, else that of the memory.
        """
        return showing.show(self._store, memory_id, now_ns, zone)

    def each(self) -> Iterator[MemoryRecord]:
        """All memories, past ones too, oldest first, one at a time: for whoever looks through all of them.

        Nothing may be changed before the last one has been read.
        """
        return self._store.each()

    def rest(self, now_ns: int) -> Rested:
        """Moves what has faded to the archive, and back what has not. How often it ran makes no difference."""
        return resting.rest(self._store, now_ns)

    def erase(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Erases these memories and what rests on them alone, to the last byte. Returns the ids that were erased."""
        return erase.erase(self._store, ids)

    def erase_resting_on(self, evidence_ids: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Erases what rests on this evidence alone; others no longer name it. Returns ids erased, ids changed."""
        return erase.erase_resting_on(self._store, evidence_ids)

    def falling(self, ids: Iterable[str], evidence_ids: Iterable[str] = ()) -> tuple[str, ...]:
        """The ids that `erase` and `erase_resting_on` would erase, these included; nothing is changed."""
        return tuple(erase.falling(self._store, evidence_ids, ids))

    def about_person(self, name: str) -> Sequence[MemoryRecord]:
        """Every memory in which the name stands, past, doubtful and binned ones too: to look at before erasing."""
        return selecting.about_person(self._store, name)

    def within(self, from_ns: int, to_ns: int) -> Sequence[MemoryRecord]:
        """Every memory of what happened or was learnt in [from, to): to look at before erasing."""
        return selecting.within(self._store, from_ns, to_ns)

    def saying(self, query: str) -> Sequence[MemoryRecord]:
        """Every memory that says all words of the query: to look at before erasing."""
        return selecting.saying(self._store, query)

    def erase_person(self, name: str) -> tuple[str, ...]:
        """Erases what `about_person` shows, and what rests on it alone. Returns the ids that were erased."""
        return erase.erase_chosen(self._store, lambda: [record.id for record in self.about_person(name)])

    def erase_span(self, from_ns: int, to_ns: int) -> tuple[str, ...]:
        """Erases what `within` shows, and what rests on it alone. Returns the ids that were erased."""
        return erase.erase_chosen(self._store, lambda: [record.id for record in self.within(from_ns, to_ns)])

    def erase_query(self, query: str) -> tuple[str, ...]:
        """Erases what `saying` shows, and what rests on it alone. Returns the ids that were erased."""
        return erase.erase_chosen(self._store, lambda: [record.id for record in self.saying(query)])

    def prune(self, now_ns: int, *, cap: int = pruning.CAP, dry_run: bool = False) -> Pruned:
        """Puts the most faded memories into the bin, `cap` at most; with `dry_run` only says which.

        It rests first: when `rest` ran last, or whether it ever did, makes no difference.
        Never what is pinned, stated by the wearer or still to do, nor what another memory rests on.
        """
        return pruning.prune(self._store, now_ns, cap=cap, dry_run=dry_run)

    def unprune(self) -> tuple[str, ...]:
        """Brings back what the newest run of `prune` put into the bin. Returns the ids."""
        return pruning.unprune(self._store)

    def empty_bin(self) -> tuple[str, ...]:
        """Erases what is in the bin for good, to the last byte, but for what another memory has come to rest on."""
        return erase.erase_chosen(self._store, lambda: pruning.in_bin_alone(self._store))

    def emptying(self) -> tuple[str, ...]:
        """The ids that `empty_bin` would erase; nothing is changed."""
        return tuple(pruning.in_bin_alone(self._store))

    def index_holds(self) -> bool:
        """Whether the full-text index holds the words of the memories that are kept, and no others."""
        return erase.index_holds(self._store)

    def unembedded(self, embedder_name: str, limit: int = 64) -> Sequence[tuple[str, str]]:
        """Id and text of memories that have no vector of this embedder, newest first; none when all have one."""
        return self._pending.next(self._store, _named(embedder_name), limit)

    def keep_vectors(self, embedder_name: str, vectors: Mapping[str, Any]) -> int:
        """Keeps the vectors that an embedder made of `unembedded` texts, by memory id. Returns how many.

        A memory has one vector: that of another embedder goes. An empty one says that the embedder has none for this
        text. Memories that were erased or reworded meanwhile are passed over. Raises MemoryInputError.
        """
        return self._pending.keep(self._store, _named(embedder_name), vectors)

    def embed_pending(self, limit: int = 64) -> int:
        """Has the embedder make vectors of at most `limit` memories that have none, and returns how many; 0: done.

        Waits for the embedder: call it when there is time. Raises MemoryEmbedderError, and MemoryInputError with code
        `no_embedder`.
        """
        if self._embedder is None:
            raise MemoryInputError("no_embedder", "This memory was opened without an embedder.")
        made = embed_each(self._embedder, dict(self.unembedded(self._embedder.name, limit)))
        return self.keep_vectors(self._embedder.name, made) if made else 0

    @property
    def embedder(self) -> Embedder | None:
        """Who makes vectors of words, if anybody does."""
        return self._embedder

    @property
    def embedder_trouble(self) -> str:
        """Why the last question was compared by its words alone, in one sentence; empty when there is no trouble."""
        return self._asking.trouble

    def export_lines(self, kinds: Sequence[Kind] = ()) -> Iterator[str]:
        """All memories, past ones too, as sotto-memory/1 lines without line ends, as they are now."""
        return portable.to_lines(self._store.in_order(kinds))

    def import_lines(self, lines: Iterable[str]) -> Imported:
        """Brings sotto-memory/1 lines in, all or none. Twice changes nothing. Raises MemoryInputError."""
        return portable.bring_in(self._store, lines)

    def list(
        self, kinds: Iterable[Kind] = (), include_past: bool = False, limit: int | None = None
    ) -> list[MemoryRecord]:
        """Memories, newest first, of these kinds (none: of all). Past: superseded, and put away by a rest.

        As it is recorded, for no moment: what is still to begin is listed too, and what has faded until a rest has
        noted it. What holds at a moment, `search` works out.
        """
        return self._store.newest(kinds, include_past=include_past, limit=limit)

    def _recalled(
        self, query: str, views: Sequence[View], now_ns: int, limit: int, vector: "NDArray[np.float32] | None"
    ) -> Recalled:
        """What the first of the views brings back that answers, else what the first one does."""
        from sotto_memory.recall.search import recall  # numpy comes with the first question

        meaning, most = self._meaning(query, vector), limits.bounded(limit)
        every = (recall(self._store, query, view=one, now_ns=now_ns, limit=most, meaning=meaning) for one in views)
        first = next(every)
        found = first if first.known else next((one for one in every if one.known), first)
        return replace(found, trouble="" if meaning else self.embedder_trouble)

    def _meaning(self, query: str, vector: "NDArray[np.float32] | None") -> Meaning | None:
        """What a question means: by the vector that came with it, else by the embedder's; None: words must do.

        A vector that came is taken to be the embedder's, else of whoever made the newest vector that is kept.
        """
        made = self._asking.vector(query) if vector is None else vector
        if made is None:
            return None
        with self._store.reading():
            name = self._embedder.name if self._embedder else vector_rows.newest_embedder(self._store)
        return Meaning(store=self._store, vectors=self._vectors, embedder=name, vector=made)


def _named(embedder_name: str) -> str:
    limits.check_id("embedder", embedder_name)
    return embedder_name

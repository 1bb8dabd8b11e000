"""Erasing memories by hand: one, a person, a span of time, words, or the bin; to look at first, and then for good.

A person, a span or words go from what was heard, too: `TakingBack.unsay` takes those utterances back, and all that
rests on them. One memory by its id, and the bin, go alone: what was heard stays in the transcript.
"""

from collections.abc import Iterable, Sequence

from sotto_hub.companion.sayings import Selection, offered_by, said_by, words_meant
from sotto_hub.errors import UsageError
from sotto_hub.hub import Hub
from sotto_hub.records import Erased, Utterance
from sotto_memory import MemoryRecord


class Erasing:
    """The way out of one hub's memory."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._memory = hub.stores.memory

    def chosen(self, what: Selection) -> list[MemoryRecord]:
        """What an erasure would take, with what rests on it alone. Raises `UsageError`, code `unknown_memory`."""
        ids = self._falling(what, [said.id for said in self.heard(what)])
        return [record for record in map(self._memory.get, ids) if record]

    def heard(self, what: Selection) -> list[Utterance]:
        """What was heard that an erasure would take back, oldest first: by id and of the bin, nothing."""
        transcript = self._hub.stores.transcript
        if what.span is not None:
            from_ns, to_ns = what.span
            found = filter(None, map(transcript.get, transcript.touching(from_ns, to_ns) if from_ns < to_ns else ()))
            return sorted(found, key=lambda said: (said.start_ns, said.id))
        meant = words_meant(what)
        return [said for said in transcript.utterances() if meant(said_by(said, what))] if meant else []

    def erase(self, what: Selection) -> Erased:
        """Erases a selection, what was heard of it, and what rests on either, for good.

        Raises `UsageError` (`unknown_memory`), and `HomeError` or `SottoMemoryError` when not all of it is gone yet:
        the hub goes on taking back what was heard.
        """
        ids = [said.id for said in self.heard(what)]
        suggestions = self._offered(what, (*ids, *self._falling(what, ids)))
        return self._hub.unsay(ids, lambda: self._remembered(what, suggestions))

    def _remembered(self, what: Selection, suggestions: Sequence[str]) -> Erased:
        """Erases the memories that are chosen; suggestions first, for nothing would tell which rested on them."""
        self._hub.stores.shelf.erase(suggestions)
        return Erased(from_ns=0, to_ns=0, memory_ids=self._gone(what), suggestion_ids=tuple(suggestions))

    def _offered(self, what: Selection, ids: Sequence[str]) -> list[str]:
        """The suggestions that rest on these, or say the words."""
        shelf, meant = self._hub.stores.shelf, words_meant(what)
        saying = [offer.id for offer in shelf.all() if meant(offered_by(offer))] if meant else []
        return list(dict.fromkeys([*saying, *(offer.id for offer in shelf.resting_on(ids))]))

    def _falling(self, what: Selection, utterance_ids: Sequence[str]) -> tuple[str, ...]:
        """The ids of the memories that would go when these utterances do."""
        named = self._named(what)
        wanted = dict.fromkeys((*named, *self._hub.mind.falling(utterance_ids)))
        return self._memory.falling(wanted, utterance_ids)

    def _named(self, what: Selection) -> Sequence[str]:
        """The ids that are meant, without what falls with them."""
        if what.bin:
            return self._memory.emptying()
        if what.person is not None:
            return _ids(self._memory.about_person(what.person))
        if what.span is not None:
            return _ids(self._memory.within(*what.span))
        if what.query is not None:
            return _ids(self._memory.saying(what.query))
        if what.id is None or self._memory.get(what.id) is None:
            raise UsageError("unknown_memory", "there is no such memory")
        return (what.id,)

    def _gone(self, what: Selection) -> tuple[str, ...]:
        """Erases; a selection is made anew within the transaction, so that nobody slips in between."""
        if what.bin:
            return self._memory.empty_bin()
        if what.person is not None:
            return self._memory.erase_person(what.person)
        if what.span is not None:
            return self._memory.erase_span(*what.span)
        if what.query is not None:
            return self._memory.erase_query(what.query)
        return self._memory.erase([what.id or ""])


def _ids(records: Iterable[MemoryRecord]) -> tuple[str, ...]:
    return tuple(record.id for record in records)

"""All words that the hub keeps at one moment, read from its stores; in RAM, while an erasure is being proved."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sotto_hub.verify.phrases import Texts, words_of
from sotto_memory.records import MemoryRecord

if TYPE_CHECKING:
    from sotto_hub.store.suggestions import SuggestionShelf
    from sotto_hub.store.transcript import Transcript
    from sotto_memory import Memory


def snapshot(transcript: "Transcript", memory: "Memory", shelf: "SuggestionShelf") -> Texts:
    """What is heard, remembered and offered now."""
    heard = {utterance.id: utterance.text for utterance in transcript.utterances()}
    records = memory.list(include_past=True)
    said = heard | {record.id: record.text for record in records} | quoted(records)
    return Texts(
        said=said,
        offered={suggestion.id: suggestion.text for suggestion in shelf.all()},
        rightful=frozenset(heard) | {record.id for record in records if stands(record, said)},
    )


def quoted(records: Iterable[MemoryRecord]) -> dict[str, str]:
    """The words of its evidence that a memory carries, by the ids of both. They are nobody's own: never rightful."""
    return {f"{record.id} {name}": words for record in records for name, words in record.quotes.items()}


def stands(record: MemoryRecord, said: Mapping[str, str]) -> bool:
    """Whether a memory may hold its words: it rests on nothing that was heard here, or all of them were heard there.

    The day that a commitment's text ends with is no word of anybody; the detail `what` is the text without it.
    """
    known = [said[one] for one in record.evidence if one in said and one != record.id]
    told = record.details.get("what", record.text)
    return not known or words_of(told) <= words_of("\n".join(known))

"""What became of an erasure, and the proof of it: how much was searched, and whether anything is left (pure)."""

from collections.abc import Iterator

from sotto_hub.surfaces.amounts import say_bytes
from sotto_hub.surfaces.lines import count
from sotto_proto.v1 import companion_pb2 as pb


def erased_counts(reply: pb.EraseReply) -> str:
    """What went, in numbers: "2 utterances, 1 memory, 0 suggestions"."""
    went = (count(reply.utterances, "utterance"), count(reply.memories, "memory", "memories"))
    return f"{', '.join(went)}, {count(reply.suggestions, 'suggestion')}"


def search_sentence(reply: pb.EraseReply) -> str:
    """The search in one sentence: "searched 45 files, 12.3 MB, for 7 phrases: none left"."""
    if not reply.HasField("search"):
        return "not searched: this hub cannot prove an erasure yet"
    search = reply.search
    scope = f"searched {count(search.files, 'file')}, {say_bytes(search.bytes)}"
    if not search.phrases and not search.found_in:
        return f"{scope}: {_why_nothing(reply)}"
    left = f"still found in {count(len(search.found_in), 'file')}" if search.found_in else "none left"
    return f"{scope}, for {count(search.phrases, 'phrase')}: {left}{_still_said(search)}"


def search_lines(reply: pb.EraseReply) -> Iterator[str]:
    """The sentence, and each file that still holds something."""
    yield search_sentence(reply)
    yield from (f"  {name}" for name in reply.search.found_in)


def proved(reply: pb.EraseReply) -> bool:
    """Whether the search was made and found nothing; where something went, only if anything could be looked for."""
    search = reply.search
    return reply.HasField("search") and not search.found_in and bool(search.phrases or not _went(reply))


def _went(reply: pb.EraseReply) -> int:
    return reply.utterances + reply.memories + reply.suggestions


def _why_nothing(reply: pb.EraseReply) -> str:
    """Why no phrase was looked for."""
    if not _went(reply):
        return "nothing went, so there was nothing to look for"
    if reply.search.still_said:
        return "not proved, for all words that went are still said by what is kept, such as the transcript"
    return "not proved, for what went has no words long enough to look for"


def _still_said(search: pb.Search) -> str:
    if not search.still_said:
        return ""
    return f"; {count(search.still_said, 'other')} not counted, which what is kept says too"

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
    if not search.phrases:
        return f"{scope}: no words went, so there was nothing to look for"
    left = f"still found in {count(len(search.found_in), 'file')}" if search.found_in else "none left"
    return f"{scope}, for {count(search.phrases, 'phrase')}: {left}"


def search_lines(reply: pb.EraseReply) -> Iterator[str]:
    """The sentence, and each file that still holds something."""
    yield search_sentence(reply)
    yield from (f"  {name}" for name in reply.search.found_in)


def proved(reply: pb.EraseReply) -> bool:
    """Whether the search was made and found nothing."""
    return reply.HasField("search") and not reply.search.found_in

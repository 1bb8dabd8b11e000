"""One line of plain text for each thing that happens (pure): what `sotto demo` prints when there is no terminal."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Final

from sotto_hub.surfaces.localtime import clock, say_due
from sotto_hub.surfaces.refusal import refusal_sentence
from sotto_proto.v1 import companion_pb2 as pb

_COLUMN: Final = 10
_LONGEST: Final = 120
_INDENT: Final = " " * (8 + 2 + _COLUMN)


def event_lines(event: pb.Event, zone: tzinfo) -> list[str]:  # noqa: PLR0911  (one line a kind)
    """The lines of an event; none for partial words and states, which only a live screen shows."""
    match event.WhichOneof("kind"):
        case "utterance":
            return [utterance_line(event.utterance, zone)]
        case "memory":
            return [_line(clock(event.memory.recorded_ns, zone), "kept", memory_text(event.memory, zone))]
        case "suggestion":
            return list(suggestion_lines(event.suggestion, zone))
        case "erased":
            return [erased_line(event.erased, zone)]
        case "refused":
            return [_line("", "refused", refusal_sentence(event.refused))]
        case "lagged":
            return [_line("", "lagged", f"{event.lagged.missed} events were missed here, none by the hub")]
        case _:
            return []


def utterance_line(utterance: pb.Utterance, zone: tzinfo) -> str:
    """What was heard, when, and from whom where that is known."""
    who = f"{utterance.speaker}: " if utterance.speaker else ""
    return _line(clock(utterance.start_ns, zone), "heard", who + utterance.text)


def memory_text(memory: pb.Memory, zone: tzinfo) -> str:
    """A memory with its kind and, for a commitment, its due time and state."""
    status = memory.details.get("status", "")
    notes = [f"due {say_due(due, zone)}"] if (due := memory.details.get("due", "")) else []
    notes += [status] if status not in ("", "open") else []
    notes += ["no longer true"] if is_past(memory) else []
    notes += ["archived"] if memory.archived else []
    notes += ["in the bin"] if memory.binned_ns else []
    notes += [f"in doubt: {memory.doubt}"] if memory.doubt else []
    return f"{memory.kind}: {shorten(memory.text)}" + (f" ({', '.join(notes)})" if notes else "")


def is_past(memory: pb.Memory) -> bool:
    """Whether it was true and is no more. An episode is always over; that makes it no less true."""
    return bool(memory.superseded_ns or (memory.valid_until_ns and memory.kind != "episode"))


def shorten(text: str) -> str:
    """Text of several lines as one line, its end left out when it is long."""
    one = " / ".join(line.strip() for line in text.splitlines() if line.strip())
    return one if len(one) <= _LONGEST else one[: _LONGEST - 2].rstrip() + " …"


def suggestion_lines(suggestion: pb.Suggestion, zone: tzinfo) -> Iterator[str]:
    """What is offered and why; or, once it is answered, the answer."""
    if suggestion.state > pb.SUGGESTION_STATE_OFFERED:
        word = pb.SuggestionState.Name(suggestion.state).rsplit("_", 1)[-1].lower()
        yield _line(clock(suggestion.answered_ns, zone), word, suggestion.text)
        return
    yield _line(clock(suggestion.at_ns, zone), "offers", suggestion.text)
    if suggestion.reason:
        yield f"{_INDENT}why: {suggestion.reason}"


def erased_line(erased: pb.Erased, zone: tzinfo) -> str:
    """What went off the record: how much, never what."""
    went = (
        f"{count(len(erased.utterance_ids), 'utterance')} and {count(len(erased.memory_ids), 'memory', 'memories')}"
    )
    if not erased.to_ns:
        return _line("", "erased", went)
    span = f"{clock(erased.from_ns, zone)} to {clock(erased.to_ns, zone)}"
    return _line(clock(erased.to_ns, zone), "erased", f"off the record from {span}: {went}")


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 memory", "2 memories"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _line(at: str, what: str, text: str) -> str:
    return f"{at:<8}  {what:<{_COLUMN}}{text}"

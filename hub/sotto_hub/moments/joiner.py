"""Joins utterances into moments and knows when a conversation is over (pure).

A moment ends at a pause, or at a cap. A conversation ends when two minutes of silence were *sensed*. While nothing is
sensed, silence proves nothing: people may have gone on talking with the device away, so only after sixteen minutes is
a conversation taken to be over.
"""

from dataclasses import dataclass, replace
from enum import Enum

from sotto_hub.moments.ids import id_at
from sotto_hub.records import Moment, Utterance

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkLimits:
    """When talk is cut: nanoseconds, and the most utterances and letters of one moment."""

    pause_ns: int = 30 * SECOND_NS
    longest_ns: int = 300 * SECOND_NS
    most_utterances: int = 40
    most_letters: int = 6000
    silence_ns: int = 120 * SECOND_NS
    unsensed_ns: int = 16 * 60 * SECOND_NS


class Ending(Enum):
    """What came to an end."""

    MOMENT = "moment"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Where the talk stands: the open moment, the last words, and how much silence was sensed since.

    `opened` names the open moment from its first line on, whatever is taken back of it later. `seen_ns` is the time
    up to which all this is known.
    """

    lines: tuple[Utterance, ...] = ()
    opened: str = ""
    opened_ns: int = 0
    talking: bool = False
    words_ns: int = 0
    silent_ns: int = 0
    seen_ns: int = 0


def said(talk: Talk, utterance: Utterance) -> Talk:
    """The talk with one more utterance."""
    end_ns = max(utterance.end_ns, talk.words_ns)
    if not talk.lines:
        opened = id_at(utterance.start_ns, utterance.id)
        talk = replace(talk, opened=opened, opened_ns=utterance.start_ns)
    lines = (*talk.lines, utterance)
    return replace(talk, lines=lines, talking=True, words_ns=end_ns, silent_ns=0, seen_ns=max(talk.seen_ns, end_ns))


def full(talk: Talk, limits: TalkLimits) -> bool:
    """True when the open moment has reached its cap."""
    if not talk.lines:
        return False
    long = talk.words_ns - talk.lines[0].start_ns >= limits.longest_ns
    much = sum(len(u.text) for u in talk.lines) >= limits.most_letters
    return long or much or len(talk.lines) >= limits.most_utterances


def passed(talk: Talk, now_ns: int, *, sensing: bool) -> Talk:
    """The talk after time went by without words up to `now_ns`."""
    if now_ns <= talk.seen_ns:
        return talk
    more_ns = now_ns - max(talk.seen_ns, talk.words_ns) if sensing else 0
    return replace(talk, seen_ns=now_ns, silent_ns=talk.silent_ns + max(0, more_ns))


def next_end(talk: Talk, limits: TalkLimits, *, sensing: bool) -> tuple[int, Ending] | None:
    """The next thing that ends if no words come, and when; the moment before the conversation."""
    ends: list[tuple[int, Ending]] = []
    if talk.lines:
        ends.append((max(talk.seen_ns, talk.words_ns + limits.pause_ns), Ending.MOMENT))
    if talk.talking:
        over_ns = talk.words_ns + limits.unsensed_ns
        if sensing:
            quiet_ns = max(talk.seen_ns, talk.words_ns) + limits.silence_ns - talk.silent_ns
            over_ns = min(over_ns, quiet_ns)
        ends.append((max(talk.seen_ns, over_ns), Ending.CONVERSATION))
    return min(ends, key=lambda end: end[0], default=None)


def moment_of(talk: Talk) -> Moment:
    """The open moment, as far as it has come (at least one line)."""
    end_ns = max(u.end_ns for u in talk.lines)
    return Moment(id=talk.opened, start_ns=talk.opened_ns, end_ns=end_ns, utterances=talk.lines)


def without(talk: Talk, ids: frozenset[str]) -> Talk:
    """The talk as if some utterances had not been heard (that time went by stays true)."""
    return replace(talk, lines=tuple(u for u in talk.lines if u.id not in ids))

"""Turns: final words are cut where the talk paused, so that one utterance holds one person's turn (pure)."""

from collections.abc import Sequence

from sotto_hub.records import Word


def split(words: Sequence[Word], pause_ns: int) -> tuple[tuple[Word, ...], ...]:
    """Groups words in order; a new group begins after a silence of at least `pause_ns`."""
    turns: list[list[Word]] = []
    for word in words:
        if turns and word.start_ns - turns[-1][-1].end_ns < pause_ns:
            turns[-1].append(word)
        else:
            turns.append([word])
    return tuple(tuple(turn) for turn in turns)

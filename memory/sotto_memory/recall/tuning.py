"""The numbers of the ranking, all in one place (pure).

Every search takes the defaults; `tests/bench/locomo.py` shows what each is worth on conversations by which it was not
chosen. Weights are shares of the best score by words, which is 1.
"""

from dataclasses import dataclass

Kernel = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """How much each part of the ranking weighs."""

    kernel: Kernel = ((-4, 0.1), (-3, 0.2), (-2, 0.4), (-1, 0.5), (1, 0.4), (2, 0.2), (3, 0.1))
    """How far words said beside count: (place of the giver, share)."""
    answers: float = 0.3
    """What the row right before gives on top when it asks a question."""
    k1: float = 1.2
    b: float = 0.6
    """Saturation and length of bm25."""
    variant: float = 0.5
    """Presence of a variant in place of the word."""
    of_day: float = 0.8
    """Presence of the name of a day in what happened on it, but does not say it."""
    frame: float = 0.3
    """Weight of the words that frame a question."""
    person: float = 1.0
    """A row by or about a person who is named."""
    wearer: float = 0.15
    """The wearer's own words, for a question of the wearer about the wearer."""
    stranger: float = 0.6
    """What is left of a statement about another than the wearer asks about."""
    place: float = 0.2
    time: float = 0.25
    """A row within the time that is named, or with a time in it where one is asked for."""
    when: float = 1.0
    asking: float = 0.5
    """By how much a row loses that only asks."""
    length: float = 0.3
    """Exponent of ln(2 + words): very short rows seldom answer."""
    self_talk: float = 0.1
    feedback: float = 0.2
    """Words of the best hits, as a second question."""
    feedback_hits: int = 3
    feedback_words: int = 8
    evidence: float = 0.15
    """What rests on the same evidence as one of the best hits, or on it, or under it."""
    meaning: float = 0.15
    """The most that a near meaning adds to a row that was found by words."""
    guest: float = 0.5
    """The most that it gives to a row that no word found."""
    guests: int = 3
    """So many of those, at most."""
    slot: float = 2.0
    """A row that holds the very value that is asked for: more than all other parts together."""
    rivals: int = 20
    """So many of the best are asked whether one of them is newer."""
    newest: float = 0.23
    """By how much the newest of equals leads: more than strength can sway."""
    pool: int = 100
    """So many rows are looked at closely."""
    then: int = 60
    """And so many of the time that is named."""

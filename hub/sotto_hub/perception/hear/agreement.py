"""LocalAgreement-2: which words of a growing guess may be shown (pure).

A recogniser that hears a sentence again and again, each time with more sound, changes its mind at the end. Words that
two guesses in a row agree on are shown, and only two that agree on something else overrule them. After Macháček,
Dabre and Bojar 2023, "Turning Whisper into Real-Time Transcription System". Words are compared without case and
punctuation, or a comma would hold words back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The words agreed on so far, and the newest guess."""

    agreed: tuple[str, ...] = ()
    newest: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The agreed words as one line."""
        return " ".join(self.agreed)


def normalised(word: str) -> str:
    """A word without case and punctuation: "Hello," is "hello". A lone sign stays itself."""
    plain = "".join(sign for sign in word.casefold() if sign.isalnum() or sign == "'")
    return plain or word.strip()


def agree(state: Agreement, guess: Sequence[str]) -> Agreement:
    """Takes the next guess. One guess alone takes nothing back and adds nothing; two in a row do both."""
    newest = tuple(guess)
    both = newest[: _common(state.newest, newest)]
    grows = _common(state.agreed, both) < len(both)
    return Agreement(agreed=both if grows else state.agreed, newest=newest)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: normalised(pair[0]) == normalised(pair[1]), pairs))

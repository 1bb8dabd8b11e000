"""The guard: words that a recogniser made up are dropped, and every drop is counted by its reason (pure).

Recognisers fill silence with phrases from their training and fall into loops. Segments that the model itself holds
for silence (no-speech probability > 0.6 and mean log-probability < -1) are dropped in the engine, which knows them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sotto_hub.perception.hear.agreement import normalised
from sotto_hub.records import Word

PHANTOMS: Final = frozenset({
    "thanks for watching",
    "thank you for watching",
    "thank you very much for watching",
    "please subscribe",
    "please subscribe to my channel",
    "like and subscribe",
    "subscribe to my channel",
    "subtitles by the amaraorg community",
    "thank you",
    "thank you very much",
    "thanks",
    "bye",
    "bye bye",
    "you",
    "so",
    "okay",
    "the",
    "the end",
    "huh",
    "hmm",
})  # fmt: skip
"""What recognisers say of silence and noise. People say some of these too, so only little voice condemns them."""

LITTLE_VOICE: Final = 0.3
"""Mean speech probability of an utterance below which a phantom phrase is not believed."""

LONGEST_LOOP: Final = 12
"""Longest phrase, in words, that is looked for as a loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The words that may pass, and why others did not (empty: nothing was dropped)."""

    words: tuple[Word, ...]
    reason: str = ""


def judge(words: Sequence[Word], voice: float) -> Verdict:
    """Decides over one utterance. `voice`: its mean speech probability, 0..1. Reasons: no_words, phantom, loop."""
    if not words:
        return Verdict(words=(), reason="no_words")
    if voice < LITTLE_VOICE and " ".join(normalised(word.text) for word in words) in PHANTOMS:
        return Verdict(words=(), reason="phantom")
    kept = unlooped(words)
    return Verdict(words=kept, reason="loop" if len(kept) < len(words) else "")


def unlooped(words: Sequence[Word]) -> tuple[Word, ...]:
    """Words with every loop said once. People repeat themselves: "no no no" passes, and a phrase said twice."""
    names = [normalised(word.text) for word in words]
    kept: list[Word] = []
    at = 0
    while at < len(names):
        size, times = _loop(names, at)
        kept += words[at : at + size]
        at += size * times
    return tuple(kept)


def _loop(names: Sequence[str], at: int) -> tuple[int, int]:
    """The phrase at a place and how often it follows itself; (1, 1) where there is no loop."""
    for size in range(1, min(LONGEST_LOOP, (len(names) - at) // 3) + 1):
        phrase = names[at : at + size]
        times = 1
        while names[at + size * times : at + size * (times + 1)] == phrase:
            times += 1
        if times >= (5 if size <= 2 else 3):
            return size, times
    return 1, 1

"""English words with their place in the text, and light stems (pure).

Recognisers write with or without case, punctuation and digits; everything after this file sees lower-case words, with
contractions opened ("i'll" → "i will") so that one pattern serves both ways of saying it.
"""

import re
from dataclasses import dataclass
from typing import Final

WORD: Final = re.compile(r"\d{1,2}[:.]\d{2}(?!\d)|\d+(?:st|nd|rd|th)?|[^\W\d_]+(?:['’][^\W\d_]+)*")
HALVES: Final = re.compile(r"\b([ap])\.?\s?m\b\.?", re.IGNORECASE)
OPENED: Final = {
    "won't": ("will", "not"),
    "can't": ("can", "not"),
    "cannot": ("can", "not"),
    "let's": ("let", "us"),
    "gonna": ("going", "to"),
    "i'm": ("i", "am"),
}
ENDINGS: Final = {"'ll": "will", "'re": "are", "'ve": "have", "n't": "not"}
IRREGULAR: Final = {
    "sent": "send",
    "bought": "buy",
    "brought": "bring",
    "came": "come",
    "did": "do",
    "done": "do",
    "went": "go",
    "gone": "go",
    "took": "take",
    "taken": "take",
    "gave": "give",
    "given": "give",
    "paid": "pay",
    "met": "meet",
    "wrote": "write",
    "written": "write",
    "made": "make",
    "got": "get",
    "told": "tell",
    "said": "say",
    "lent": "lend",
    "left": "leave",
    "kept": "keep",
    "found": "find",
    "saw": "see",
    "seen": "see",
    "children": "child",
}
BE: Final = frozenset({"it", "he", "she", "that", "there", "what", "who", "where", "when", "here"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word and where it stands in the text it was read from."""

    word: str
    start: int
    end: int


def vocabulary(text: str) -> tuple[str, ...]:
    """A word list written as a text, so that long lists stay readable."""
    return tuple(text.split())


def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text, lower case, contractions opened; both halves of one keep its place."""
    even = HALVES.sub(lambda m: m.group(0).replace(".", " ").replace(" ", "").ljust(len(m.group(0))), text)
    return tuple(
        Token(word=part, start=m.start(), end=m.end())
        for m in WORD.finditer(even)
        for part in opened(m.group(0).lower().replace("’", "'"))
    )


def opened(word: str) -> tuple[str, ...]:
    """A word without its contraction: "they'll" → ("they", "will")."""
    if word in OPENED:
        return OPENED[word]
    for ending, full in ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending):
            return (word[: -len(ending)], full)
    if word.endswith("'s") and word[:-2] in BE:
        return (word[:-2], "is")
    return (word,)


def stem(word: str) -> str:
    """A light stem: possessives, plurals and the commonest verb endings go."""
    word = word.removesuffix("'s").removesuffix("'")
    word = IRREGULAR.get(word, word)
    for ending, least in (("ing", 6), ("ied", 5), ("ies", 5), ("ed", 5), ("es", 5), ("s", 4), ("e", 4)):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            word = word[: -len(ending)] + ("i" if ending in ("ied", "ies") else "")
            break
    if word.endswith("y") and len(word) > 3:
        word = word[:-1] + "i"
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeos" else word

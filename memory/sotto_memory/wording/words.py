"""Words of a text, and which of them count (pure).

Stands at the bottom of the room: `keeping` compares texts by their roots, `recall` asks for the words that say much.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_SAYING_LITTLE: Final = """
a about am an and any are as at be been but by can could d did do does for from had has have he her hers him his
how i if in is it its just ll m me my of on or our ours re s shall she should so some t than that the their them
then there these they this those to us ve was we were what when where which who whom whose why with would you
your yours
"""
STOP_WORDS: Final = frozenset(_SAYING_LITTLE.split())
"""Words that say little. Words that are names too (will, may, mark) are not among them."""

_WORD: Final = re.compile(r"[^\W_]+")
_ENDINGS: Final = re.compile(r"(?<=[^\W\d_]{3})(?:ies|es|s|ed|ing)$")


def words(text: str) -> list[str]:
    """The words of a text in order, case folded, compatibility forms made plain."""
    return _WORD.findall(level(text))


def level(text: str) -> str:
    """A text case folded, compatibility forms made plain. Every word's root stands in it."""
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=20_000)
def root(word: str) -> str:
    """A word without its commonest English endings: "likes", "liked" and "liking" meet, names stay whole enough."""
    bare = _ENDINGS.sub("", word)
    return bare.rstrip("e") if len(bare) > 3 else bare

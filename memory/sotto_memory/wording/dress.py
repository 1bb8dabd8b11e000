"""The dress of a statement in English: what may change between two tellings and leaves what is said as it was (pure).

Stands beside `words`. `keeping.likeness` undresses both tellings and compares what is left, word by word.
"""

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"(?<![\w.,:])[-+]?\d+(?:[.,:]\d+)*\w*"  # numbers keep their sign and what divides them
    r"|[^\s.,;:!?\"“”„«»()\[\]{}<>…–—_*~`·•|\\/-]+"  # all else but plain punctuation, whatever its script
)
_APOSTROPHES: Final = str.maketrans("’‘ʼ´", "''''")
_HAVE_GOT: Final = re.compile(r"(?:'s| has|'ve| have) got\b", re.IGNORECASE)
_SPELT: Final = """
im i am, ive i have, dont do not, doesnt does not, didnt did not, isnt is not, arent are not, wasnt was not,
werent were not, cant can not, cannot can not, wont will not, couldnt could not, wouldnt would not,
shouldnt should not, hasnt has not, havent have not, hadnt had not, youre you are, youve you have, theyre they are,
theyve they have, hes he is, shes she is, thats that is, theres there is, whats what is, gonna going to,
wanna want to, gotta have to, ok okay, has have
"""
_SPELT_OUT: Final = MappingProxyType({one.split()[0]: one.split()[1:] for one in _SPELT.split(",")})
"""Contractions without apostrophe, as recognisers of speech write them too. "Its", "ill" and "were" are words."""

_ENDS: Final = (("'s", ""), ("'m", " am"), ("'re", " are"), ("'ve", " have"), ("'ll", " will"), ("s'", "s"))
_BEFORE: Final = re.compile(
    r"(?:(?:well|so|and|but|oh|ah|um+|uh+|hm+|er|okay|yes|yeah|hey|anyway|actually|honestly|you know|i mean"
    r"|by the way|to be honest|just so you know|for the record|note to self|fyi|just"
    r"|(?:please |always )?(?:remember|note|keep in mind|(?:do not|never) forget)(?: that)?"
    r"|i (?:want|would like|need) you to (?:remember|know)(?: that)?|i told you(?: that)?) )+"
)
_AFTER: Final = re.compile(r"(?: (?:you know|right|please|okay|though|by the way|anyway|um+|uh+|hm+))+$")
_ARTICLES: Final = frozenset({"a", "an", "the"})
_COUNTED: Final = re.compile(r"[-+]?\d[\d.,:]*(?:st|nd|rd|th|am|pm)")
_IS: Final = frozenset({"am", "is", "are"})
_MARKS: Final = """
really very just actually basically literally simply totally absolutely definitely certainly truly honestly obviously
indeed also still currently now um umm uh uhh hm hmm er erm
"""
_UNDERLINING: Final = frozenset(_MARKS.split())
"""Words that only underline. "Only", "never", "too", "not", "was" and "will" say something."""
_AUXILIARIES: Final = "is are am do does did can could will would shall should have was were"
_ASKING: Final = frozenset(_AUXILIARIES.split())
"""A sentence that begins with one of these asks, whatever its last character is."""


class Word(NamedTuple):
    """One word that counts: in small letters; `named`: written like a name; `owner`: with 's; `going`: after "is"."""

    word: str
    named: bool = False
    owner: bool = False
    going: bool = False


def bare(text: str) -> list[Word]:
    """The words of a statement that count, in their order; the question mark last for what asks.

    "Actually, I'm really living in Oslo now!" and "i live in oslo" give words that meet pairwise (see `same_word`).
    """
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    said = _without_frame(_spelt_out(_TOKEN.findall(_HAVE_GOT.sub(" have", plain))))
    asks = plain.rstrip().endswith("?") or (bool(said) and said[0].word in _ASKING)
    return (_counting(said) or said) + ([Word("?")] if asks else [])


def codes(text: str) -> dict[str, str]:
    """The passwords, plates and the like in a text: as it writes them, by their folded form."""
    tokens = _TOKEN.findall(unicodedata.normalize("NFKC", text))
    return {folded: token for token in tokens if _is_code(token, folded := token.casefold())}


def same_word(one: Word, other: Word) -> bool:
    """True for one word in two dresses: number, third person, "is going". Names differ by every letter."""
    if one.word == other.word:
        return True
    if (one.named or other.named) and not (one.owner or other.owner):
        return False
    a, b = _singular(one.word), _singular(other.word)
    return a == b or (one.going and _going(a, b)) or (other.going and _going(b, a))


@lru_cache(maxsize=20_000)
def coarse(word: str) -> str:
    """What two words have in common whenever `same_word` may hold; others may share it too."""
    if word.endswith("ing") and len(word) > 5:
        word = word[:-3]
    cut = word.removesuffix("s").rstrip("es") if len(word) > 3 else word
    cut = cut[:-1] + "i" if cut.endswith("y") else cut
    return cut[:-1] if len(cut) > 2 and cut[-1] == cut[-2] else cut


def _spelt_out(tokens: list[str]) -> list[Word]:
    return [word for token in tokens for word in _words_of(token)]


@lru_cache(maxsize=20_000)
def _words_of(token: str) -> tuple[Word, ...]:
    folded = token.casefold()
    if "'" in folded:
        return _contracted(token, folded)
    if folded in _SPELT_OUT:
        return tuple(map(Word, _SPELT_OUT[folded]))
    said = token if _is_code(token, folded) else folded
    if said[0].isdigit():
        said = said.replace(":", ".")  # half past four is 4:30 and 4.30
    return (Word(said, named=token[0].isupper()),)


def _is_code(token: str, folded: str) -> bool:
    """True for letters and digits in one: a password, a number plate. It keeps its case; 4PM and 2ND do not."""
    mixed = any(map(str.isdigit, token)) and any(map(str.isalpha, token))
    return mixed and not _COUNTED.fullmatch(folded)


def _contracted(token: str, folded: str) -> tuple[Word, ...]:
    joined = folded.replace("'", "")
    if joined in _SPELT_OUT:
        return tuple(map(Word, _SPELT_OUT[joined]))
    for end, full in _ENDS:
        if folded.endswith(end) and folded != end:
            first, *rest = (folded.removesuffix(end) + full).split()
            return (Word(first, named=token[0].isupper(), owner=end in {"'s", "s'"}), *map(Word, rest))
    return (Word(joined, named=token[0].isupper()),) if joined else ()


def _without_frame(said: list[Word]) -> list[Word]:
    """What is said, without "well, please remember that" before it and "you know" after it."""
    line = " ".join([one.word for one in said])
    before = _BEFORE.match(line)
    first = before[0].count(" ") if before else 0
    after = _AFTER.search(line, before.end() if before else 0)
    last = len(said) - (after[0].count(" ") if after else 0)
    return said[first:last] or said


def _counting(said: list[Word]) -> list[Word]:
    kept: list[Word] = []
    going = False
    for place, one in enumerate(said):
        if one.word in _IS or one.owner:
            going = True
        if one.word in _IS and place:
            continue
        if one.word in _UNDERLINING or (one.word in _ARTICLES and place + 1 < len(said)):
            continue
        kept.append(one._replace(going=True) if going and one.word.endswith("ing") else one)
        going = one.owner or (going and one.word == "not")
    return kept


def _singular(word: str) -> str:
    """A word without its plural, or without the ending of "he likes"; short words and "ss" stay."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith(("sses", "xes", "zzes", "ches", "shes", "oes")):
        return word[:-2]
    return word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def _going(going: str, verb: str) -> bool:
    """True for "living" and "live", "running" and "run", "working" and "work"."""
    root = going.removesuffix("ing")
    return root != going and (root in (verb, verb.removesuffix("e")) or root == verb + verb[-1:])

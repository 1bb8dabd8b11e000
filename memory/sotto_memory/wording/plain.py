"""A statement in plain small letters: one line, contractions opened, the frame around it gone (pure).

Stands under `keeping.claims`, which reads it with patterns; `dress` does the like, word by word, for comparing.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from sotto_memory.wording import calendar, numbers

_APOSTROPHES: Final = str.maketrans("’‘ʼ´", "''''")
_PASSING: Final = r"(?:(?:now|just|recently|finally|currently|also) )*"
_OPENED: Final = (
    (re.compile(r"\b(i)'?m\b"), r"\1 am"),
    (re.compile(r"\b(i|we|they|you)'?ve\b"), r"\1 have"),
    (re.compile(r"\b(we|they|you)'re\b"), r"\1 are"),
    (re.compile(r"\b(do|does|did|is|are|was|were|have|has|would|could|should)n'?t\b"), r"\1 not"),
    (
        re.compile(rf"'s (?={_PASSING}(?:moved|relocated|settled|started|changed|switched|got|taken|quit|left)\b)"),
        " has ",
    ),
    (re.compile(rf"'s (?={_PASSING}(?:living|working|based|employed)\b)"), " is "),
    (re.compile(r"\b(what|who|where|when|that|there|it|he|she|here)'s\b"), r"\1 is"),
    (re.compile(r"\b(it)s (?=(?:now |at |in |on |called |dr |mr |mrs )|\d)"), r"\1 is "),
    (re.compile(r"\bany ?more\b|\bany longer\b"), "anymore"),
    (re.compile(r"\bwi[- ]fi\b"), "wifi"),
    (re.compile(r"\b(dr|mr|mrs|ms|st|prof)\."), r"\1"),
)
_DATED: Final = rf"(?:this|last|next) \w+|\w+day|(?:{'|'.join(calendar.MONTHS)})"
_SENTENCE: Final = re.compile(r"[.!;\n]+(?:\s+|$)")
_BEFORE: Final = re.compile(
    r"^(?:(?:um+|uh+|hm+|er|erm|ah|well|so|and|oh|okay|ok|yes|yeah|actually|anyway|hey|listen|look|guess what"
    r"|by the way|just so you know"
    r"|for the record|wait|hang on|hold on|sorry|oops|scratch that|i (?:meant|mean)(?: to say)?"
    r"|note to self|fyi|just|no(?= ,)|no(?= (?:my|our|the|i|wait|sorry|hang|hold|oops|actually)\b)|you know(?: what)?"
    r"|did you know|(?:good|big|great) news|fun fact|as you know|small update|update|correction"
    r"|(?:let me tell|to let|i told|i want) you(?: know| to know)?"
    r"|these days|nowadays|currently|now|at the moment|from now on|finally|recently|today|yesterday"
    rf"|(?:as of|as from|since|starting(?: from)?|from|effective)"
    rf" (?:today|yesterday|tomorrow|now|{_DATED})(?: on|onwards)*"
    r"|(?:this|last) (?:week|weekend|month|year|morning|afternoon|evening)"
    r"|(?:please |always )?(?:remember|note|keep in mind|bear in mind|do not forget)(?: this)?)(?: that)?(?: ,)? )+"
)


def plain(text: str) -> str:
    """The statement, empty when it asks or when there is more than one sentence. A comma is a word of its own."""
    if text.rstrip().endswith("?"):
        return ""
    line = _folded(text)
    sentences = [one for one in _SENTENCE.split(line) if one.strip()]
    return _BEFORE.sub("", _spaced(sentences[0]), count=1).strip(" ,") if len(sentences) == 1 else ""


def plain_question(text: str) -> str:
    """The last question of a text, or all of it, without its question mark."""
    sentences = [one for one in _SENTENCE.split(_folded(text).replace("?", ". ")) if one.strip()]
    return _BEFORE.sub("", _spaced(sentences[-1]), count=1).strip(" ,") if sentences else ""


def in_figures(tokens: Sequence[str]) -> tuple[str, ...]:
    """Words with their spoken numbers in figures, and figures in a row as one: "four four seven one" is "4471"."""
    out: list[str] = []
    i = 0
    while i < len(tokens):
        times, at = (2 if tokens[i] == "double" else 3, i + 1) if tokens[i] in ("double", "triple") else (1, i)
        figure, after = _figure(tokens, at, after_one=bool(out) and out[-1].isdecimal())
        if figure is None:
            figure, after = tokens[i], i + 1
            out.append(figure)
        elif out and out[-1].isdecimal():
            out[-1] += figure * times
        else:
            out.append(figure * times)
        i = after
    return tuple(out)


def _figure(tokens: Sequence[str], i: int, *, after_one: bool) -> tuple[str | None, int]:
    if i < len(tokens) and tokens[i] in ("oh", "o") and after_one:
        return "0", i + 1
    if i < len(tokens) and tokens[i].isdecimal():
        return tokens[i], i + 1
    number = numbers.cardinal(tokens, i)
    return (str(number[0]), number[1]) if number else (None, i)


def _folded(text: str) -> str:
    line = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).casefold()
    for pattern, replacement in _OPENED:
        line = pattern.sub(replacement, line)
    return line


def _spaced(line: str) -> str:
    return " ".join(re.sub(r"[,:]\s|[–—\"“”()]|\s-\s", " , ", line + " ").split()) + " "

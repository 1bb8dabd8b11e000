"""What may stand as the value of a claim, and when two values are one (pure).

Stands under `claims`: a value that is no name, no time, no place as its noun wants it makes no claim.
"""

import re
from typing import Final

from sotto_memory.wording import calendar, numbers, relations
from sotto_memory.wording.plain import in_figures
from sotto_memory.wording.words import words

_MONTHS: Final = "|".join((*calendar.MONTHS, "spring", "summer", "autumn", "winter"))
_DAYS: Final = "|".join(calendar.WEEKDAYS)
_PASSING: Final = (
    r"now|these days|nowadays|at the moment|at present|currently|for now|from now on|by the way|instead|please|anyway"
    r"|you know|you see|as you know|right|again|okay|then|finally|from today"
)
_TAIL: Final = re.compile(
    rf"(?:^| )(?:,|{_PASSING}|since|as of|starting|yesterday"
    rf"|(?:last|this) (?:week|weekend|month|year|{_MONTHS}|{_DAYS})"
    r"|today|tonight|recently|lately|because|cause|so|which|who|whom|where|while|though|although|together|permanently"
    r"|not|actually|for (?:a|the|good|\w+ (?:days|weeks|months|years))|(?:\w+ ){1,2}(?:day|week|month|year)s? ago"
    r")\b.*$"
)
_SEASONED: Final = re.compile(rf" (?:in|on) (?:the )?(?:{_MONTHS}|{_DAYS}|\d{{4}})\b.*$")
_LAST_WORDS: Final = re.compile(rf" (?:,.*|{_PASSING})$")
_FIRST_WORDS: Final = re.compile(r"^(?:(?:now|currently|actually|just|still|called|named|definitely) )+")
_BESIDE_A_NAME: Final = re.compile(r" (?:in|at|from|on|with|near|of|for|next)\b.*$")
_LISTED_TITLES: Final = "dr doctor mr mister mrs misses ms miss prof professor sir madam uncle aunt"
_TITLES: Final = frozenset(_LISTED_TITLES.split())
_CLOCK: Final = re.compile(
    r"\b(?:noon|midnight|midday|\d{1,2}[:.]\d{2}|half past|quarter (?:past|to)|o'?clock|\d{1,2} ?[ap]\.?m)\b|\bat \d"
)
_NO_SPAN: Final = r"(?:the )?(?:an?|few|couple|minutes?|hours?|days?|weeks?|months?|years?|moment|while)\b"
_PLACE: Final = re.compile(
    rf"^(?:in|at|on|under|underneath|behind|inside|beside|above|below|near|next to|on top of) (?!{_NO_SPAN})"
)
_NO_PLACE: Final = re.compile(
    r"^(?:in|at|on) (?:danger|risk|progress|trouble|use|time|order|full|good|bad|short|hold|schedule"
    r"|the (?:way|works|mail|post|past|end)|track|fire|sale|demand|question|doubt|great|perfect|need|repair|me"
    r"|my (?:way|mind)|top form|work|it)\b"
)


def trimmed(value: str, *, seasons: bool = True) -> str:
    """A value without the words around it that pass: "green now, by the way" is "green"."""
    value = _FIRST_WORDS.sub("", value)
    value = _TAIL.sub("", value)
    return (_SEASONED.sub("", value) if seasons else value).strip(" ,.")


def trimmed_code(value: str) -> str:
    """A password or number as it is, without what passes behind it."""
    return _LAST_WORDS.sub("", _FIRST_WORDS.sub("", value)).strip(" ,")


def name(value: str, text: str) -> str:
    """The value as the name of one person, else empty. In a `text` written with capitals a name has one."""
    value = _BESIDE_A_NAME.sub("", trimmed(value))
    tokens = value.split()
    titled = bool(tokens) and tokens[0] in _TITLES
    if not 1 + titled <= len(tokens) <= 4 or "and" in tokens or relations.NOBODY.intersection(tokens):
        return ""
    if not titled and (tokens[0] in relations.NOT_A_NAME or _describes(tokens)):
        return ""
    return value if not _cased(text) or _capital(tokens[-1], text) else ""


def place(value: str, text: str) -> str:
    """The value as a place where one lives, else empty."""
    value = trimmed(value)
    tokens = value.split()
    if tokens[:1] == ["the"] and (len(tokens) > 3 or tokens[-1] not in relations.THE_PLACES):
        return ""
    bare = tokens[1:] if tokens[:1] == ["the"] else tokens
    if not 1 <= len(bare) <= 5 or bare[0] in relations.NO_PLACE or "and" in bare or bare[0].endswith("ing"):
        return ""
    return value if not _cased(text) or _capital(bare[0], text) or bare[0].isdecimal() or tokens != bare else ""


def workplace(value: str) -> str:
    """The value as somebody one works for, else empty."""
    value = trimmed(value)
    bare = re.sub(r"^(?:a|an|the|my|our) ", "", value).split()
    if not 1 <= len(bare) <= 6 or bare[0] in relations.NO_WORKPLACE or "and" in bare[:1] or bare[0].isdecimal():
        return ""
    spans = {"hours", "days", "weeks", "months", "years", "minutes", "himself", "herself", "themselves"}
    return "" if spans.intersection(bare) or numbers.cardinal(bare, 0) else value


def code(value: str) -> str:
    """The value as a password, number or address, else empty."""
    value = trimmed_code(value)
    tokens = value.split()
    if not 1 <= len(tokens) <= 12 or (tokens[0] in relations.NO_VALUE and not _figures(tokens)):
        return ""
    return "" if len(tokens) == 1 and _describes(tokens) else value


def thing(value: str) -> str:
    """The value as what something is, else empty."""
    value = trimmed(value)
    value = re.sub(r"^(?:the|on|in) (?=\w)", "", value) if value.startswith("the ") else value
    tokens = value.split()
    if not 1 <= len(tokens) <= 8 or tokens[0] in relations.NO_VALUE or "and" in tokens:
        return ""
    return "" if tokens[0].endswith("ing") or (len(tokens) == 1 and _describes(tokens)) else value


def date(value: str) -> str:
    """The value as a day of the year, else empty."""
    value = re.sub(r"^(?:on|in) ", "", trimmed(value, seasons=False))
    return value if _dated(value) or any(character.isdecimal() for character in value) else ""


def _dated(value: str) -> bool:
    return any(token in calendar.MONTHS or token in calendar.SHORT_MONTHS for token in value.split())


def facet(value: str) -> tuple[str, str]:
    """Which side of an event a value tells, "time", "day" or "place", and the value; empty for none."""
    value = trimmed(value, seasons=False)
    figures = " ".join(in_figures(re.sub(r"[^\w:.' ]", " ", value).split()))
    if not value or " and " in value:
        return "", ""
    if _CLOCK.search(figures):
        return "time", value
    if re.search(rf"^(?:on|in|every) (?:the )?(?:next )?(?:{_DAYS}|{_MONTHS}|\d|\w+ of )", figures) or _dated(value):
        return ("day", value) if re.match(r"(?:on|in|every) ", value) else ("", "")
    return ("place", value) if where(value) else ("", "")


def where(value: str) -> str:
    """The value as a place where a thing is, else empty."""
    value = re.sub(r"^(?:(?:kept|hidden|stored|lying|hanging|always|back) )+", "", trimmed(value))
    return value if _PLACE.search(value) and not _NO_PLACE.search(value) and " and " not in value else ""


def normal(value: str) -> tuple[str, ...]:
    """What counts of a value: small letters, figures, no articles and prepositions at its beginning."""
    tokens = list(in_figures(words(value.replace(".", "").replace("'s ", " "))))
    while len(tokens) > 1 and tokens[0] in _LITTLE:
        tokens = tokens[1:]
    return tuple(token for token in tokens if token not in ("the", "a", "an") or len(tokens) == 1)


_LITTLE: Final = frozenset(("the", "a", "an", "in", "on", "at", "to", "of", "every"))


def _figures(tokens: list[str]) -> bool:
    return any(token.isdecimal() for token in in_figures(tokens))


def _describes(tokens: list[str]) -> bool:
    """Such as "annoying", "retired", "forgetful": said of somebody, no name."""
    return bool(re.search(r"(?:ing|ful|ous|less|able|ible|ish|ly)$|[^aeiou]ed$", tokens[0])) and len(tokens[0]) > 4


def _cased(text: str) -> bool:
    first = next((character for character in text if character.isalpha()), "")
    return first.isupper() and not text.isupper() and not re.search(r"\bi\b", text)  # who writes "i" writes names so


def _capital(token: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(token.capitalize())}|(?<!\w){re.escape(token.upper())}(?!\w)", text))

"""What may stand as the value of a claim, and when two values are one (pure).

Stands under `claims`: a value that is no name, no time, no place as its noun wants it makes no claim.
"""

import re
from typing import Final

from sotto_memory.wording import calendar, numbers, relations, strays
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
    r"|full[- ]time|from \w+ on(?:wards)?|for (?:my|his|her|our|their) (?:\w+ )?(?:job|work|studies|career)"
    r"|today|tonight|recently|lately|because|cause|so|which|who|whom|where|while|though|although|together|permanently"
    r"|not|actually|for (?:a|the|good|\w+ (?:days|weeks|months|years))|(?:\w+ ){1,2}(?:day|week|month|year)s? ago"
    r")\b.*$"
)
_SEASONED: Final = re.compile(rf" (?:in|on) (?:the )?(?:{_MONTHS}|{_DAYS}|\d{{4}})\b.*$")
_LAST_WORDS: Final = re.compile(rf" (?:,.*|{_PASSING})$")
_FIRST_WORDS: Final = re.compile(r"^(?:(?:now|currently|actually|just|still|called|named|definitely|always) )+")
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


MANIFOLD: Final = re.compile(
    r"\band (?:at|for|in|with|on|by)\b|\bon \w+days\b|\bpart time\b"
    r"|\bin the (?:morning|afternoon|evening|winter|summer)s?\b"
)
"""Beside it there is another one."""


_OF_SOMEBODY: Final = re.compile(
    r"'s\b|s' |^(?:king|queen|head|captain) of | in (?:his|her|my|our|their|its|all|every)\b"
)
"""Such as "Mum's friend", "king of the castle": says who somebody is, and gives no name."""
_NOT_THAT: Final = re.compile(r"(?<=\d)(?: ,)? (?:and )?not \D{0,12}\d.*$")
"""What it is not: "4410 not 4401"."""
_ROOMS: Final = frozenset((room,) for room in strays.ROOMS)
_NO_FIRM: Final = strays.FURNITURE | strays.PACES


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
    value = trimmed(value)
    value = "" if _OF_SOMEBODY.search(value) else _BESIDE_A_NAME.sub("", value)
    tokens = value.split()
    titled = bool(tokens) and tokens[0] in _TITLES
    if not 1 + titled <= len(tokens) <= 4 or "and" in tokens or relations.NOBODY.intersection(tokens):
        return ""
    if not titled and (tokens[0] in relations.NOT_A_NAME or _describes(tokens) or _no_person(tokens, text)):
        return ""
    return value if not cased(text) or capital(tokens[-1], text) else ""


def workplace(value: str, *, at: bool = False) -> str:
    """The value as somebody one works for, else empty. `at`: it may be where, how or when instead."""
    value = "" if MANIFOLD.search(value) else trimmed(value)
    bare = re.sub(r"^(?:a|an|the|my|our) ", "", value).split()
    if not 1 <= len(bare) <= 6 or bare[0] in relations.NO_WORKPLACE or "and" in bare[:1] or bare[0].isdecimal():
        return ""
    head = re.split(r" (?:in|by|with|near|of|on|from|to) ", " ".join(bare))[0].split()
    if at and (bare[0] in strays.FEASTS or head[-1] in _NO_FIRM or tuple(head) in _ROOMS or _manner(bare)):
        return ""
    if _unit(bare):
        return ""
    spans = {"hours", "days", "weeks", "months", "years", "minutes", "himself", "herself", "themselves"}
    return "" if spans.intersection(bare) or numbers.cardinal(bare, 0) else value


def _manner(tokens: list[str]) -> bool:
    """Such as "sunrise", "rock bottom", "the crack of dawn": how or when one works "at"."""
    return tokens[0] in strays.MANNERS and (len(tokens) == 1 or tokens[1] in ("of", "bottom", "time"))


def _unit(tokens: list[str]) -> bool:
    """Such as "level two", "team blue": of a row of things."""
    if tokens[0] not in strays.UNITS:
        return False
    after = in_figures(tokens[1:2])
    return not after or after[0].isdecimal() or len(after[0]) == 1 or tokens[0] == "team"


def title(value: str) -> str:
    """The value as somebody's title at work, else empty."""
    value = re.sub(r"^(?:the|a|an) ", "", trimmed(value))
    tokens = re.split(r" (?:of|for|at) ", value)[0].split()
    return value if 1 <= len(tokens) <= 4 and tokens[-1] in relations.TITLES else ""


def institution(value: str, name: str) -> str:
    """The value as the name of a school or the like that says what it is ("Elm Park School"), else empty."""
    value = re.sub(r"^the ", "", "" if MANIFOLD.search(value) else trimmed(value))
    tokens = value.split()
    named = 2 <= len(tokens) <= 5 and name in tokens and tokens[0] not in relations.NO_PLACE | {"new", name}
    return value if named else ""


def code(value: str) -> str:
    """The value as a password, number or address, else empty."""
    value = trimmed_code(_NOT_THAT.sub("", value))
    tokens = value.split()
    if not 1 <= len(tokens) <= 12 or (tokens[0] in relations.NO_VALUE and not figures_in(tokens)):
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


def liked(value: str, noun: str) -> str:
    """The value as somebody's favourite, else empty: "couscous" is one, "delicious" says something of it."""
    value = trimmed(value)
    bare = re.sub(r"^(?:the|a|an) ", "", value)
    ending = r"(?:ous|ing|ish|ed)$" if noun in relations.ING_FAVOURITES else r"ous$"
    if len(bare.split()) == 1 and re.search(ending, bare) and bare not in relations.SAID_OF_FAVOURITES:
        return bare if bare not in relations.NO_VALUE else ""
    return thing(value)


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


def _no_person(tokens: list[str], text: str) -> bool:
    """Such as "catholic", "hungarian", "happiness": what somebody is, or what no body is."""
    if (
        tokens[-1] in strays.BELIEFS
        or tokens[0] in ("god", "king")
        or _unit(tokens)
        or (len(tokens) > 1 and tokens[-1] in relations.NOT_A_NAME | {"mad"} and not capital(tokens[-1], text))
        or set(tokens) <= strays.LANGUAGES
    ):
        return True
    shaped = re.search(strays.PERSON_ENDINGS, tokens[0]) and tokens[0] not in strays.NAMES_ALIKE
    return len(tokens) == 1 and (bool(shaped) or tokens[0] in strays.NO_PERSON)


def figures_in(tokens: list[str]) -> bool:
    """Whether a number is among the words, in figures or spoken."""
    return any(token.isdecimal() for token in in_figures(tokens))


def _describes(tokens: list[str]) -> bool:
    """Such as "annoying", "retired", "forgetful": said of somebody, no name."""
    return bool(re.search(r"(?:ing|ful|ous|less|able|ible|ish|ly)$|[^aeiou]ed$", tokens[0])) and len(tokens[0]) > 4


def cased(text: str) -> bool:
    """Whether a text is written with capitals where they belong."""
    first = next((character for character in text if character.isalpha()), "")
    return first.isupper() and not text.isupper() and not re.search(r"\bi\b", text)  # who writes "i" writes names so


def capital(token: str, text: str) -> bool:
    """Whether a word has a capital in its text."""
    return bool(re.search(rf"(?<!\w){re.escape(token.capitalize())}|(?<!\w){re.escape(token.upper())}(?!\w)", text))

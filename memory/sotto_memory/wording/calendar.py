"""English names of months, weekdays, seasons, parts of the day and feasts (pure).

Many of them are names and common words too ("may", "march", "april", "sun"): those count only beside a word that
makes them a time.
"""

from types import MappingProxyType
from typing import Final

_MONTHS: Final = "january february march april may june july august september october november december"
_DAYS: Final = "monday tuesday wednesday thursday friday saturday sunday"

MONTHS: Final = MappingProxyType({name: number for number, name in enumerate(_MONTHS.split(), start=1)})
SHORT_MONTHS: Final = MappingProxyType({name[:3]: number for name, number in MONTHS.items()} | {"sept": 9})
WEEKDAYS: Final = MappingProxyType({name: number for number, name in enumerate(_DAYS.split())})
SHORT_WEEKDAYS: Final = MappingProxyType(
    {name[:3]: number for name, number in WEEKDAYS.items()} | {"tues": 1, "thur": 3, "thurs": 3}
)
"""Monday is 0."""
SEASONS: Final = MappingProxyType({"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12})
"""The month in which each begins; a season has three months (northern, meteorological)."""
PARTS: Final = MappingProxyType(
    {
        "morning": (4, 12),
        "noon": (11, 14),
        "lunchtime": (11, 14),
        "afternoon": (12, 18),
        "evening": (17, 24),
        "night": (18, 30),
    }
)
"""Parts of the day, from hour to hour; the night ends in the next day."""
FEASTS: Final = MappingProxyType(
    {
        ("christmas", "eve"): (12, 24, 1),
        ("christmas",): (12, 24, 3),
        ("boxing", "day"): (12, 26, 1),
        ("new", "year", "eve"): (12, 31, 1),
        ("new", "year", "day"): (1, 1, 1),
        ("halloween",): (10, 31, 1),
        ("valentine", "day"): (2, 14, 1),
    }
)
"""Feasts on a fixed date: month, first day, days."""
DECADES: Final = MappingProxyType({"fifties": 5, "sixties": 6, "seventies": 7, "eighties": 8, "nineties": 9})
"""The decades of the last century that have a name."""
NAMES_TOO: Final = frozenset({"march", "april", "may", "june", "august"})
"""Months that are names of people, or words of another meaning."""

"""What goes wrong, and when: a fault plan is a pure function of its seed.

A fault comes once so many bytes have gone up from the device since the one before, to the byte, or when its patience
is over because nothing moves. So the same plan meets the same day at nearly the same places on any machine.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final


class Kind(Enum):
    """One way in which things go wrong."""

    RESET = "reset"  # the connection breaks with RST, both ways
    CLOSED = "closed"  # it ends with FIN, as a proxy or a router would end it
    HALVED = "halved"  # only the first half of what was just sent arrives, then RST
    HELD = "held"  # nothing passes for a while, then everything does
    SLOW = "slow"  # a few thousand bytes a second for a while
    DARK = "dark"  # half-open: nothing passes ever again, and nobody is told
    CROSSED = "crossed"  # a new connection comes before the old one has delivered and ended
    HUB_KILLED = "hub_killed"
    HUB_STOPPED = "hub_stopped"  # SIGSTOP, later SIGCONT
    HUB_FULL = "hub_full"  # no byte of room on its disk for a while
    HUB_CLOCK = "hub_clock"  # its wall clock jumps
    DEVICE_KILLED = "device_killed"
    DEVICE_STOPPED = "device_stopped"
    DEVICE_FULL = "device_full"


OF_THE_LINK: Final = frozenset({Kind.RESET, Kind.CLOSED, Kind.HALVED, Kind.HELD, Kind.SLOW, Kind.DARK, Kind.CROSSED})
OF_THE_DISK: Final = frozenset({Kind.HUB_FULL, Kind.DEVICE_FULL})

WEIGHTS: Final[Mapping[Kind, int]] = MappingProxyType({
    Kind.RESET: 14,
    Kind.CLOSED: 8,
    Kind.HALVED: 14,
    Kind.HELD: 8,
    Kind.SLOW: 5,
    Kind.DARK: 1,
    Kind.CROSSED: 12,
    Kind.HUB_KILLED: 14,
    Kind.HUB_STOPPED: 4,
    Kind.HUB_FULL: 5,
    Kind.HUB_CLOCK: 5,
    Kind.DEVICE_KILLED: 12,
    Kind.DEVICE_STOPPED: 4,
    Kind.DEVICE_FULL: 5,
})  # fmt: skip
"""How often each kind comes. A link that goes dark is rare, for it costs the nine seconds of the keep-alive."""

LONGEST_S: Final = 0.6
MOST_BYTES: Final = 24_000
PATIENCE_S: Final = 2.0
YEAR_S: Final = 31_557_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`after_bytes`: how many more bytes go up first, at most `patience_s` long. `seconds`: how long it lasts.

    `amount`: bytes a second for a slow link, seconds for a clock that jumps.
    """

    kind: Kind
    after_bytes: int
    patience_s: float
    seconds: float
    amount: int = 0


def plan_of(seed: int, count: int, *, without: frozenset[Kind] = frozenset()) -> tuple[Fault, ...]:
    """The faults of a seed, in order; a longer plan begins like a shorter one. `without`: kinds to leave out."""
    chance = random.Random(seed)
    kinds = [kind for kind in WEIGHTS if kind not in without]
    return tuple(_fault(chance, kinds) for _ in range(count))


def _fault(chance: random.Random, kinds: Sequence[Kind]) -> Fault:
    kind = chance.choices(kinds, [WEIGHTS[k] for k in kinds])[0]
    return Fault(
        kind=kind,
        after_bytes=round(MOST_BYTES * chance.random() ** 2),  # close together more often than far apart
        patience_s=PATIENCE_S,
        seconds=chance.uniform(0.05, LONGEST_S),
        amount=_amount(chance, kind),
    )


def _amount(chance: random.Random, kind: Kind) -> int:
    if kind is Kind.SLOW:
        return chance.randrange(2_000, 20_000)
    if kind is Kind.HUB_CLOCK:
        return chance.choice((-30, -1, 1, 30)) * YEAR_S + chance.randrange(-3_600, 3_600)
    return 0

"""Orders that wait for the daemon, few and bounded (pure): the newest counts, and what is to be taken back stays.

Stands between whoever orders (the hub, by the uplink) and the daemon that obeys one order after the other.
"""

from collections.abc import Sequence

from sotto_proto.records import Control, MuteState, OffTheRecord


def queued(waiting: Sequence[Control], order: Control, most: int) -> list[Control]:
    """The orders that wait, with one more, which stays; at most `most` of them, two or more.

    Where there is no room, what a later order undoes goes first, then the oldest mute that opens, then the oldest.
    What is to be taken back is never dropped: of nothing but such orders, two become the longer one.
    """
    orders = [*waiting, order]
    while len(orders) > most:
        mutes = [n for n, one in enumerate(orders[:-1]) if isinstance(one, MuteState)]
        undone = [n for n in mutes if any(_undoes(later, orders[n]) for later in orders[n + 1 :])]
        opening = [n for n in mutes if not _closes(orders[n])]
        if candidates := undone or opening or mutes:
            del orders[candidates[0]]
        else:
            orders = [_longest(orders[:2]), *orders[2:]]
    return orders


def _undoes(later: Control, order: Control) -> bool:
    """Whether nothing is left of a mute after a later one: it is about the same sensors, or opens all of them."""
    if not isinstance(later, MuteState) or not isinstance(order, MuteState):
        return False
    return set(later.streams) == set(order.streams) or not (later.muted or later.streams)


def _closes(order: Control) -> bool:
    return isinstance(order, MuteState) and order.muted


def _longest(orders: Sequence[Control]) -> Control:
    return OffTheRecord(last_ns=max(one.last_ns for one in orders if isinstance(one, OffTheRecord)))

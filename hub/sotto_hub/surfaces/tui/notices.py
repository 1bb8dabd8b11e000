"""The sentence under the switch: what there is to say when nobody asked for anything (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sotto_hub.surfaces.backlog import still_owed_ns
from sotto_hub.surfaces.duration import say_duration
from sotto_hub.surfaces.tui.local_time import clock
from sotto_hub.surfaces.tui.progress import progress_words
from sotto_hub.surfaces.tui.screen_state import Hub, Screen
from sotto_hub.surfaces.tui.switch import Device, Now, Switch, Tone, refusing, switch


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One sentence."""

    sentence: str
    tone: Tone = Tone.CALM


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A recorded day that is replayed while the screen shows it. `summary` is empty until it is done."""

    replaying: bool = False
    span_ns: tuple[int, int] | None = None
    summary: str = ""


def headline(screen: Screen, day: Day, wall_ns: int, *, tried: bool) -> Switch:
    """The switch; `tried` says whether the hub has been found away already, when it never answered."""
    if screen.hub is Hub.UNKNOWN and not tried:
        return Switch(sign="…", label="connecting")
    if screen.hub is Hub.REFUSES:
        return refusing(screen.devices)
    now = Now(event_ns=screen.now_ns, wall_ns=wall_ns, where=screen.where)
    return switch(screen.devices, now, reachable=screen.hub is Hub.HERE, day_done=bool(day.summary))


def standing_notice(screen: Screen, day: Day, wall_ns: int, away_because: str, waiting: int = 0) -> Notice:
    """The summary of a day that is done, why the hub is away, how far a replay is, or how much there is."""
    if day.summary:
        return Notice(sentence=f"{day.summary} Press q to leave.", tone=Tone.GOOD)
    if screen.hub is not Hub.HERE:
        return _away(screen, away_because, waiting)
    if day.replaying:
        return Notice(sentence=progress_words(day.span_ns, screen.now_ns, screen.where))
    counts = screen.counts
    sums = f"{counts.heard} heard · {counts.kept} kept · {counts.suggested} suggested"
    if coming := catching_up(screen.devices, wall_ns):
        return Notice(sentence=f"{sums} · {coming}", tone=Tone.WARN)
    return Notice(sentence=sums)


def catching_up(devices: Sequence[Device], wall_ns: int) -> str:
    """What devices still have to send from when they were away: "catching up, 1 h 20 min to come"; else nothing."""
    owed = [(d, still_owed_ns(d.owed_ns, d.heard_until_ns, wall_ns)) for d in devices if d.connected]
    many = len(devices) > 1
    each = [f"{say_duration(ns)}{f' of {d.name}' if many else ''}" for d, ns in owed if ns]
    return f"catching up, {', '.join(each)} to come" if each else ""


def _away(screen: Screen, because: str, waiting: int) -> Notice:
    if not because:
        return Notice(sentence="Looking for the hub.")
    last = f" Last heard {clock(screen.now_ns, screen.where)}." if screen.now_ns else ""
    sentence = because[:1].upper() + because[1:].rstrip(".")
    waits = f" {waiting} of your requests wait{'s' if waiting == 1 else ''}." if waiting else ""
    return Notice(sentence=f"{sentence}.{last} Trying again.{waits}", tone=Tone.BAD)

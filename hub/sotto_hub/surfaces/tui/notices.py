"""The sentence under the switch: what there is to say when nobody asked for anything (pure)."""

from dataclasses import dataclass

from sotto_hub.surfaces.tui.local_time import clock
from sotto_hub.surfaces.tui.progress import progress_words
from sotto_hub.surfaces.tui.screen_state import Hub, Screen
from sotto_hub.surfaces.tui.switch import Now, Switch, Tone, switch


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
    now = Now(event_ns=screen.now_ns, wall_ns=wall_ns, where=screen.where)
    return switch(screen.devices, now, reachable=screen.hub is Hub.HERE, day_done=bool(day.summary))


def standing_notice(screen: Screen, day: Day, away_because: str, waiting: int = 0) -> Notice:
    """The summary of a day that is done, why the hub is away, how far a replay is, or how much there is."""
    if day.summary:
        return Notice(sentence=f"{day.summary} Press q to leave.", tone=Tone.GOOD)
    if screen.hub is not Hub.HERE:
        return _away(screen, away_because, waiting)
    if day.replaying:
        return Notice(sentence=progress_words(day.span_ns, screen.now_ns, screen.where))
    counts = screen.counts
    return Notice(sentence=f"{counts.heard} heard · {counts.kept} kept · {counts.suggested} suggested")


def _away(screen: Screen, because: str, waiting: int) -> Notice:
    if not because:
        return Notice(sentence="Looking for the hub.")
    last = f" Last heard {clock(screen.now_ns, screen.where)}." if screen.now_ns else ""
    sentence = because[:1].upper() + because[1:].rstrip(".")
    waits = f" {waiting} of your requests wait{'s' if waiting == 1 else ''}." if waiting else ""
    return Notice(sentence=f"{sentence}.{last} Trying again.{waits}", tone=Tone.BAD)

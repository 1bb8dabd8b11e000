"""What is on the screen: messages of the Companion API in, frozen state out (pure).

    Event, Snapshot  ->  happened(), arrived(), hub_left()  ->  Screen  ->  widgets

Applying the same message twice changes nothing, so a snapshot after a reconnect and the events around it may overlap.
Every list has a bound; what falls out is the oldest, and the hub still has it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from enum import Enum
from typing import Any, Final

from sotto_hub.surfaces.localtime import zone_of
from sotto_hub.surfaces.sensors import sensor_words
from sotto_hub.surfaces.tui import rows
from sotto_hub.surfaces.tui.local_time import clock, day_and_clock, due, due_order, span
from sotto_hub.surfaces.tui.rows import Card, Evidence, Kept, Mark, Said, Speaking
from sotto_hub.surfaces.tui.switch import Device
from sotto_proto.v1 import companion_pb2 as pb

MAX_HEARD: Final = 400
MAX_CARDS: Final = 50
MAX_KEPT: Final = 300
MAX_SPEAKING: Final = 8


class Hub(Enum):
    """Whether the hub answers."""

    UNKNOWN = "unknown"
    HERE = "here"
    AWAY = "away"
    REFUSES = "refuses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much the hub holds in all."""

    heard: int = 0
    kept: int = 0
    suggested: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All that a screen needs to begin, or to begin again."""

    status: pb.StatusReply
    utterances: tuple[pb.Utterance, ...] = ()
    suggestions: tuple[pb.Suggestion, ...] = ()
    memories: tuple[pb.Memory, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Everything that is shown. `chosen` is the suggestion that keys act on, `unfolded` the one whose why is open."""

    hub: Hub = Hub.UNKNOWN
    timezone: str = "UTC"
    watermark_ns: int = 0
    counts: Counts = Counts()
    devices: tuple[Device, ...] = ()
    heard: tuple[Said | Mark, ...] = ()
    speaking: tuple[Speaking, ...] = ()
    cards: tuple[Card, ...] = ()
    kept: tuple[Kept, ...] = ()
    chosen: str = ""
    unfolded: str = ""

    @property
    def where(self) -> tzinfo:
        """The hub's timezone."""
        return zone_of(self.timezone)

    @property
    def now_ns(self) -> int:
        """Event time: the newest that the screen knows of. 0 when nothing came yet."""
        newest = self.heard[-1].start_ns if self.heard else 0
        return max(self.watermark_ns, newest, *(s.start_ns for s in self.speaking), 0)

    @property
    def open_cards(self) -> tuple[Card, ...]:
        """Suggestions that wait for an answer, newest first."""
        return tuple(c for c in reversed(self.cards) if c.is_open)

    @property
    def answered_cards(self) -> tuple[Card, ...]:
        """Suggestions that were answered, newest first."""
        return tuple(c for c in reversed(self.cards) if not c.is_open)

    @property
    def chosen_card(self) -> Card | None:
        """The open suggestion that keys act on."""
        return next((c for c in self.open_cards if c.id == self.chosen), None)

    @property
    def memories(self) -> tuple[Kept, ...]:
        """Open commitments by due time, then what is known, then episodes; pinned and newest first."""
        todo = [k for k in self.kept if k.is_open_commitment]
        others = [k for k in self.kept if not k.is_open_commitment]
        todo.sort(key=lambda k: (*due_order(due(k.due, self.where)), k.recorded_ns))
        others.sort(key=lambda k: (k.pinned, k.kind != "episode", k.recorded_ns), reverse=True)
        return (*todo, *others)

    @property
    def any_unmuted(self) -> bool:
        """Whether any device has not reported itself muted."""
        return not self.devices or any(not d.muted for d in self.devices)

    def evidence(self, card: Card) -> tuple[Evidence, ...]:
        """What a suggestion rests on, as far as this screen still holds it, oldest first."""
        words = {s.id: Evidence(at_ns=s.start_ns, text=f"“{s.text}”") for s in self.heard if isinstance(s, Said)}
        memories = {k.id: Evidence(at_ns=k.recorded_ns, text=f"{k.kind}: {k.text}") for k in self.kept}
        known: Mapping[str, Evidence] = {**memories, **words}
        found = sorted((known[i] for i in card.evidence if i in known), key=lambda e: e.at_ns)
        missing = sum(i not in known for i in card.evidence)
        gone = Evidence(at_ns=0, text=f"{missing} earlier, no longer on this screen")
        return (*found, *((gone,) if missing else ()))


def when(screen: Screen) -> str:
    """Event time as it is shown at the top; empty when nothing came yet."""
    return day_and_clock(screen.now_ns, screen.where) if screen.now_ns else ""


# ---- whole-screen changes


def arrived(screen: Screen, snapshot: Snapshot) -> Screen:
    """The hub answers, and this is how things stand. Marks of this session stay in the transcript."""
    heard = [s for s in screen.heard if isinstance(s, Mark)] + [rows.said(u) for u in snapshot.utterances]
    cards = sorted((rows.card(s) for s in snapshot.suggestions), key=lambda c: (c.at_ns, c.id))
    fresh = replace(
        screen,
        hub=Hub.HERE,
        heard=tuple(sorted(heard, key=lambda s: s.start_ns))[-MAX_HEARD:],
        speaking=(),
        cards=tuple(cards)[-MAX_CARDS:],
        kept=_newest_kept(k for k in map(rows.kept, snapshot.memories) if k.current),
    )
    return _rechosen(_status(fresh, snapshot.status, marked=screen.hub is not Hub.UNKNOWN))


def hub_left(screen: Screen, *, refused: bool = False) -> Screen:
    """The hub does not answer, or refuses: what was known stays, words that were being said do not."""
    return replace(screen, hub=Hub.REFUSES if refused else Hub.AWAY, speaking=())


def chosen_next(screen: Screen, step: int) -> Screen:
    """The next (1) or previous (-1) open suggestion."""
    ids = [c.id for c in screen.open_cards]
    if screen.chosen not in ids:
        return _rechosen(screen)
    return replace(screen, chosen=ids[(ids.index(screen.chosen) + step) % len(ids)], unfolded="")


def folded(screen: Screen) -> Screen:
    """Opens or closes the why of the chosen suggestion."""
    return replace(screen, unfolded="" if screen.unfolded == screen.chosen else screen.chosen)


# ---- one event


def happened(screen: Screen, event: pb.Event) -> Screen:
    """The screen after one event; an event that this screen does not know changes nothing."""
    kind = event.WhichOneof("kind")
    apply = _KINDS.get(kind or "")
    return apply(screen, getattr(event, kind)) if apply and kind else screen


def _partial(screen: Screen, message: pb.Partial) -> Screen:
    others = [s for s in screen.speaking if s.device_id != message.device_id]
    return replace(screen, speaking=(*others, rows.speaking(message))[-MAX_SPEAKING:])


def _utterance(screen: Screen, message: pb.Utterance) -> Screen:
    new = rows.said(message)
    heard = [s for s in screen.heard if not (isinstance(s, Said) and s.id == new.id)]
    place = len(heard)
    while place and heard[place - 1].start_ns > new.start_ns:
        place -= 1
    heard.insert(place, new)
    speaking = tuple(s for s in screen.speaking if s.device_id != new.device_id or s.start_ns >= new.end_ns)
    return replace(screen, heard=tuple(heard[-MAX_HEARD:]), speaking=speaking)


def _suggestion(screen: Screen, message: pb.Suggestion) -> Screen:
    new = rows.card(message)
    if any(c.id == new.id for c in screen.cards):
        cards = tuple(new if c.id == new.id else c for c in screen.cards)
    else:
        cards = (*screen.cards, new)[-MAX_CARDS:]
    return _rechosen(replace(screen, cards=cards))


def _memory(screen: Screen, message: pb.Memory) -> Screen:
    new = rows.kept(message)
    others = [k for k in screen.kept if k.id != new.id]
    return replace(screen, kept=_newest_kept([*others, new] if new.current else others))


def _erased(screen: Screen, message: pb.Erased) -> Screen:
    gone = {*message.utterance_ids, *message.memory_ids}
    heard = [s for s in screen.heard if not (isinstance(s, Said) and s.id in gone)]
    if message.to_ns > message.from_ns:
        mark = Mark(start_ns=message.to_ns, sign="◌", text=f"off the record: {span(message.to_ns - message.from_ns)}")
        heard = sorted([*(s for s in heard if s != mark), mark], key=lambda s: s.start_ns)
    return _rechosen(
        replace(
            screen,
            heard=tuple(heard[-MAX_HEARD:]),
            speaking=tuple(s for s in screen.speaking if s.start_ns >= message.to_ns),
            cards=tuple(c for c in screen.cards if not gone.intersection(c.evidence)),
            kept=tuple(k for k in screen.kept if k.id not in gone),
        )
    )


def _status_event(screen: Screen, message: pb.StatusReply) -> Screen:
    return _status(screen, message, marked=True)


def _status(screen: Screen, message: pb.StatusReply, *, marked: bool) -> Screen:
    devices = tuple(rows.device(d) for d in message.devices)
    watermark_ns = max(screen.watermark_ns, message.watermark_ns)
    muted = {d.id for d in devices if d.muted}
    fresh = replace(
        screen,
        devices=devices,
        timezone=message.timezone or screen.timezone,
        watermark_ns=watermark_ns,
        counts=Counts(heard=message.utterances, kept=message.memories, suggested=message.suggestions),
        speaking=tuple(s for s in screen.speaking if s.start_ns >= watermark_ns and s.device_id not in muted),
    )
    marks = _mute_marks(screen.devices, fresh) if marked else ()
    return replace(fresh, heard=(*fresh.heard, *marks)[-MAX_HEARD:]) if marks else fresh


def _mute_marks(before: Iterable[Device], screen: Screen) -> tuple[Mark, ...]:
    """What the transcript says where a device's mute, or one of its sensors, changed."""
    was = {d.id: d for d in before}
    return tuple(mark for d in screen.devices for mark in _device_marks(was.get(d.id), d, screen))


def _device_marks(before: Device | None, device: Device, screen: Screen) -> Iterator[Mark]:
    name = f"{device.name} " if len(screen.devices) > 1 else ""
    if device.muted is not (before.muted if before else False):
        yield _mute_mark(name, device, screen)
        return
    was = set(before.closed if before else ())
    for sensors, sign, state in (
        (set(device.closed) - was, "◑", "closed"),
        (was - set(device.closed), "●", "open again"),
    ):
        if sensors:
            yield Mark(start_ns=screen.now_ns, sign=sign, text=f"{name}{sensor_words(sorted(sensors))} {state}")


def _mute_mark(name: str, device: Device, screen: Screen) -> Mark:
    if not device.muted:
        again = f", {sensor_words(device.closed)} closed" if device.closed else " again"
        return Mark(start_ns=screen.now_ns, sign="●", text=f"{name}listening{again}")
    until = f" until {clock(device.muted_until_ns, screen.where)}" if device.muted_until_ns else ""
    return Mark(start_ns=screen.now_ns, sign="○", text=f"{name}muted{until}")


def _newest_kept(kept: Iterable[Kept]) -> tuple[Kept, ...]:
    """Within the bound: open commitments stay before anything else, then what is newest."""
    ranked = sorted(kept, key=lambda k: (k.is_open_commitment, k.recorded_ns))
    return tuple(ranked[-MAX_KEPT:])


def _rechosen(screen: Screen) -> Screen:
    """A chosen suggestion stays chosen while it is open, so that a key never meets one that has just come."""
    if screen.chosen_card is not None:
        return screen
    first = screen.open_cards[0].id if screen.open_cards else ""
    return replace(screen, chosen=first, unfolded="")


_KINDS: Final[Mapping[str, Callable[[Screen, Any], Screen]]] = {
    "partial": _partial,
    "utterance": _utterance,
    "suggestion": _suggestion,
    "memory": _memory,
    "erased": _erased,
    "status": _status_event,
}

"""Endpointing: which frames make one utterance (pure, no clock, no sound).

Stands between the frames of a device and the recogniser. It sees only the speech probability of each 20 ms packet and
answers in whole frames, so that no frame ever belongs to two utterances: a frame is the unit that is acknowledged.

    idle ──voice ≥ onset──► open ──end pause, or any gap──► span, idle
                             └──cap──► span up to the quietest frame near the end, open
"""

from dataclasses import dataclass, replace

from sotto_hub.perception.hear.settings import EndpointRules

PACKET_MS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Frames `first` to `last` (both included) that belong together. Not `spoken`: too little voice to be speech."""

    first: int
    last: int
    spoken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The quietest frame so far where an utterance that grows too long may be cut, and the counts up to its end."""

    last: int
    voice: float
    length: int
    voiced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An utterance that is being said. Counts are packets.

    `quiet` counts since the last voiced packet. `tail` is the frame that completes the post-roll, `None` while speech
    goes on; `after` are the quiet frames behind it, which will be the pre-roll of whatever follows.
    """

    first: int
    last: int
    length: int = 0
    voiced: int = 0
    quiet: int = 0
    tail: int | None = None
    after: tuple[tuple[int, int], ...] = ()
    cut: Cut | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where endpointing stands. `lead`: the newest quiet frames (number, packets), kept as pre-roll."""

    lead: tuple[tuple[int, int], ...] = ()
    open: Open | None = None

    @property
    def held(self) -> int | None:
        """The first frame that may still become part of an utterance; all before it are decided."""
        if self.open is not None:
            return self.open.first
        return self.lead[0][0] if self.lead else None


def step(state: Endpoint, number: int, voice: bytes, rules: EndpointRules) -> tuple[Endpoint, tuple[Span, ...]]:
    """Takes the next frame of a contiguous run: its number and one voice byte a packet."""
    now = state.open or _opened(state.lead, number, voice, rules)
    if now is None:
        return Endpoint(lead=_lead((*state.lead, (number, len(voice))), rules)), ()
    now = _grown(now, number, voice, rules)
    if now.tail is not None and now.quiet >= _packets(rules.end_pause_ms):
        return Endpoint(lead=_lead(now.after, rules)), (_span(now, now.tail, now.voiced, rules),)
    if now.cut is not None and now.length >= _packets(rules.cap_ms):
        return _capped(now, now.cut, rules)
    return Endpoint(open=now), ()


def close(state: Endpoint, rules: EndpointRules) -> tuple[Endpoint, tuple[Span, ...]]:
    """Ends the run at once: a gap of any kind, or the end of the stream."""
    now = state.open
    if now is None:
        return Endpoint(), ()
    return Endpoint(), (_span(now, now.last if now.tail is None else now.tail, now.voiced, rules),)


def _packets(milliseconds: int) -> int:
    return max(1, milliseconds // PACKET_MS)


def _span(now: Open, last: int, voiced: int, rules: EndpointRules) -> Span:
    return Span(first=now.first, last=last, spoken=voiced * PACKET_MS >= rules.min_speech_ms)


def _lead(frames: tuple[tuple[int, int], ...], rules: EndpointRules) -> tuple[tuple[int, int], ...]:
    """The newest frames that together just cover the pre-roll."""
    kept = 0
    for at in range(len(frames) - 1, -1, -1):
        kept += frames[at][1]
        if kept >= _packets(rules.pre_roll_ms):
            return frames[at:]
    return frames


def _opened(lead: tuple[tuple[int, int], ...], number: int, voice: bytes, rules: EndpointRules) -> Open | None:
    if max(voice, default=0) < rules.onset:
        return None
    first = lead[0][0] if lead else number
    return Open(first=first, last=number, length=sum(packets for _, packets in lead))


def _grown(now: Open, number: int, voice: bytes, rules: EndpointRules) -> Open:
    """The utterance with one more frame: first the counts, then the pause at its end, then where it could be cut."""
    now = _counted(now, number, voice, rules)
    now = _paused(now, number, len(voice), rules)
    return _cuttable(now, voice, rules)


def _counted(now: Open, number: int, voice: bytes, rules: EndpointRules) -> Open:
    trailing = next((back for back, value in enumerate(reversed(voice)) if value >= rules.offset), None)
    voiced = sum(value >= rules.offset for value in voice)
    quiet = now.quiet + len(voice) if trailing is None else trailing
    return replace(now, last=number, length=now.length + len(voice), voiced=now.voiced + voiced, quiet=quiet)


def _paused(now: Open, number: int, packets: int, rules: EndpointRules) -> Open:
    if now.quiet < _packets(rules.post_roll_ms):
        return replace(now, tail=None, after=())
    if now.tail is None or now.quiet < packets:
        return replace(now, tail=number, after=())
    return replace(now, after=(*now.after, (number, packets)))


def _cuttable(now: Open, voice: bytes, rules: EndpointRules) -> Open:
    """Remembers the quietest frame of the window before the cap; of equals the latest."""
    if now.length < _packets(rules.cap_ms - rules.cut_window_ms):
        return now
    mean = sum(voice) / max(1, len(voice))
    if now.cut is not None and now.cut.voice < mean:
        return now
    return replace(now, cut=Cut(last=now.last, voice=mean, length=now.length, voiced=now.voiced))


def _capped(now: Open, cut: Cut, rules: EndpointRules) -> tuple[Endpoint, tuple[Span, ...]]:
    span = _span(now, cut.last, cut.voiced, rules)
    if cut.last == now.last:
        return Endpoint(), (span,)
    rest = replace(now, first=cut.last + 1, length=now.length - cut.length, voiced=now.voiced - cut.voiced, cut=None)
    if rest.tail is not None and rest.tail <= cut.last:
        after = tuple(frame for frame in rest.after if frame[0] > cut.last)
        return Endpoint(lead=_lead(after, rules)), (span,)
    return Endpoint(open=rest), (span,)

"""The voice-activity gate: which packets of sound leave the device (pure).

    closed ──voice ≥ threshold for `open_ms`──► open: the pre-roll goes out first, then everything
       ▲                                          │
       └──────── `hangover_ms` without voice ─────┘

Closed, packets wait `pre_roll_ms` in case speech begins, and then turn into silence. Every packet that goes in comes
out exactly once, in order, as speech or as silence.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from sotto_proto.records import CaptureTime

PACKET_MS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRules:
    """When the gate opens and closes. `threshold` and `keep` are voice bytes, 0..255; `keep` holds an open gate."""

    threshold: int = 102
    keep: int = 64
    open_ms: int = 40
    pre_roll_ms: int = 500
    hangover_ms: int = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """20 ms of sound and when it began."""

    at: CaptureTime
    pcm: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """One packet, decided."""

    packet: Packet
    voice: int
    speech: bool


class Gate:
    """Takes packets with their voice byte, answers with decided packets."""

    def __init__(self, rules: GateRules) -> None:
        self._rules = rules
        self._waiting: deque[tuple[Packet, int]] = deque()
        self._open = False
        self._run = 0  # packets of voice in a row while closed, packets without while open

    @property
    def is_open(self) -> bool:
        """Whether sound is passing."""
        return self._open

    def push(self, packet: Packet, voice: int) -> list[Gated]:
        """Takes the next packet; what is now decided comes out."""
        self._waiting.append((packet, voice))
        if self._open:
            return self._while_open(voice)
        return self._while_closed(voice)

    def finish(self) -> list[Gated]:
        """Decides all that waits and closes: sound stops here."""
        decided = list(self._let_out(speech=self._open))
        self._open, self._run = False, 0
        return decided

    def _while_open(self, voice: int) -> list[Gated]:
        self._run = 0 if voice >= self._rules.keep else self._run + 1
        decided = list(self._let_out(speech=True))
        if self._run * PACKET_MS >= self._rules.hangover_ms:
            self._open, self._run = False, 0
        return decided

    def _while_closed(self, voice: int) -> list[Gated]:
        self._run = self._run + 1 if voice >= self._rules.threshold else 0
        if self._run and self._run * PACKET_MS >= self._rules.open_ms:
            self._open, self._run = True, 0
            return list(self._let_out(speech=True))
        held = self._rules.pre_roll_ms // PACKET_MS + self._run
        return list(self._let_out(speech=False, keep=held))

    def _let_out(self, *, speech: bool, keep: int = 0) -> Iterator[Gated]:
        while len(self._waiting) > keep:
            packet, voice = self._waiting.popleft()
            yield Gated(packet=packet, voice=voice, speech=speech)

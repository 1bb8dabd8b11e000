"""The words of the hub: what perception, moments and proactivity hand to each other (pure, immutable).

Times are Unix nanoseconds of event time (the hub's clock), unless a name says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum


class Fate(Enum):
    """What became of a captured span: the right side of the ledger. OFF was never captured and is not counted."""

    COMMITTED = "committed"
    SILENT = "silent"
    MUTED = "muted"
    LOST = "lost"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """One frame of a stream, decided: it may be acknowledged once this is in the store."""

    stream: str
    sequence: int
    end_ns: int
    duration_ns: int
    captured_ns: int
    fate: Fate
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One recognised word and its time. Confidence 0..1, `None` where the engine gives none."""

    text: str
    start_ns: int
    end_ns: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """Final words of one speaker's turn. `speaker` is "wearer", a name, or `None` when unknown."""

    id: str
    device_id: str
    start_ns: int
    end_ns: int
    text: str
    speaker: str | None = None
    confidence: float = 1.0
    engine: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was decided at once about one stream of one boot: the utterances rest on the committed of its frames."""

    device_id: str
    boot_id: str
    stream: str
    utterances: tuple[Utterance, ...] = ()
    settled: tuple[Settled, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """Words of an utterance that is still being said."""

    device_id: str
    start_ns: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Utterances that belong together in time."""

    id: str
    start_ns: int
    end_ns: int
    utterances: tuple[Utterance, ...]


class Verdict(Enum):
    """Where a suggestion stands: offered, or how the wearer answered."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    EDITED = "edited"
    LATER = "later"
    DISMISSED = "dismissed"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What the companion offers, why, and what it rests on (ids of utterances and memories)."""

    id: str
    at_ns: int
    kind: str
    text: str
    reason: str
    evidence: tuple[str, ...]
    verdict: Verdict = Verdict.OFFERED
    answered_ns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One thing an answer rests on."""

    id: str
    at_ns: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What `ask` says. An abstention has no citations and says that memory does not hold it."""

    text: str
    abstained: bool
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure took away."""

    from_ns: int
    to_ns: int
    utterance_ids: tuple[str, ...] = ()
    memory_ids: tuple[str, ...] = ()
    suggestion_ids: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether anything went."""
        return bool(self.utterance_ids or self.memory_ids or self.suggestion_ids)

    def and_then(self, other: "Erased") -> "Erased":
        """Both this erasure and another, each id once."""
        return replace(
            self,
            utterance_ids=tuple(dict.fromkeys((*self.utterance_ids, *other.utterance_ids))),
            memory_ids=tuple(dict.fromkeys((*self.memory_ids, *other.memory_ids))),
            suggestion_ids=tuple(dict.fromkeys((*self.suggestion_ids, *other.suggestion_ids))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """What became of every captured nanosecond of one stream since one boot of its device."""

    device_id: str
    boot_id: str
    stream: str
    captured_ns: int
    committed_ns: int = 0
    silent_ns: int = 0
    muted_ns: int = 0
    lost_ns: Mapping[str, int] = field(default_factory=dict)
    waiting_ns: int = 0

    @property
    def unaccounted_ns(self) -> int:
        """Zero when the ledger balances."""
        known = self.committed_ns + self.silent_ns + self.muted_ns + sum(self.lost_ns.values()) + self.waiting_ns
        return self.captured_ns - known


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """How well one ability is served here, and the command that climbs."""

    ability: str
    rung: str
    better: str = ""
    climb: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceStatus:
    """How one paired device is. `muted_until_ns` 0: until unmuted; `heard_until_ns`: committed so far.

    `closed`: single sensors that are closed while others are open. `owed_ns`: what it said it still had to send when
    it connected. `clock_error_ns`: how far off its capture times may be.
    """

    device_id: str
    name: str
    connected: bool
    muted: bool = False
    muted_until_ns: int = 0
    heard_until_ns: int = 0
    waiting_frames: int = 0
    closed: tuple[str, ...] = ()
    owed_ns: int = 0
    clock_error_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HubStatus:
    """How the hub, its devices and its abilities are. `watermark_ns`: event time understood so far, 0 before any."""

    hub_id: str
    version: str
    home: str
    timezone: str
    watermark_ns: int
    utterances: int
    memories: int
    suggestions: int
    devices: tuple[DeviceStatus, ...]
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What was exchanged with one other end: a peer by id, or HOST:PORT. Bytes are those of messages.

    `outgoing`: the hub called. `purpose`: "device", "client", "pairing", "discovery", "model server", "this machine",
    or whose attempt it was that was refused.
    """

    who: str
    purpose: str
    outgoing: bool = False
    name: str = ""
    since_ns: int = 0
    last_ns: int = 0
    sent_bytes: int = 0
    received_bytes: int = 0
    calls: int = 0
    refused: int = 0

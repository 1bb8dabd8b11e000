"""What the screen shows, as frozen records: made from messages of the Companion API, shown by the widgets (pure).

Every text in them is plain: see `plain`.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from sotto_hub.surfaces.tui.plain import plain
from sotto_hub.surfaces.tui.switch import Device
from sotto_proto.v1 import companion_pb2 as pb


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Final words. `speaker` is empty when unknown."""

    id: str
    device_id: str
    start_ns: int
    end_ns: int
    speaker: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """Words that are still being said."""

    device_id: str
    start_ns: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that happened to the senses at one time of the transcript: muted, listening again, taken back."""

    start_ns: int
    sign: str
    text: str


class Verdict(Enum):
    """Where a suggestion stands, in the words of the screen."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    EDITED = "changed"
    LATER = "later"
    DISMISSED = "dismissed"
    NEVER = "never again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A suggestion with its reason and what it rests on."""

    id: str
    at_ns: int
    kind: str
    text: str
    reason: str
    evidence: tuple[str, ...]
    verdict: Verdict

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.verdict is Verdict.OFFERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A memory. `due` and `status` are a commitment's own; both are empty for other kinds."""

    id: str
    kind: str
    text: str
    recorded_ns: int
    pinned: bool = False
    current: bool = True
    due: str = ""
    status: str = ""

    @property
    def is_open_commitment(self) -> bool:
        """Whether it is something that is still to be done."""
        return self.kind == "commitment" and self.status in {"", "open"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that a suggestion or an answer rests on. `at_ns` 0: not known."""

    at_ns: int
    text: str


_VERDICTS: Final = {
    pb.SUGGESTION_STATE_ACCEPTED: Verdict.ACCEPTED,
    pb.SUGGESTION_STATE_EDITED: Verdict.EDITED,
    pb.SUGGESTION_STATE_LATER: Verdict.LATER,
    pb.SUGGESTION_STATE_DISMISSED: Verdict.DISMISSED,
    pb.SUGGESTION_STATE_NEVER: Verdict.NEVER,
}


def said(message: pb.Utterance) -> Said:
    """An utterance as it is shown."""
    return Said(
        id=message.id,
        device_id=message.device_id,
        start_ns=message.start_ns,
        end_ns=message.end_ns,
        speaker=plain(message.speaker),
        text=plain(message.text),
    )


def speaking(message: pb.Partial) -> Speaking:
    """Partial words as they are shown."""
    return Speaking(device_id=message.device_id, start_ns=message.start_ns, text=plain(message.text))


def card(message: pb.Suggestion) -> Card:
    """A suggestion as it is shown."""
    return Card(
        id=message.id,
        at_ns=message.at_ns,
        kind=plain(message.kind),
        text=plain(message.text),
        reason=plain(message.reason),
        evidence=tuple(message.evidence),
        verdict=_VERDICTS.get(message.state, Verdict.OFFERED),
    )


def kept(message: pb.Memory) -> Kept:
    """A memory as it is shown: a commitment by what is to be done, for its due time has a column of its own."""
    return Kept(
        id=message.id,
        kind=plain(message.kind),
        text=plain(message.details.get("what", "") or message.text),
        recorded_ns=message.recorded_ns,
        pinned=message.pinned,
        current=not (message.superseded_ns or message.archived or message.binned_ns or message.doubt),
        due=message.details.get("due", ""),
        status=message.details.get("status", ""),
    )


def device(message: pb.DeviceStatus) -> Device:
    """A device as it reports itself."""
    return Device(
        id=message.device_id,
        name=plain(message.name) or message.device_id,
        connected=message.connected,
        muted=message.muted,
        muted_until_ns=message.muted_until_ns,
        closed=tuple(plain(sensor) for sensor in message.closed),
        owed_ns=message.owed_ns,
        heard_until_ns=message.heard_until_ns,
    )

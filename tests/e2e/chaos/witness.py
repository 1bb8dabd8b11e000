"""What really went over the wire, as the device's side saw it: written down line by line, read back as records.

The device process of the harness is the real daemon; only gRPC's channel is wrapped, so that every frame that it
writes and every acknowledgement that it reads also goes, by one write() each, into a file that SIGKILL cannot take
back. The log knows numbers, times and kinds, and nothing of the device's insides.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sotto_proto.v1 import link_pb2 as pb


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One frame that went out. `body`: audio, picture, gaze, control, sealed, or the kind of a gap."""

    boot: str
    stream: str
    since: int
    sequence: int
    at_ns: int
    duration_ns: int
    captured_ns: int
    body: str
    reason: str = ""

    @property
    def end_ns(self) -> int:
        """Wall time at its end."""
        return self.at_ns + self.duration_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """The hub has said that everything up to this number is committed. `captured_ns` 0: an older hub."""

    boot: str
    stream: str
    sequence: int
    captured_ns: int


Line = Sent | Acknowledged


def sent(boot: str, frame: pb.Frame) -> dict[str, Any]:
    """The line of a frame that goes out."""
    body, reason = _body(frame)
    return {
        "boot": boot,
        "stream": frame.stream,
        "since": frame.since_sequence or frame.sequence,
        "sequence": frame.sequence,
        "at_ns": frame.at.wall_ns,
        "duration_ns": frame.duration_ns,
        "captured_ns": frame.captured_ns,
        "body": body,
        "reason": reason,
    }


def acknowledged(boot: str, ack: pb.Ack) -> dict[str, Any]:
    """The line of an acknowledgement that came in."""
    return {"boot": boot, "stream": ack.stream, "sequence": ack.sequence, "captured_ns": ack.captured_ns}


def heard(boot: str, message: pb.HubMessage) -> list[dict[str, Any]]:
    """The lines of a message of the hub: one for each acknowledgement in it."""
    match message.WhichOneof("kind"):
        case "welcome":
            return [acknowledged(boot, mark) for mark in message.welcome.marks]
        case "ack":
            return [acknowledged(boot, message.ack)]
        case _:
            return []


def lines(path: Path) -> Iterator[Line]:
    """What a log holds. A torn last line, of a device that was killed in mid-write, is left out."""
    if not path.exists():
        return
    for raw in path.read_bytes().split(b"\n")[:-1]:
        row = json.loads(raw)
        yield Sent(**row) if "body" in row else Acknowledged(**row)


def _body(frame: pb.Frame) -> tuple[str, str]:
    kind = frame.WhichOneof("body") or "nothing"
    if kind != "gap":
        return kind, ""
    return pb.GapKind.Name(frame.gap.kind).removeprefix("GAP_KIND_").lower(), frame.gap.reason

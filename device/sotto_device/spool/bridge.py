"""Bridges: what stands on the wire for frames that are no longer there, so that numbers never have holes (pure).

Every frame goes out through `led`. Where its number is not the next one, losses with their reasons go first; a loss
of which the hub has a part is trimmed to the rest. How long a loss was is known from `captured_ns` on both its sides.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sotto_device.spool.lane import end_of, mark_of
from sotto_proto.records import CaptureTime, Frame, Gap, GapKind, Mark

HUB_RESTORED: Final = "hub_restored"
"""The hub had it and has it no longer: it was restored from a backup."""

SPOOL_FULL: Final = "spool_full"
"""The oldest made room on the disk, or had waited for too many days."""

KILLED: Final = "killed"
"""The device was killed, or lost its power, before this reached its disk."""

SPOOL_DAMAGED: Final = "spool_damaged"
"""The disk did not give it back."""

LONGEST_NS: Final = 6 * 86_400_000_000_000
"""One frame of a loss is at most so long; the link allows seven days."""


def captured_before(frame: Frame) -> Mark:
    """How far the stream had come just before this frame."""
    off = isinstance(frame.body, Gap) and frame.body.kind is GapKind.OFF
    return Mark(sequence=frame.first_sequence - 1, captured_ns=frame.captured_ns - (0 if off else frame.duration_ns))


def loss(stream: str, since: Mark, last: Mark, end: CaptureTime, reason: str) -> Frame:
    """One loss for all numbers beyond `since` up to `last`, which ended at `end`."""
    duration_ns = max(0, last.captured_ns - since.captured_ns)
    return Frame(
        stream=stream,
        sequence=last.sequence,
        at=_earlier(end, duration_ns),
        duration_ns=duration_ns,
        captured_ns=last.captured_ns,
        body=Gap(kind=GapKind.LOST, reason=reason),
        since_sequence=since.sequence + 1,
    )


def led(frame: Frame, sent: Mark, known: Mark, dropped: Mark) -> tuple[Frame, ...]:
    """What goes on the wire for this frame, when the wire has come as far as `sent`: bridges, and the frame.

    `known`: the furthest that the hub ever acknowledged. `dropped`: up to where the disk made room. Nothing when the
    frame was sent already.
    """
    if frame.sequence <= sent.sequence:
        return ()
    cuts = ((known, HUB_RESTORED), (dropped, SPOOL_FULL))
    if frame.first_sequence > sent.sequence + 1:
        before = loss(frame.stream, sent, captured_before(frame), frame.at, SPOOL_DAMAGED)
        return (*_pieces(before, cuts), frame)
    if not frame.since_sequence:
        return (frame,)
    return tuple(_pieces(loss(frame.stream, sent, mark_of(frame), end_of(frame), _reason(frame)), cuts))


def _pieces(hole: Frame, cuts: tuple[tuple[Mark, str], ...]) -> Iterator[Frame]:
    """The hole, cut where its reason changes."""
    since, last = captured_before(hole), mark_of(hole)
    for cut, reason in (*cuts, (last, _reason(hole))):
        until = cut if cut.sequence < last.sequence else last
        if until.sequence > since.sequence:
            end = _earlier(end_of(hole), last.captured_ns - until.captured_ns)
            yield from _short(loss(hole.stream, since, until, end, reason))
            since = until


def _short(frame: Frame) -> Iterator[Frame]:
    """The loss in frames that are not too long, as far as it has numbers for them."""
    since = captured_before(frame)
    while frame.duration_ns > LONGEST_NS and frame.sequence > since.sequence + 1:
        first = Mark(sequence=since.sequence + 1, captured_ns=since.captured_ns + LONGEST_NS)
        rest_ns = frame.duration_ns - LONGEST_NS
        end = _earlier(frame.at, -LONGEST_NS)
        yield loss(frame.stream, since, first, end, _reason(frame))
        since = first
        frame = replace(frame, at=end, duration_ns=rest_ns, since_sequence=first.sequence + 1)
    yield replace(frame, duration_ns=min(frame.duration_ns, LONGEST_NS))


def _reason(frame: Frame) -> str:
    return frame.body.reason if isinstance(frame.body, Gap) else ""


def _earlier(at: CaptureTime, by_ns: int) -> CaptureTime:
    return CaptureTime(monotonic_ns=max(0, at.monotonic_ns - by_ns), wall_ns=at.wall_ns - by_ns)

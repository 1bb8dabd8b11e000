"""Bridges: no hole in the numbers, no millisecond without its reason, whatever is missing (R1)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_device.spool.bridge import (
    HUB_RESTORED,
    KILLED,
    LONGEST_NS,
    SPOOL_DAMAGED,
    SPOOL_FULL,
    captured_before,
    led,
    loss,
)
from sotto_device.spool.lane import end_of
from sotto_proto.codec import decode_frame, encode_frame
from sotto_proto.records import Frame, Gap, GapKind, Mark
from tests.device.sensed import MS, SECOND, at, frame, gap
from tests.device.spooled import mic

NOTHING = Mark()


def mark(sequence: int) -> Mark:
    return Mark(sequence=sequence, captured_ns=100 * MS * sequence)


def told(frames: tuple[Frame, ...]) -> list[tuple[int, int, str, int]]:
    """First and last number, reason, milliseconds."""
    reasons = [f.body.reason if isinstance(f.body, Gap) else "" for f in frames]
    return [(f.first_sequence, f.sequence, why, f.duration_ns // MS) for f, why in zip(frames, reasons, strict=True)]


def test_the_next_frame_goes_as_it_is_and_an_old_one_not_at_all() -> None:
    assert led(mic(4), mark(3), mark(3), NOTHING) == (mic(4),)
    assert led(mic(3), mark(3), mark(3), NOTHING) == ()


def test_each_part_of_a_hole_has_its_own_reason() -> None:
    found = led(mic(10), mark(2), mark(4), mark(7))
    assert told(found) == [
        (3, 4, HUB_RESTORED, 200),
        (5, 7, SPOOL_FULL, 300),
        (8, 9, SPOOL_DAMAGED, 200),
        (10, 10, "", 100),
    ]
    assert [f.at for f in found] == [at(200), at(400), at(700), at(900)]
    assert all(captured_before(f).captured_ns == (f.first_sequence - 1) * 100 * MS for f in found)


def test_a_tail_that_was_killed_is_what_the_hub_does_not_have() -> None:
    tail = loss("mic", NOTHING, mark(20), at(2000), KILLED)
    assert told(led(tail, mark(15), mark(15), NOTHING)) == [(16, 20, KILLED, 500)]
    assert told(led(tail, mark(15), mark(3), mark(17))) == [(16, 17, SPOOL_FULL, 200), (18, 20, KILLED, 300)]
    assert led(tail, mark(20), mark(20), NOTHING) == ()
    assert [end_of(f) for f in led(tail, mark(15), mark(15), NOTHING)] == [at(2000)]


def test_off_before_a_hole_counts_for_nothing() -> None:
    off = frame("mic", 6, 500, 100, gap(GapKind.OFF))
    assert captured_before(off) == Mark(sequence=5, captured_ns=600 * MS)


def test_a_loss_of_weeks_comes_in_pieces_that_the_link_takes() -> None:
    month = Mark(sequence=900, captured_ns=30 * 86_400 * SECOND)
    found = led(loss("mic", NOTHING, month, at(31 * 86_400_000), KILLED), NOTHING, NOTHING, NOTHING)
    assert len(found) == 5
    assert sum(f.duration_ns for f in found) == month.captured_ns
    assert all(f.duration_ns <= LONGEST_NS for f in found)
    assert [decode_frame(encode_frame(f)) for f in found] == list(found)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_is_missing_numbers_and_time_go_on(data: st.DataObject) -> None:
    durations = data.draw(st.lists(st.integers(0, 10**9), min_size=2, max_size=30))
    captured = [sum(durations[: n + 1]) for n in range(len(durations))]
    marks = [NOTHING, *(Mark(sequence=n + 1, captured_ns=c) for n, c in enumerate(captured))]
    pick = st.integers(0, len(marks) - 1)
    held = sorted(data.draw(st.sets(st.integers(1, len(durations)))))
    sent, known, dropped = (marks[data.draw(pick)] for _ in range(3))
    frames = [
        Frame(
            stream="mic",
            sequence=n,
            at=at(10_000),
            duration_ns=durations[n - 1],
            captured_ns=captured[n - 1],
            body=Gap(kind=GapKind.SILENT),
        )
        for n in held
    ]
    frames.append(loss("mic", NOTHING, marks[-1], at(10_000), KILLED))
    for one in frames:
        for out in led(one, sent, known, dropped):
            assert out.first_sequence == sent.sequence + 1
            assert captured_before(out).captured_ns == sent.captured_ns
            decode_frame(encode_frame(out))
            sent = Mark(sequence=out.sequence, captured_ns=out.captured_ns)
    assert sent == marks[-1]

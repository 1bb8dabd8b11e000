"""Frames are numbered without holes, and the captured time is the sum of what was captured."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_device.framer import LONGEST_OFF_NS, AudioFramer, Numbering
from sotto_proto.codec import decode_frame, encode_frame
from sotto_proto.records import Audio, Frame, Gap, GapKind
from tests.device.sensed import MS, SECOND, at, balanced, gap, ms_of


def framer(longest_gap_ns: int = SECOND) -> AudioFramer:
    return AudioFramer("mic", longest_gap_ns=longest_gap_ns)


def packets(of: AudioFramer, start_ms: float, count: int) -> list[Frame]:
    return [f for n in range(count) for f in of.packet(at(start_ms + 20 * n), bytes([n]), n)]


def test_five_packets_make_a_frame() -> None:
    frames = packets(framer(), 0, 12)
    assert [f.duration_ns for f in frames] == [100 * MS, 100 * MS]
    assert frames[1].body == Audio(packets=tuple(bytes([n]) for n in range(5, 10)), voice=bytes(range(5, 10)))
    assert ms_of(frames[1].at) == 100


def test_a_gap_completes_the_audio_before_it() -> None:
    one = framer()
    packets(one, 0, 2)
    frames = one.gap(at(40), 20 * MS, GapKind.SILENT)
    assert [f.duration_ns for f in frames] == [40 * MS]
    assert [f.body for f in one.flush()] == [gap()]


def test_silence_is_said_once_a_second() -> None:
    one = framer()
    frames = [f for n in range(150) for f in one.gap(at(20 * n), 20 * MS, GapKind.SILENT)]
    assert [(ms_of(f.at), f.duration_ns) for f in frames] == [(0, SECOND), (1000, SECOND), (2000, SECOND)]


def test_a_long_silence_is_cut_into_frames_of_the_limit() -> None:
    one = framer(60 * SECOND)
    frames = one.gap(at(0), 150 * SECOND, GapKind.SILENT) + one.flush()
    assert [f.duration_ns // SECOND for f in frames] == [60, 60, 30]
    assert balanced(frames)


def test_off_is_one_frame_however_long() -> None:
    one = framer()
    frames = one.gap(at(0), 14 * 3600 * SECOND, GapKind.OFF) + one.flush()
    assert len(frames) == 1
    assert frames[0].captured_ns == 0
    assert len(one.gap(at(0), LONGEST_OFF_NS + SECOND, GapKind.OFF) + one.flush()) == 2


def test_gaps_of_another_kind_reason_or_time_are_apart() -> None:
    one = framer()
    frames = one.gap(at(0), 20 * MS, GapKind.SILENT)
    frames += one.gap(at(20), 20 * MS, GapKind.MUTED)
    frames += one.gap(at(40), 20 * MS, GapKind.LOST, "one")
    frames += one.gap(at(60), 20 * MS, GapKind.LOST, "two")
    frames += one.gap(at(500), 20 * MS, GapKind.LOST, "two")
    frames += one.flush()
    assert len(frames) == 5
    assert balanced(frames)


def test_a_gap_of_no_length_is_a_mark_in_time() -> None:
    one = framer()
    (frame,) = one.gap(at(7), 0, GapKind.OFF) + one.flush()
    assert (frame.duration_ns, ms_of(frame.at)) == (0, 7)
    assert decode_frame(encode_frame(frame)) == frame


def test_other_streams_are_numbered_the_same_way() -> None:
    numbering = Numbering("eyes")
    frames = [numbering.frame(at(100 * n), 100 * MS, gap(GapKind.MUTED)) for n in range(3)]
    assert balanced(frames)


steps = st.one_of(
    st.tuples(st.just("packet"), st.just(20), st.just(None)),
    st.tuples(st.just("gap"), st.integers(0, 5_000), st.sampled_from(list(GapKind))),
    st.tuples(st.just("flush"), st.just(0), st.just(None)),
    st.tuples(st.just("jump"), st.integers(1, 1_000), st.just(None)),
)


@given(st.lists(steps, max_size=60), st.sampled_from([SECOND, 60 * SECOND]))
@settings(max_examples=100, deadline=None)
def test_whatever_comes_numbers_and_captured_time_are_right(
    script: list[tuple[str, int, GapKind | None]], longest_ns: int
) -> None:
    one, now_ms, frames, told_ns = framer(longest_ns), 0, [], 0
    for what, duration_ms, kind in script:
        if what == "packet":
            frames += one.packet(at(now_ms), b"x", 9)
        elif kind is not None:
            frames += one.gap(at(now_ms), duration_ms * MS, kind, "why" if kind is GapKind.LOST else "")
        elif what == "flush":
            frames += one.flush()
        now_ms += duration_ms
        told_ns += 0 if kind is GapKind.OFF or what == "jump" else duration_ms * MS
    frames += one.flush()
    assert balanced(frames)
    assert (frames[-1].captured_ns if frames else 0) == told_ns
    for frame in frames:
        assert decode_frame(encode_frame(frame)) == frame
        assert frame.duration_ns <= longest_ns or (isinstance(frame.body, Gap) and frame.body.kind is GapKind.OFF)
    assert all(a.end_wall_ns <= b.at.wall_ns for a, b in pairwise(frames))

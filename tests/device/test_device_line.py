"""From samples to frames: what is muted or taken back never gets into any buffer (P3, P4)."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_device.line import Line
from sotto_device.listening import CUT
from sotto_device.mute import UNMUTED
from sotto_device.samples import (
    Absence,
    AudioSample,
    ControlSample,
    GazeSample,
    PictureSample,
    Sample,
    Stop,
    Tick,
    split_audio,
)
from sotto_device.withhold import OFF_THE_RECORD
from sotto_proto.codec import decode_frame, encode_frame
from sotto_proto.records import (
    Audio,
    Control,
    Frame,
    Gap,
    GapKind,
    GazeBatch,
    GazePoint,
    MuteState,
    OffTheRecord,
    Picture,
)
from tests.device.sensed import (
    MS,
    SECOND,
    SPEECH,
    WALL_NS,
    absent,
    at,
    balanced,
    gap,
    heard,
    levels,
    ms_of,
    scripted_line,
)

SECRET = 199
POINT = GazePoint(offset_us=0, x=0.5, y=0.5, confidence=1.0, worn=True)


def take(line: Line, *samples: Sample) -> list[Frame]:
    return [f for sample in samples for f in line.take(sample)]


def mic(frames: list[Frame]) -> list[Frame]:
    return [f for f in frames if f.stream == "mic"]


def spans(frames: list[Frame], kind: GapKind) -> list[tuple[float, float]]:
    """Beginning and length, in milliseconds, of the gaps of one kind."""
    gaps = [f for f in mic(frames) if isinstance(f.body, Gap) and f.body.kind is kind]
    return [(ms_of(f.at), f.duration_ns / MS) for f in gaps]


def muted(until_ms: float | None = None) -> MuteState:
    return MuteState(muted=True, until_wall_ns=None if until_ms is None else at(until_ms).wall_ns)


def only(*sensors: str) -> MuteState:
    return MuteState(muted=True, streams=sensors)


def control(ms: float, what: Control) -> ControlSample:
    return ControlSample(at=at(ms), control=what)


def test_speech_goes_out_with_its_times() -> None:
    line = scripted_line()
    frames = take(line, heard(0, 1000), heard(1000, 1000, SPEECH), heard(2000, 2000)) + line.end()
    sound = [f for f in frames if isinstance(f.body, Audio)]
    assert ms_of(sound[0].at) == 500
    assert ms_of(sound[-1].at) + sound[-1].duration_ns / MS == 2800
    assert balanced(frames)
    assert frames[-1].captured_ns == 4 * SECOND


def test_a_block_that_is_no_whole_packet_is_carried_on() -> None:
    line = scripted_line()
    blocks = [heard(33 * n, 33, SPEECH) for n in range(30)]
    frames = take(line, *blocks) + line.end()
    assert sum(f.duration_ns for f in frames if isinstance(f.body, Audio)) == 980 * MS
    assert frames[-1].body == gap(GapKind.LOST, CUT)
    assert frames[-1].captured_ns == 990 * MS
    assert balanced(frames)


def test_the_rest_of_a_packet_is_silence_where_nobody_speaks() -> None:
    line = scripted_line()
    frames = take(line, heard(0, 1010), absent(1010, 5000)) + line.end()
    assert spans(frames, GapKind.SILENT) == [(0, 1000), (1000, 10)]
    assert spans(frames, GapKind.OFF) == [(1010, 5000)]
    assert frames[-1].captured_ns == 1010 * MS


def test_sound_that_jumps_in_time_is_not_joined() -> None:
    line = scripted_line()
    frames = take(line, heard(0, 500, SPEECH), heard(900, 500, SPEECH)) + line.end()
    starts = [ms_of(f.at) for f in frames]
    assert 900 in starts
    assert not [s for s in starts if 500 <= s < 900]


def test_a_mute_cuts_at_its_instant_and_nothing_after_it_is_delivered() -> None:
    line = scripted_line()
    frames = take(
        line, heard(0, 1000, SPEECH), control(1000, muted()), heard(1000, 5000, SECRET), control(6000, UNMUTED)
    )
    frames += take(line, heard(6000, 1000, SPEECH)) + line.end()
    assert levels(frames) == {SPEECH}
    assert sum(length for _, length in spans(frames, GapKind.MUTED)) == 5000
    assert [f.body for f in frames if f.stream == "control"] == [muted(), UNMUTED]
    assert balanced(mic(frames))


def test_no_pre_roll_reaches_back_into_a_mute() -> None:
    line = scripted_line(mute=muted())
    frames = take(line, heard(0, 3000, 90), control(3000, UNMUTED), heard(3000, 2000, SPEECH)) + line.end()
    assert levels(frames) == {SPEECH}
    assert min(ms_of(f.at) for f in frames if isinstance(f.body, Audio)) == 3000


def test_a_timed_mute_ends_in_the_middle_of_a_block() -> None:
    line = scripted_line()
    frames = take(line, control(0, muted(1234)), heard(0, 1000, SECRET), heard(1000, 234, SECRET))
    frames += take(line, heard(1234, 1000, SPEECH))
    assert levels(frames + line.end()) == {SPEECH}
    line = scripted_line(mute=muted(1500))
    frames = take(line, heard(1000, 1000, SPEECH)) + line.end()
    assert spans(frames, GapKind.MUTED) == [(1000, 500)]
    assert [(ms_of(f.at), f.body) for f in frames if f.stream == "control"] == [(1500, UNMUTED)]


def test_a_timed_mute_ends_while_nothing_is_captured() -> None:
    line = scripted_line(mute=muted(1500))
    frames = take(line, absent(0, 1500), absent(1500, 500), heard(2000, 1000, SPEECH)) + line.end()
    assert [(ms_of(f.at), f.body) for f in frames if f.stream == "control"] == [(1500, UNMUTED)]
    assert levels(frames) == {SPEECH}


def test_what_is_lost_while_muted_is_muted() -> None:
    line = scripted_line(mute=muted())
    frames = take(line, absent(0, 1000, GapKind.LOST, "device_error"), absent(1000, 50)) + line.end()
    assert [f.body for f in frames] == [gap(GapKind.MUTED), gap(GapKind.OFF)]


def test_no_pictures_and_no_gaze_while_muted() -> None:
    line = scripted_line(mute=muted())
    picture = PictureSample(at=at(0), jpeg=b"\xff\xd8", width_px=1, height_px=1)
    gaze = GazeSample(at=at(0), duration_ns=100 * MS, points=(POINT,))
    assert take(line, picture) == []
    assert [f.body for f in take(line, gaze)] == [gap(GapKind.MUTED)]
    line.take(control(500, UNMUTED))
    assert isinstance(take(line, replace(picture, at=at(1000)))[0].body, Picture)
    (seen,) = take(line, replace(gaze, at=at(1000)))
    assert isinstance(seen.body, GazeBatch)
    assert (seen.sequence, seen.captured_ns) == (2, 200 * MS)


def test_off_the_record_takes_back_what_had_not_left() -> None:
    line = scripted_line()
    sent = take(line, heard(0, 1020, SECRET))
    frames = take(line, control(1020, OffTheRecord(last_ns=10 * SECOND)))
    assert [f.body for f in mic(frames)] == [gap(GapKind.LOST, OFF_THE_RECORD)]
    assert SECRET in levels(sent)  # these are in the spool, which withholds them
    assert levels(take(line, heard(1020, 1000, SPEECH)) + line.end()) == {SPEECH}


def test_off_the_record_reaches_sound_that_comes_later() -> None:
    line = scripted_line()
    frames = take(line, heard(0, 500), control(2000, OffTheRecord(last_ns=SECOND)), heard(500, 1000, SECRET))
    frames += take(line, heard(1500, 1000, SECRET)) + line.end()
    assert sum(length for _, length in spans(frames, GapKind.LOST)) == 1500
    assert balanced(mic(frames))
    assert min(ms_of(f.at) for f in frames if isinstance(f.body, Audio)) == 2000


def test_a_mute_holds_for_what_was_captured_in_it_even_if_it_comes_late() -> None:
    line = scripted_line()
    frames = take(line, heard(0, 1000, SPEECH), control(1000, muted()), control(3000, UNMUTED))
    frames += take(line, heard(1000, 1000, SECRET), control(3500, muted()), control(4000, UNMUTED))
    frames += take(line, heard(2000, 2050, SECRET), heard(4050, 1000, SPEECH))
    picture = PictureSample(at=at(3700), jpeg=b"\xff\xd8", width_px=1, height_px=1)
    assert take(line, picture) == []
    frames += line.end()
    late = [f for f in frames if isinstance(f.body, Audio) and 1000 <= ms_of(f.at) < 4000]
    assert not late
    assert balanced(mic(frames))


def test_a_stop_lets_everything_out_and_marks_the_time() -> None:
    line = scripted_line()
    frames = take(line, heard(0, 990, SPEECH), Stop(at=at(990), label="x"))
    assert frames[-1].body == gap(GapKind.OFF)
    assert (ms_of(frames[-1].at), frames[-1].duration_ns) == (990, 0)
    assert frames[-1].captured_ns == 990 * MS


def test_a_stop_where_nothing_is_captured_ends_the_gap_there() -> None:
    line = scripted_line()
    frames = take(line, absent(0, 990), Stop(at=at(990), label="x"))
    assert spans(frames, GapKind.OFF) == [(0, 990)]


def test_splitting_never_rounds_towards_the_muted_side() -> None:
    head, tail = split_audio(heard(0, 100), WALL_NS + 10 * MS + 1)
    assert head.end_wall_ns > WALL_NS + 10 * MS
    assert head.end_wall_ns == tail.at.wall_ns
    assert len(head.pcm) + len(tail.pcm) == 3200
    assert split_audio(heard(0, 100), 0)[0].pcm == b""
    assert split_audio(heard(0, 100), WALL_NS + SECOND)[1].pcm == b""


def picture(ms: float) -> PictureSample:
    return PictureSample(at=at(ms), jpeg=b"\xff\xd8", width_px=1, height_px=1)


def gaze(ms: float) -> GazeSample:
    return GazeSample(at=at(ms), duration_ns=100 * MS, points=(POINT,))


def test_each_sensor_is_let_through_by_itself() -> None:
    line = scripted_line()
    frames = take(line, heard(0, 500, SPEECH), control(500, only("camera")), heard(500, 500, SPEECH))
    frames += take(line, picture(700), gaze(700), control(1000, only("mic", "eyes")), heard(1000, 500, SECRET))
    frames += take(line, gaze(1100), control(1500, MuteState(muted=False, streams=("camera",))), picture(1600))
    frames += line.end()
    assert levels(frames) == {SPEECH}
    assert [ms_of(f.at) for f in frames if f.stream == "camera"] == [1600]
    assert [f.body == gap(GapKind.MUTED) for f in frames if f.stream == "eyes"] == [False, True]
    assert [f.body for f in frames if f.stream == "control"] == [
        only("camera"),
        only("mic", "eyes"),
        MuteState(muted=False, streams=("camera",)),
    ]


def test_a_private_camera_does_not_cut_what_is_said() -> None:
    line = scripted_line()
    frames = take(line, heard(0, 1010, SPEECH), control(1010, only("camera")), heard(1010, 990, SPEECH)) + line.end()
    assert not spans(frames, GapKind.LOST)
    assert sum(f.duration_ns for f in frames if isinstance(f.body, Audio)) == 2 * SECOND


def test_the_switch_closes_everything_and_is_reported() -> None:
    line = scripted_line()
    frames = take(line, heard(0, 1000, SPEECH)) + line.switch(at(1000), is_off=True)
    frames += take(line, heard(1000, 1000, SECRET), control(1500, UNMUTED), picture(1700), heard(2000, 500, SECRET))
    frames += line.switch(at(2500), is_off=False) + take(line, heard(2500, 500, SPEECH)) + line.end()
    assert levels(frames) == {SPEECH}
    assert [f.body for f in frames if f.stream == "control"] == [muted(), muted(), UNMUTED]
    assert not [f for f in frames if f.stream == "camera"]


def test_late_samples_of_every_muted_span_stay_muted() -> None:
    """Muted spans cannot be filled in later, however many there were and whatever sensor it is."""
    line = scripted_line()
    for n in range(5):
        take(line, control(1000 * n, muted()), control(1000 * n + 500, UNMUTED))
    frames = take(line, *(picture(1000 * n + 200) for n in range(5)), *(gaze(1000 * n + 450) for n in range(5)))
    assert not [f for f in frames if isinstance(f.body, Picture | GazeBatch)]
    frames = take(line, *(picture(1000 * n + 700) for n in range(5)), heard(0, 5000, SECRET)) + line.end()
    assert len([f for f in frames if isinstance(f.body, Picture)]) == 5
    assert min(ms_of(f.at) for f in frames if isinstance(f.body, Audio)) == 4500


def test_pictures_and_gaze_that_come_late_are_taken_back_too() -> None:
    line = scripted_line()
    frames = take(line, control(5000, OffTheRecord(last_ns=5 * SECOND)), picture(2000), gaze(2000), picture(5000))
    taken_back = gap(GapKind.LOST, OFF_THE_RECORD)
    assert [f.body == taken_back for f in frames if f.stream != "control"] == [True, True, False]


def test_a_tick_ends_a_timed_mute() -> None:
    line = scripted_line(mute=muted(1500))
    assert take(line, Tick(at=at(1499))) == []
    (told,) = take(line, Tick(at=at(1600)))
    assert (told.body, told.at) == (UNMUTED, at(1500))


def test_eyes_that_were_not_read_are_accounted_for() -> None:
    line = scripted_line(mute=muted())
    (told,) = take(line, replace(absent(0, 100, GapKind.MUTED), stream="eyes"))
    assert (told.stream, told.body, told.captured_ns) == ("eyes", gap(GapKind.MUTED), 100 * MS)
    assert take(line, replace(absent(0, 0, GapKind.MUTED), stream="camera")) == []


orders = st.one_of(
    st.just(UNMUTED),
    st.just(only("camera", "eyes")),
    st.just(muted()),
    st.integers(0, 8_000).map(muted),
    st.integers(1, 3_000).map(lambda ms: OffTheRecord(last_ns=ms * MS)),
)
steps = st.one_of(
    st.tuples(st.just("sound"), st.integers(1, 400), st.sampled_from([0, 90, SPEECH])),
    st.tuples(st.just("absence"), st.integers(1, 3_000), st.sampled_from([GapKind.OFF, GapKind.LOST])),
    st.tuples(st.just("order"), st.just(0), orders),
)


def is_muted(order: Control, ordered_ms: float, ms: float) -> bool:
    ends_ns = order.until_wall_ns if isinstance(order, MuteState) else None
    return (
        isinstance(order, MuteState)
        and order.muted
        and (ends_ns is None or at(ms).wall_ns < ends_ns)
        and ms >= ordered_ms
    )


@given(st.lists(steps, max_size=40))
@settings(max_examples=100, deadline=None)
def test_whatever_happens_a_muted_instant_is_never_sent(script: list[tuple[str, int, object]]) -> None:
    """P3, and R1's left side: every captured instant is in exactly one frame, none of a muted one is sound."""
    line, now_ms, frames, told_ns = scripted_line(), 0, [], 0
    mutes: list[tuple[float, MuteState]] = [(0, UNMUTED)]
    for what, duration_ms, extra in script:
        if what == "sound" and isinstance(extra, int):
            frames += line.take(heard(now_ms, duration_ms, extra))
        elif what == "absence" and isinstance(extra, GapKind):
            frames += line.take(absent(now_ms, duration_ms, extra, "why" if extra is GapKind.LOST else ""))
        elif isinstance(extra, Control):
            frames += line.take(control(now_ms, extra))
            mutes += [(now_ms, extra)] if isinstance(extra, MuteState) and not extra.streams else []
        told_ns += 0 if extra is GapKind.OFF else duration_ms * MS
        now_ms += duration_ms
    frames += line.end()
    sound = mic(frames)
    assert balanced(sound)
    assert (sound[-1].captured_ns if sound else 0) == told_ns
    for one in frames:
        assert decode_frame(encode_frame(one)) == one
        if isinstance(one.body, Audio):
            for instant in (ms_of(one.at), ms_of(one.at) + one.duration_ns / MS - 0.001):
                standing = [entry for entry in mutes if entry[0] <= instant][-1]
                assert not is_muted(standing[1], standing[0], instant)


def test_samples_know_their_ends() -> None:
    assert heard(0, 100).end_wall_ns == WALL_NS + 100 * MS
    assert absent(0, 100).end_wall_ns == WALL_NS + 100 * MS
    assert isinstance(absent(0, 1), Absence)
    assert isinstance(heard(0, 1), AudioSample)

"""The spool keeps what is not acknowledged, in order, within its bound, and never loses in silence (R1, R2, R4)."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_device.spool import BUFFER_FULL, FRAME_BYTES, Spool, weight
from sotto_device.spool.bridge import HUB_RESTORED
from sotto_device.withhold import OFF_THE_RECORD
from sotto_proto.records import (
    Audio,
    Frame,
    Gap,
    GapKind,
    GazeBatch,
    GazeCoordinates,
    GazePoint,
    Mark,
    OffTheRecord,
    Picture,
)
from tests.device.sensed import MS, SECOND, WALL_NS, at, audio, frame, gap, ms_of

PICTURE = Picture(jpeg=b"\xff\xd8" + bytes(5000), width_px=64, height_px=48)
FORGET = OffTheRecord(last_ns=SECOND)
AUDIO_WEIGHT = weight(frame("mic", 1, 0, 100, audio()))


def mic(sequence: int) -> Frame:
    """The 100 ms of sound with this number."""
    return frame("mic", sequence, 100 * (sequence - 1), 100, audio())


def mark(sequence: int) -> Mark:
    """The hub has sound up to this number."""
    return Mark(sequence=sequence, captured_ns=100 * MS * sequence)


def filled(count: int, *, live: bool = False, bound: int = 1 << 20) -> Spool:
    spool = Spool(bound_bytes=bound, live=live)
    for sequence in range(1, count + 1):
        spool.put(mic(sequence))
    return spool


def taken(spool: Spool) -> list[Frame]:
    """Everything that may be sent now."""
    out: list[Frame] = []
    while (one := spool.next()) is not None:
        out.append(one)
    return out


def numbers(frames: list[Frame], stream: str = "mic") -> list[int]:
    return [f.sequence for f in frames if f.stream == stream]


def test_frames_are_sent_once_and_kept_until_acknowledged() -> None:
    spool = filled(3)
    assert numbers(taken(spool)) == [1, 2, 3]
    assert taken(spool) == []
    spool.ack("mic", mark(2))
    assert spool.waiting_frames == 1
    assert spool.waiting_bytes == AUDIO_WEIGHT
    spool.ack("mic", mark(3))
    assert spool.waiting_bytes == spool.waiting_frames == 0


def test_after_a_break_exactly_what_is_beyond_the_mark_is_sent_again() -> None:
    spool = filled(5)
    taken(spool)
    spool.ack("mic", mark(1))
    spool.rewind({"mic": mark(3)})
    assert numbers(taken(spool)) == [4, 5]
    spool.rewind({"mic": mark(3)})
    assert numbers(taken(spool)) == [4, 5]


def test_a_hub_that_has_forgotten_is_told_what_it_had() -> None:
    spool = filled(5)
    taken(spool)
    spool.ack("mic", mark(3))
    spool.rewind({"mic": mark(1)})
    bridge, *rest = taken(spool)
    assert (bridge.since_sequence, bridge.sequence, bridge.duration_ns) == (2, 3, 200 * MS)
    assert bridge.body == gap(GapKind.LOST, HUB_RESTORED)
    assert (bridge.captured_ns, ms_of(bridge.at)) == (300 * MS, 100)
    assert numbers(rest) == [4, 5]
    assert not spool.settled
    spool.ack("mic", mark(5))
    assert spool.settled


def test_new_frames_follow_those_that_are_sent_again() -> None:
    spool = filled(3)
    taken(spool)
    spool.rewind({"mic": mark(1)})
    spool.put(mic(4))
    assert numbers(taken(spool)) == [2, 3, 4]


def test_an_acknowledgement_of_what_was_never_sent_frees_nothing() -> None:
    spool = filled(3)
    spool.ack("mic", mark(99))
    spool.ack("nose", mark(1))
    assert spool.waiting_frames == 3


def test_an_old_acknowledgement_changes_nothing() -> None:
    spool = filled(4)
    taken(spool)
    spool.ack("mic", mark(3))
    spool.ack("mic", mark(1))
    assert spool.waiting_frames == 1


def test_streams_are_sent_in_order_of_capture_time() -> None:
    spool = Spool(bound_bytes=1 << 20, live=False)
    spool.put(frame("camera", 1, 150, 0, PICTURE))
    for sequence in (1, 2, 3):
        spool.put(mic(sequence))
    assert [(f.stream, ms_of(f.at)) for f in taken(spool)] == [
        ("mic", 0),
        ("mic", 100),
        ("camera", 150),
        ("mic", 200),
    ]


def test_other_streams_wait_until_sound_has_come_so_far() -> None:
    spool = Spool(bound_bytes=1 << 20, live=False)
    spool.put(frame("camera", 1, 150, 0, PICTURE))
    assert taken(spool) == []
    spool.put(mic(1))
    assert numbers(taken(spool)) == [1]
    spool.put(mic(2))
    assert [f.stream for f in taken(spool)] == ["mic", "camera"]


def test_a_full_spool_lets_other_streams_go_at_once() -> None:
    spool = Spool(bound_bytes=1000, live=False)
    spool.put(frame("camera", 1, 150, 0, PICTURE))
    assert not spool.has_room
    assert [f.stream for f in taken(spool)] == ["camera"]


def test_live_control_overtakes_what_waits() -> None:
    spool = filled(3, live=True)
    spool.put(frame("control", 1, 300, 0, FORGET))
    assert [f.stream for f in taken(spool)] == ["control", "mic", "mic", "mic"]


def test_a_recorded_day_keeps_its_order_so_that_pace_changes_nothing() -> None:
    spool = filled(2)
    spool.put(frame("control", 1, 200, 0, FORGET))
    spool.put(mic(3))
    assert [f.stream for f in taken(spool)] == ["mic", "mic", "control", "mic"]


def test_a_full_live_spool_loses_the_oldest_and_says_so() -> None:
    spool = filled(100, live=True, bound=50 * AUDIO_WEIGHT)
    sent = taken(spool)
    assert spool.waiting_bytes <= 50 * AUDIO_WEIGHT
    assert sent[0].body == gap(GapKind.LOST, BUFFER_FULL)
    assert sent[-1].body == audio()
    kept = [f for f in sent if isinstance(f.body, Audio)]
    assert [ms_of(f.at) for f in kept] == [9900 - 100 * n for n in reversed(range(len(kept)))]
    assert len(kept) >= 40
    assert sum(f.duration_ns for f in sent) == 10 * SECOND
    assert spool.lost_ns == 10 * SECOND - 100 * MS * len(kept)


def test_a_recorded_spool_only_says_that_it_is_full() -> None:
    spool = filled(100, bound=50 * AUDIO_WEIGHT)
    assert not spool.has_room
    assert numbers(taken(spool)) == list(range(1, 101))


def test_what_went_over_the_wire_keeps_its_number_when_it_is_lost() -> None:
    spool = filled(40, live=True, bound=50 * AUDIO_WEIGHT)
    taken(spool)
    for sequence in range(41, 91):
        spool.put(mic(sequence))
    spool.rewind({})
    again = taken(spool)
    assert numbers(again) == list(range(1, len(again) + 1))
    assert [f.duration_ns for f in again[:38]] == [100 * MS] * 38
    assert again[0].body == gap(GapKind.LOST, BUFFER_FULL)


def test_silence_costs_next_to_nothing_while_the_hub_is_away() -> None:
    spool = Spool(bound_bytes=1 << 20, live=True)
    for second in range(3600):
        spool.put(frame("mic", second + 1, 1000 * second, 1000, gap()))
    assert spool.waiting_frames == 60
    assert spool.waiting_bytes == 60 * FRAME_BYTES
    sent = taken(spool)
    assert numbers(sent) == list(range(1, 61))
    assert sent[-1].captured_ns == 3600 * SECOND


def test_even_gaps_alone_stay_within_the_bound() -> None:
    spool = Spool(bound_bytes=100 * FRAME_BYTES, live=True)
    kinds = (gap(), gap(GapKind.MUTED))
    for second in range(2000):
        spool.put(frame("mic", second + 1, 1000 * second, 1000, kinds[second % 2]))
    assert spool.waiting_frames <= 100
    sent = taken(spool)
    assert numbers(sent) == list(range(1, len(sent) + 1))
    assert sum(f.duration_ns for f in sent) == 2000 * SECOND


def test_the_largest_goes_too_when_it_is_the_oldest() -> None:
    spool = Spool(bound_bytes=6000, live=True)
    spool.put(frame("camera", 1, 0, 0, PICTURE))
    for sequence in range(1, 6):
        spool.put(mic(sequence))
    assert [f.body for f in taken(spool) if f.stream == "camera"] == [gap(GapKind.LOST, BUFFER_FULL)]


def test_off_the_record_withholds_what_touches_the_span() -> None:
    spool = filled(5)
    spool.put(frame("camera", 1, 250, 0, PICTURE))
    point = GazePoint(offset_us=0, x=0.5, y=0.5, confidence=1.0, worn=True)
    spool.put(frame("eyes", 1, 450, 50, GazeBatch(coordinates=GazeCoordinates.SCENE_NORMALISED, points=(point,))))
    before = spool.waiting_bytes
    spool.withhold(WALL_NS + 150 * MS, WALL_NS + 400 * MS)
    kept = {(f.stream, f.sequence) for f in taken(spool) if f.body != gap(GapKind.LOST, OFF_THE_RECORD)}
    assert kept == {("mic", 1), ("mic", 5), ("eyes", 1)}
    assert spool.waiting_bytes < before


def test_off_the_record_keeps_gaps_and_controls() -> None:
    spool = Spool(bound_bytes=1 << 20, live=True)
    spool.put(frame("mic", 1, 0, 1000, gap(GapKind.MUTED)))
    spool.put(frame("control", 1, 500, 0, FORGET))
    spool.withhold(0, WALL_NS + 10 * SECOND)
    assert [f.body for f in taken(spool)] == [FORGET, gap(GapKind.MUTED)]


bodies = st.sampled_from([audio(), audio(), gap(), gap(GapKind.MUTED), gap(GapKind.OFF), gap(GapKind.LOST, "cut")])
moves = st.one_of(
    bodies.map(lambda body: ("put", body)),
    st.just(("send", 1)),
    st.integers(0, 30).map(lambda n: ("ack", n)),
    st.integers(0, 30).map(lambda n: ("break", n)),
)


class HubModel:
    """What a hub believes: the newest form of every frame it got, and its mark."""

    def __init__(self) -> None:
        self.got: dict[int, Frame] = {}
        self.received = 0
        self.mark = 0

    @property
    def marked(self) -> Mark:
        return Mark(sequence=self.mark, captured_ns=self.got[self.mark].captured_ns if self.mark else 0)

    def receive(self, one: Frame) -> None:
        assert one.first_sequence == self.received + 1, "a hole, or a repetition, in the numbers"
        self.received = one.sequence
        self.got[one.sequence] = one


def play(spool: Spool, script: list[tuple[str, object]], hub: HubModel) -> int:
    """Plays moves on one stream against a hub; returns what was captured, in ns."""
    now_ms, captured_ns, sequence = 0, 0, 0
    for move, what in script:
        if move == "put" and isinstance(what, Audio | Gap):
            sequence += 1
            off = isinstance(what, Gap) and what.kind is GapKind.OFF
            captured_ns += 0 if off else 100 * MS
            spool.put(replace(frame("mic", sequence, now_ms, 100, what), captured_ns=captured_ns))
            now_ms += 100
        elif move == "send" and (one := spool.next()) is not None:
            hub.receive(one)
        elif move == "ack" and isinstance(what, int):
            hub.mark = max(hub.mark, min(what, hub.received))
            spool.ack("mic", hub.marked)
        elif move == "break":
            hub.received = hub.mark
            spool.rewind({"mic": hub.marked})
    return captured_ns


@given(st.lists(moves, max_size=120), st.booleans(), st.integers(3, 60))
@settings(max_examples=100, deadline=None)
def test_whatever_happens_nothing_is_missing_at_the_end(
    script: list[tuple[str, object]], live: bool, room: int
) -> None:
    spool, hub = Spool(bound_bytes=room * AUDIO_WEIGHT, live=live), HubModel()
    captured_ns = play(spool, script, hub)
    hub.received = hub.mark
    spool.rewind({"mic": hub.marked})
    for one in taken(spool):
        hub.receive(one)
    all_frames = [hub.got[n] for n in sorted(hub.got) if n <= hub.received]
    counted = sum(f.duration_ns for f in all_frames if f.body != gap(GapKind.OFF))
    assert numbers(all_frames) == list(range(1, len(all_frames) + 1))
    assert counted == captured_ns
    assert not all_frames or all_frames[-1].captured_ns == captured_ns
    assert live or all(f.body != gap(GapKind.LOST, BUFFER_FULL) for f in all_frames)


@given(st.lists(bodies, max_size=200), st.integers(5, 40))
@settings(max_examples=60, deadline=None)
def test_a_live_spool_stays_within_its_bound(script: list[Audio | Gap], room: int) -> None:
    spool = Spool(bound_bytes=room * AUDIO_WEIGHT, live=True)
    for number, body in enumerate(script):
        spool.put(frame("mic", number + 1, 100 * number, 100, body))
        off = sum(1 for b in script[: number + 1] if b == gap(GapKind.OFF))
        assert spool.waiting_bytes <= room * AUDIO_WEIGHT + 2 * off * FRAME_BYTES


def test_weights_are_of_the_order_of_what_is_held() -> None:
    assert weight(frame("camera", 1, 0, 0, PICTURE)) > 5000
    assert weight(frame("mic", 1, 0, 100, audio(size=80))) > 5 * 80
    assert weight(frame("mic", 1, 0, 100, gap())) == FRAME_BYTES
    assert at(0).wall_ns == WALL_NS

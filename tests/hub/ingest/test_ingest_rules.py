"""The pure rules of ingest: numbers, tides, sums of the ledger, the box of what goes down."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.errors import LinkDown, UsageError
from sotto_hub.ingest.down import WORDS, Ack, Outbox, Welcome, Whisper, encode
from sotto_hub.ingest.lanes import AudioLane, ControlLane, RecentLane, heard
from sotto_hub.ingest.numbering import Arrival, Numbering
from sotto_hub.ingest.rooms import fits
from sotto_hub.ingest.servicer import frames_of
from sotto_hub.ingest.tide import Step, Tide, common, steps
from sotto_hub.perception.hear.ear import Heard
from sotto_hub.records import Fate, Settled
from sotto_hub.store.accounts import account
from sotto_proto.errors import MalformedFrame
from sotto_proto.records import Frame, Gap, GapKind, Mark, Modality, MuteState, OffTheRecord, Picture
from sotto_proto.v1 import link_pb2 as pb
from tests.hub.scripted_device import MS, SECOND, START_NS, Day

FATES = st.sampled_from(list(Fate))


def test_numbers_go_up_one_by_one() -> None:
    day = Day()
    frames = [*day.gap(100), *day.gap(100), *day.gap(100)]
    numbering = Numbering(stream="mic")
    assert numbering.arrive(frames[0]) is Arrival.NEXT
    assert numbering.arrive(frames[0]) is Arrival.REPEATED
    with pytest.raises(UsageError, match="frame 3 came where 2 was due"):
        numbering.arrive(frames[2])
    assert (numbering.waiting_ns, numbering.waiting_frames) == (100 * MS, 1)


def test_what_was_off_never_waits() -> None:
    (frame,) = Day().gap(5_000, GapKind.OFF)
    numbering = Numbering(stream="mic")
    numbering.arrive(frame)
    assert numbering.waiting_ns == 0
    numbering.settle(Settled(stream="mic", sequence=1, end_ns=1, duration_ns=5, captured_ns=0, fate=Fate.OFF))
    assert (numbering.waiting_ns, numbering.waiting_frames) == (0, 0)


def test_the_common_tide_is_the_lowest_and_one_sense_is_enough() -> None:
    assert common([]) is None
    assert common([Tide(until_ns=5), Tide(until_ns=3, off_since_ns=1)]) == Tide(until_ns=3)
    both_off = [Tide(until_ns=5, off_since_ns=4), Tide(until_ns=3, off_since_ns=1)]
    assert common(both_off) == Tide(until_ns=3, off_since_ns=4)


@pytest.mark.parametrize(
    ("now", "to", "off_since", "expected"),
    [
        (5, 5, None, ()),
        (5, 4, None, ()),
        (5, 9, None, (Step(9, True),)),
        (5, 9, 9, (Step(9, True),)),
        (5, 9, 7, (Step(7, True), Step(9, False))),
        (5, 9, 5, (Step(9, False),)),
        (5, 9, 0, (Step(9, False),)),
    ],
)
def test_steps(now: int, to: int, off_since: int | None, expected: Sequence[Step]) -> None:
    assert steps(now, to, off_since) == expected


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100), st.none() | st.integers(0, 100))
def test_two_short_walks_are_one_long_walk(now: int, middle: int, to: int, off: int | None) -> None:
    middle = min(max(now, middle), max(now, to))
    whole = steps(now, to, off)
    parts = (*steps(now, middle, off), *steps(middle, to, off))
    assert sensed(now, whole) == sensed(now, parts)


def sensed(now: int, walk: Sequence[Step]) -> list[bool]:
    """Per nanosecond, whether it was sensed."""
    moments: list[bool] = []
    for step in walk:
        moments += [step.sensing] * (step.now_ns - now)
        now = step.now_ns
    return moments


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**9), FATES), max_size=30))
def test_every_counted_nanosecond_has_one_fate(batch: list[tuple[int, Fate]]) -> None:
    captured, frames = 0, []
    for number, (duration, fate) in enumerate(batch, 1):
        captured += 0 if fate is Fate.OFF else duration
        frames.append(
            Settled(
                stream="mic",
                sequence=number,
                end_ns=number,
                duration_ns=duration,
                captured_ns=captured,
                fate=fate,
                reason="r" if fate is Fate.LOST else "",
            )
        )
    sums = account(frames)
    if sums is None:
        assert not frames
        return
    counted = sums.committed_ns + sums.silent_ns + sums.muted_ns + sum(sums.lost_ns.values())
    assert counted == sums.captured_ns == captured
    assert sums.sequence == len(frames)


async def test_the_box_keeps_newest_acks_and_newest_words() -> None:
    box = Outbox()
    for number in range(WORDS + 5):
        box.ack("mic", Mark(sequence=number, captured_ns=7))
        box.say(Whisper(suggestion_id=str(number), text="t"))
    box.say(MuteState(muted=True))
    box.say(MuteState(muted=False))
    taken = await box.take()
    assert taken[-1] == Ack(stream="mic", mark=Mark(sequence=WORDS + 4, captured_ns=7))
    assert taken[-2] == MuteState(muted=False)
    assert len(taken) == WORDS + 1
    box.close()
    assert await box.take() == []


def test_what_goes_down_on_the_wire() -> None:
    mark = Mark(sequence=3, captured_ns=5)
    expected = pb.Ack(stream="mic", sequence=3, captured_ns=5)
    assert list(encode(Welcome(hub_id="h", marks={"mic": mark})).welcome.marks) == [expected]
    assert encode(Ack(stream="mic", mark=mark)).ack == expected
    private = encode(MuteState(muted=True, until_wall_ns=5, streams=("camera",))).command.mute
    assert (private.until_wall_ns, list(private.streams)) == (5, ["camera"])
    assert encode(OffTheRecord(last_ns=9)).command.off_the_record.last_ns == 9
    assert encode(Whisper(suggestion_id="s", text="t")).whisper.suggestion_id == "s"


PICTURE = Picture(jpeg=b"\xff\xd8", width_px=1, height_px=1)


async def test_pictures_are_held_briefly_and_settle_as_not_understood() -> None:
    lane, day = RecentLane(offset_ns=5), Day()
    for _ in range(100):
        result = await lane.take(day.frame("camera", PICTURE))
        lane.let_go(day.now_ns)
        day.now_ns += SECOND
    assert [(s.fate, s.reason) for s in result.settled] == [(Fate.LOST, "not_understood")]
    assert len(lane.recent) == 31
    lane.let_go(day.now_ns + 28 * SECOND)
    assert len(lane.recent) == 2, "the sound goes on, and pictures grow old by it"
    result = await lane.take(day.gap(1_000, GapKind.MUTED, stream="camera")[0])
    assert result.settled[0].fate is Fate.MUTED
    assert result.settled[0].end_ns == day.now_ns + 5
    lane.withhold(0, 1)
    assert not lane.recent


async def test_controls_are_done_at_their_time() -> None:
    mutes: list[tuple[MuteState, int]] = []
    spans: list[tuple[int, int]] = []

    def withhold(from_ns: int, to_ns: int) -> None:
        spans.append((from_ns, to_ns))

    lane, day = ControlLane(7, lambda state, at: mutes.append((state, at)), withhold), Day()
    result = await lane.take(day.frame("control", MuteState(muted=True)))
    await lane.take(day.frame("control", OffTheRecord(last_ns=SECOND)))
    assert mutes == [(MuteState(muted=True), START_NS + 7)]
    assert spans == [(START_NS + 7 - SECOND, START_NS + 7)]
    assert result.settled[0].fate is Fate.COMMITTED


class DeafEar:
    """Settles every frame at once and remembers what it was given."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.settled_until_ns = 0

    async def take(self, frame: Frame) -> Heard:
        self.frames.append(frame)
        self.settled_until_ns = frame.end_wall_ns
        return heard()

    async def end(self) -> Heard:
        return heard()

    def withhold(self, from_ns: int, to_ns: int) -> None:
        self.frames.clear()


async def test_what_was_taken_back_never_reaches_the_ear() -> None:
    ear, day = DeafEar(), Day()
    lane = AudioLane(ear, 0, lambda from_ns, to_ns: from_ns < START_NS + 150 * MS)
    for frame in day.speech(300):
        await lane.take(frame)
    bodies = [frame.body for frame in ear.frames]
    assert bodies[:2] == [Gap(kind=GapKind.LOST, reason="off_the_record")] * 2
    assert not isinstance(bodies[2], Gap)
    assert [frame.sequence for frame in ear.frames] == [1, 2, 3]


async def test_a_stream_wakes_at_its_start_and_when_it_senses_again() -> None:
    lane, day = AudioLane(DeafEar(), 0, lambda from_ns, to_ns: False), Day()
    kinds = [GapKind.OFF, GapKind.SILENT, GapKind.SILENT, GapKind.OFF, GapKind.MUTED, GapKind.SILENT]
    woke: list[bool] = []
    tides: list[int | None] = []
    assert lane.tide is None
    for kind in kinds:
        (frame,) = day.gap(1_000, kind)
        woke.append(lane.wakes(frame))
        await lane.take(frame)
        assert lane.tide is not None
        tides.append(lane.tide.off_since_ns)
    assert woke == [False, True, False, False, False, True]
    assert tides == [0, None, None, START_NS + 3 * SECOND, START_NS + 3 * SECOND, None]


def test_streams_carry_what_they_announced() -> None:
    day = Day()
    (sound,) = day.speech(100)
    (gap,) = day.gap(100)
    assert fits(sound, Modality.AUDIO)
    assert not fits(sound, Modality.PICTURE)
    assert all(fits(gap, modality) for modality in Modality)
    assert fits(day.frame("control", MuteState(muted=True)), Modality.CONTROL)


def as_it_is(frame: Frame) -> Frame:
    return frame


async def test_a_live_device_that_says_nothing_is_sent_away() -> None:
    async def silent() -> AsyncIterator[pb.DeviceMessage]:
        await asyncio.Event().wait()
        yield pb.DeviceMessage()

    with pytest.raises(LinkDown, match="has stopped"):
        await anext(frames_of(silent(), 0.01, as_it_is))


async def test_after_hello_only_frames_count() -> None:
    async def chatty() -> AsyncIterator[pb.DeviceMessage]:
        yield pb.DeviceMessage(hello=pb.Hello())

    with pytest.raises(MalformedFrame, match="only frames"):
        await anext(frames_of(chatty(), None, as_it_is))

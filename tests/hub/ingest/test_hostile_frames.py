"""Frames that no honest device sends: each ends its stream with a code, and the hub and its ledger stay whole."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import grpc
import pytest

from sotto_hub.companion.translate import status
from sotto_hub.pairing.refusal import CODE_KEY
from sotto_hub.store.accounts import REASONS
from sotto_proto.codec import MAX_NS
from sotto_proto.records import Frame, Gap, GapKind, Hello, Modality, MuteState, Picture, Sealed, StreamInfo
from sotto_proto.sealing import Sealer
from tests.hub.running_hub import RunningHub, running_hub
from tests.hub.scripted_device import MS, SECOND, START_NS, Day, Line, connected, hello

LIVE = (
    StreamInfo(stream="mic", modality=Modality.AUDIO, live=True),
    StreamInfo(stream="control", modality=Modality.CONTROL, live=True),
)
DECADE_NS = 3_653 * 86_400 * SECOND


async def refused(home: Path, frames: Sequence[Frame], greeting: Hello | None = None) -> str:
    """Sends the frames to a fresh hub; gives the code with which it ends the stream, and asserts that it is well."""
    async with running_hub(home) as running, connected(running.credentials(), greeting) as line:
        await line.send(frames)
        error = await line.broken()
        assert error.code() in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.OUT_OF_RANGE)
        balanced(running)
        await honest(running)
        return code_of(error)


def code_of(error: grpc.aio.AioRpcError) -> str:
    return str(dict(error.trailing_metadata() or ())[CODE_KEY])


def balanced(running: RunningHub) -> None:
    assert all(row.unaccounted_ns == 0 for row in running.hub.ledger())
    assert running.hub.status().hub_id


async def honest(running: RunningHub) -> None:
    """Another device is served as ever."""
    async with connected(running.credentials()) as line:
        await line.send(Day().gap(100))
        await line.acked("mic", 1)


def silence(count: int) -> list[Frame]:
    day = Day()
    return [frame for _ in range(count) for frame in day.gap(100)]


@pytest.mark.parametrize(
    "values",
    [
        [100 * MS, 50 * MS],  # runs backwards
        [100 * MS, 100 * MS],  # stands still
        [100 * MS, 200 * MS + 1],  # ahead by a nanosecond that nobody sent
        [3_600 * SECOND],  # an hour that nobody sent
        [MAX_NS],
    ],
)
async def test_captured_time_that_does_not_follow(tmp_path: Path, values: list[int]) -> None:
    frames = [replace(frame, captured_ns=ns) for frame, ns in zip(silence(len(values)), values, strict=True)]
    assert await refused(tmp_path / "home", frames) == "captured"


@pytest.mark.parametrize(("since", "sequence"), [(3, 9), (1, 9), (MAX_NS, MAX_NS)])
async def test_a_loss_that_does_not_begin_where_it_is_due(tmp_path: Path, since: int, sequence: int) -> None:
    """One frame is in; 2 is due."""
    first, second = silence(2)
    lost = replace(second, sequence=sequence, since_sequence=since, body=Gap(kind=GapKind.LOST, reason="killed"))
    assert await refused(tmp_path / "home", [first, lost]) == "sequence_hole"


@pytest.mark.parametrize("sequence", [3, 1 << 40, MAX_NS])
async def test_a_jump_in_numbers(tmp_path: Path, sequence: int) -> None:
    first, second = silence(2)
    assert await refused(tmp_path / "home", [first, replace(second, sequence=sequence)]) == "sequence_hole"


async def test_a_loss_may_stand_for_as_many_numbers_as_there_are(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running:
        credentials = running.credentials()
        first, second = silence(2)
        lost = Gap(kind=GapKind.LOST, reason="killed")
        everything = replace(second, sequence=MAX_NS, since_sequence=2, body=lost)
        async with connected(credentials) as line:
            await line.send([first, everything])
            await line.acked("mic", MAX_NS)
            assert line.captured["mic"] == 200 * MS
        async with connected(credentials) as line:
            assert (line.welcome, line.captured) == ({"mic": MAX_NS}, {"mic": 200 * MS})
        (row,) = running.hub.ledger()
        assert dict(row.lost_ns) == {"killed": 100 * MS}
        balanced(running)


@pytest.mark.parametrize(
    ("at_ns", "offset_ns"),
    [
        (START_NS + 4 * DECADE_NS, 0),
        (-DECADE_NS, 0),
        (MAX_NS - 8 * 86_400 * SECOND, 0),
        (START_NS, MAX_NS),
        (START_NS, -MAX_NS - 1),
    ],
)
async def test_times_off_by_decades(tmp_path: Path, at_ns: int, offset_ns: int) -> None:
    frames = Day(now_ns=at_ns).gap(100)
    frames = [replace(frame, at=replace(frame.at, monotonic_ns=0)) for frame in frames]
    assert await refused(tmp_path / "home", frames, replace(hello(streams=LIVE), clock_offset_ns=offset_ns)) == "time"


async def test_a_recorded_day_may_lie_decades_back_but_not_beyond_the_calendar(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running, connected(running.credentials()) as line:
        await line.send(Day(now_ns=START_NS - 4 * DECADE_NS).gap(100))
        await line.acked("mic", 1)
    assert await refused(tmp_path / "other", Day(now_ns=START_NS + 20 * DECADE_NS).gap(100)) == "time"


@pytest.mark.parametrize(("count", "welcome"), [(16, True), (17, False)])
async def test_as_many_streams_with_names_as_long_as_they_may_be(tmp_path: Path, count: int, welcome: bool) -> None:
    names = [f"{number:03}".ljust(64, "ö") for number in range(count)]
    streams = tuple(StreamInfo(stream=name, modality=Modality.AUDIO, live=False) for name in names)
    async with running_hub(tmp_path / "home") as running:
        async with connected(running.credentials(), hello("b" * 64, streams)) as line:
            if welcome:
                day = Day()
                await line.send([frame for name in names for frame in day.gap(100, stream=name)])
                for name in names:
                    await line.acked(name, 1)
            else:
                assert code_of(await line.broken()) == "hello"
        balanced(running)


async def test_reasons_are_bounded_in_number_and_their_time_is_not_lost(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running, connected(running.credentials()) as line:
        day = Day()
        letters = [f"{a}{b}" for a in "abcdefghij" for b in "abcdefghij"]
        reasons = ["Not A Word", "x" * 64, *letters, "off_the_record"]
        await line.send([frame for reason in reasons for frame in day.gap(10, GapKind.LOST, reason)])
        await line.acked("mic", len(reasons))
        (row,) = running.hub.ledger()
        assert len(row.lost_ns) <= REASONS
        assert {"other", "off_the_record"} <= set(row.lost_ns)
        assert sum(row.lost_ns.values()) == len(reasons) * 10 * MS
        balanced(running)


async def test_what_a_hello_and_a_mute_may_claim_does_not_break_the_status(tmp_path: Path) -> None:
    far = MuteState(muted=True, until_wall_ns=MAX_NS, streams=("camera",))
    greeting = replace(
        hello(streams=LIVE),
        mute=MuteState(muted=True, until_wall_ns=-MAX_NS),
        closed=(far,),
        waiting_ns=(1 << 64) - 1,
        clock_error_ns=(1 << 64) - 1,
        clock_offset_ns=SECOND,
    )
    async with running_hub(tmp_path / "home") as running, connected(running.credentials(), greeting) as line:
        day = Day()
        names = tuple(f"sensor {number}" for number in range(16))
        await line.send([day.frame("control", replace(far, streams=names[n:] + names[:n])) for n in range(3)])
        await line.send(
            [day.frame("control", replace(far, streams=tuple(f"{n}-{m}" for m in range(16)))) for n in "ab"]
        )
        await line.acked("control", 5)
        (device,) = running.hub.status().devices
        assert len(device.closed) == 16
        assert (device.owed_ns, device.clock_error_ns) == ((1 << 64) - 1, (1 << 64) - 1)
        assert status(running.hub.status()).devices[0].owed_ns == (1 << 64) - 1


# ---- sealed boxes


def sealed_speech(running: RunningHub, count: int) -> list[Frame]:
    sealer = Sealer.fresh(running.authority.sealing_public)
    return [sealer.seal(frame) for frame in Day().speech(count * 100)]


async def test_what_waited_sealed_is_heard_like_anything_else(tmp_path: Path) -> None:
    script = [(START_NS, START_NS + SECOND, "call Anna tomorrow")]
    async with running_hub(tmp_path / "home", script) as running:
        day = Day()
        sealer = Sealer.fresh(running.authority.sealing_public)
        frames = [sealer.seal(frame) for frame in day.speech(1_200)] + day.gap(1_000)
        async with connected(running.credentials()) as line:
            await line.send(frames)
            await line.acked("mic", frames[-1].sequence)
        assert [u.text for u in running.hub.stores.transcript.utterances()] == ["call Anna tomorrow"]
        balanced(running)


def _another_key(box: Sealed) -> Sealed:
    return replace(box, key=Sealer.fresh(bytes(range(32))).key)


def _no_key(box: Sealed) -> Sealed:
    return replace(box, key=bytes(32))


def _another_index(box: Sealed) -> Sealed:
    return replace(box, index=box.index + 1)


def _far_index(box: Sealed) -> Sealed:
    return replace(box, index=(1 << 14) - 1)


def _another_segment(box: Sealed) -> Sealed:
    return replace(box, segment=bytes(16))


def _bent_tag(box: Sealed) -> Sealed:
    return replace(box, box=box.box[:-1] + bytes([box.box[-1] ^ 1]))


def _no_tag(box: Sealed) -> Sealed:
    return replace(box, box=box.box[:3])


@pytest.mark.parametrize(
    "bend", [_another_key, _no_key, _another_index, _far_index, _another_segment, _bent_tag, _no_tag]
)
async def test_a_box_that_does_not_open(tmp_path: Path, bend: Callable[[Sealed], Sealed]) -> None:
    async with running_hub(tmp_path / "home") as running, connected(running.credentials()) as line:
        first, second = sealed_speech(running, 2)
        assert isinstance(second.body, Sealed)
        await line.send([first, replace(second, body=bend(second.body))])
        await expect(line, "sealed")
        balanced(running)
        await honest(running)


async def test_a_box_under_another_header(tmp_path: Path) -> None:
    """The clear header is authenticated: sound cannot be moved in time or counted twice."""
    async with running_hub(tmp_path / "home") as running, connected(running.credentials()) as line:
        (frame,) = sealed_speech(running, 1)
        await line.send([replace(frame, at=replace(frame.at, wall_ns=frame.at.wall_ns + SECOND))])
        await expect(line, "sealed")
        balanced(running)


async def test_a_box_for_another_hub(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "other") as other:
        frames = sealed_speech(other, 1)
    async with running_hub(tmp_path / "home") as running, connected(running.credentials()) as line:
        await line.send(frames)
        await expect(line, "sealed")


async def test_a_picture_in_the_box_of_a_microphone(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running, connected(running.credentials()) as line:
        sealer = Sealer.fresh(running.authority.sealing_public)
        picture = Picture(jpeg=b"\xff\xd8", width_px=1, height_px=1)
        await line.send([sealer.seal(Day().frame("mic", picture))])
        await expect(line, "body")


async def expect(line: Line, code: str) -> None:
    error = await line.broken()
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert code_of(error) == code

"""A recorded day is sensed in order of capture time, cut where something happens, at the pace that was asked for."""

import asyncio
from itertools import pairwise
from pathlib import Path

from sotto_device.mute import SENSORS, Orders, Shutter, passed
from sotto_device.samples import Absence, AudioSample, ControlSample, GazeSample, PictureSample, Sample, Stop, Tick
from sotto_device.sources.day import read_day
from sotto_device.sources.replay import Plan, ReplaySource, day_samples
from sotto_device.sources.unread import Unread
from sotto_proto.records import GapKind, MuteState
from tests.device.recorded_day import JPEG, START_NS, ramp, write_day
from tests.device.sensed import MS, SECOND, tone


def sensed(folder: Path, plan: Plan | None = None) -> list[Sample]:
    """All that is in the day, looked at."""
    found = (keyed[3] for keyed in day_samples(read_day(folder), plan or Plan()))
    return [sample.read() if isinstance(sample, Unread) else sample for sample in found]


def since(sample: Sample) -> float:
    """Milliseconds since the day's start."""
    return (sample.at.wall_ns - START_NS) / MS


def mic(samples: list[Sample]) -> list[AudioSample | Absence]:
    return [s for s in samples if isinstance(s, AudioSample | Absence)]


def test_sound_and_holes_fill_the_day_without_a_hole(tmp_path: Path) -> None:
    samples = mic(sensed(write_day(tmp_path, [(2.0, tone(1030)), (10.0, tone(500))])))
    assert since(samples[0]) == 0
    assert all(a.end_wall_ns == b.at.wall_ns for a, b in pairwise(samples))
    holes = [(since(s), s.duration_ns / MS) for s in samples if isinstance(s, Absence)]
    assert holes == [(0, 2000), (3030, 6970), (10_500, 1000)]
    assert {s.kind for s in samples if isinstance(s, Absence)} == {GapKind.OFF}


def test_every_sample_of_sound_is_kept(tmp_path: Path) -> None:
    pcm = ramp(20_001)
    folder = write_day(tmp_path, [(0.0, pcm)], controls=[{"at_s": 0.333, "do": "off_the_record", "last_s": 1}])
    assert b"".join(s.pcm for s in sensed(folder) if isinstance(s, AudioSample)) == pcm


def test_sound_is_cut_at_controls_ends_of_mutes_and_stops(tmp_path: Path) -> None:
    folder = write_day(tmp_path, [(0.0, tone(2000))], controls=[{"at_s": 0.25, "do": "mute", "for_s": 0.5}])
    samples = sensed(folder, Plan(stops=((START_NS + 1_333 * MS, "a"),)))
    starts = {since(s) for s in mic(samples)}
    assert {250, 750, 1333} <= starts
    kinds = [(type(s), since(s)) for s in samples if isinstance(s, ControlSample | Stop)]
    assert kinds == [(ControlSample, 250), (Stop, 1333)]


def test_at_one_instant_sound_before_it_comes_first_then_controls_then_stops(tmp_path: Path) -> None:
    folder = write_day(
        tmp_path, [(0.0, tone(1000))], controls=[{"at_s": 1.0, "do": "mute"}], pictures_s=[1.0], gaze_s=[1.0]
    )
    samples = sensed(folder, Plan(stops=((START_NS + SECOND, "a"),)))
    before = [type(s) for s in samples if since(s) < 1000]
    assert set(before) == {AudioSample}
    assert [type(s) for s in samples[len(before) :]] == [ControlSample, Stop, Absence, PictureSample, GazeSample]


def test_a_hole_is_cut_at_what_happens_in_it(tmp_path: Path) -> None:
    folder = write_day(tmp_path, controls=[{"at_s": 5, "do": "off_the_record", "last_s": 5}])
    samples = sensed(folder, Plan(until_wall_ns=START_NS + 20 * SECOND))
    assert [(since(s), type(s)) for s in samples if since(s) >= 1000] == [
        (1000, Absence),
        (5000, ControlSample),
        (5000, Absence),
    ]
    assert mic(samples)[-1].end_wall_ns == START_NS + 20 * SECOND


def test_stops_before_and_after_the_day(tmp_path: Path) -> None:
    stops = ((START_NS + 3600 * SECOND, "late"), (START_NS - 60 * SECOND, "early"))
    samples = sensed(write_day(tmp_path), Plan(stops=stops))
    assert [s.label for s in samples if isinstance(s, Stop)] == ["early", "late"]
    assert isinstance(samples[0], Stop)
    assert isinstance(samples[-1], Stop)
    assert mic(samples)[-1].end_wall_ns == START_NS + 3600 * SECOND


def test_pictures_and_gaze_have_their_times(tmp_path: Path) -> None:
    times = [0.2 + n / 100 for n in range(25)] + [0.8, 0.81]
    samples = sensed(write_day(tmp_path, pictures_s=[0.5], gaze_s=times))
    (picture,) = [s for s in samples if isinstance(s, PictureSample)]
    assert (since(picture), picture.jpeg, picture.width_px) == (500, JPEG, 64)
    batches = [s for s in samples if isinstance(s, GazeSample)]
    assert [(since(b), b.duration_ns / MS, len(b.points)) for b in batches] == [
        (200, 100, 10),
        (300, 100, 10),
        (400, 50, 5),
        (800, 20, 2),
    ]
    assert [p.offset_us for p in batches[0].points] == [10_000 * n for n in range(10)]


async def collected(source: ReplaySource, shutter: Shutter | None = None) -> list[Sample]:
    await source.follow(shutter or Shutter())
    return [sample async for sample in source.samples()]


async def test_fast_is_fast_and_equal(tmp_path: Path) -> None:
    folder = write_day(tmp_path, [(0.0, tone(300)), (3600.0, tone(300))])
    began = asyncio.get_running_loop().time()
    samples = await collected(ReplaySource(read_day(folder), Plan()))
    assert asyncio.get_running_loop().time() - began < 5
    assert samples == sensed(folder)


async def test_real_pace_takes_its_time_but_rests_no_longer_than_told(tmp_path: Path) -> None:
    folder = write_day(tmp_path, [(0.0, tone(400)), (3600.0, tone(400))])
    plan = Plan(real_pace=True, longest_rest_ns=100 * MS)
    began = asyncio.get_running_loop().time()
    samples = await collected(ReplaySource(read_day(folder), plan))
    took_s = asyncio.get_running_loop().time() - began
    assert 0.8 <= took_s < 5
    assert samples == sensed(folder)


async def test_closing_ends_a_day_in_the_middle_of_a_wait(tmp_path: Path) -> None:
    source = ReplaySource(read_day(write_day(tmp_path, [(3600.0, tone(300))])), Plan(real_pace=True))
    reading = asyncio.create_task(collected(source))
    await asyncio.sleep(0)
    await source.close()
    assert len(await asyncio.wait_for(reading, 10)) <= 1


async def test_a_recorded_day_says_what_it_is(tmp_path: Path) -> None:
    source = ReplaySource(read_day(write_day(tmp_path)), Plan())
    assert source.open == frozenset()
    assert not source.live
    assert source.timezone == "Europe/Stockholm"
    assert [s.stream for s in source.streams] == ["mic", "camera", "eyes", "control"]
    assert not any(s.live for s in source.streams)


def closed(*sensors: str, until_wall_ns: int | None = None) -> Shutter:
    mutes = (MuteState(muted=True, until_wall_ns=until_wall_ns, streams=(s,)) for s in SENSORS if s in sensors)
    return Shutter(orders=Orders(single=tuple(mutes)))


async def test_a_closed_camera_and_closed_eyes_are_not_read(tmp_path: Path) -> None:
    """What is not read cannot be broken: neither the picture nor the gaze of this day would pass."""
    folder = write_day(tmp_path, pictures_s=[0.5], gaze_s=[0.2, 0.21])
    (folder / "0.jpg").write_bytes(b"no picture")
    (folder / "gaze.csv").write_text("at_s,x,y,confidence\n0.2,secret,,\n0.21,secret,,\n")
    samples = await collected(ReplaySource(read_day(folder), Plan()), closed("camera", "eyes"))
    assert not [s for s in samples if isinstance(s, PictureSample | GazeSample)]
    instead = {s.stream: s for s in samples if isinstance(s, Absence) and s.kind is GapKind.MUTED}
    assert (since(instead["eyes"]), instead["eyes"].duration_ns) == (200, 20 * MS)
    assert (since(instead["camera"]), instead["camera"].duration_ns) == (500, 0)


async def test_a_timed_mute_of_the_camera_ends_in_the_day_s_own_time(tmp_path: Path) -> None:
    source = ReplaySource(read_day(write_day(tmp_path, pictures_s=[0.2, 0.5, 0.7])), Plan())
    shutter = closed("camera", until_wall_ns=START_NS + 500 * MS)
    await source.follow(shutter)
    seen = []
    async for sample in source.samples():
        if isinstance(sample, Tick):
            shutter = passed(shutter, sample.at.wall_ns)
            await source.follow(shutter)
        seen += [since(sample)] if isinstance(sample, PictureSample) else []
    assert seen == [500, 700]

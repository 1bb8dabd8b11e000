"""A recorded day goes on where it stopped: no sample twice, none left out; and what may be set about the spool."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_device.arguments import parser
from sotto_device.errors import UsageError
from sotto_device.running import run
from sotto_device.samples import Absence, AudioSample, ControlSample, Sample
from sotto_device.settings import Settings, parsed_settings
from sotto_device.sources.day import Day, read_day
from sotto_device.sources.replay import Plan, day_samples
from sotto_device.sources.unread import Unread
from sotto_device.spool.shelf import Shelf
from tests.device.recorded_day import START_NS, ramp, write_day
from tests.device.scripted_hub import scripted_hub
from tests.device.sensed import MS, SECOND


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    controls = [{"at_s": 0.5, "do": "mute"}, {"at_s": 0.9, "do": "unmute"}]
    scenes = [(0.0, ramp(16_000)), (3.0, ramp(8_000))]
    gaze_s = [n / 100 for n in range(100)]
    folder = tmp_path_factory.mktemp("day")
    return read_day(write_day(folder, scenes, controls=controls, pictures_s=[0.2, 0.7, 3.1], gaze_s=gaze_s))


def samples(day: Day, since: dict[str, int] | None = None) -> list[Sample | Unread]:
    return [keyed[3] for keyed in day_samples(day, Plan(since=since or {}))]


def sound(found: list[Sample | Unread]) -> bytes:
    return b"".join(one.pcm for one in found if isinstance(one, AudioSample))


@settings(max_examples=40, deadline=None)
@given(ms=st.integers(0, 4600))
def test_sound_goes_on_at_the_sample(day: Day, ms: int) -> None:
    since_ns = START_NS + ms * MS
    rest = samples(day, {"mic": since_ns})
    whole = sound(samples(day))
    assert whole.endswith(sound(rest))
    heard = [one for one in rest if isinstance(one, AudioSample | Absence)]
    assert all(one.at.wall_ns >= since_ns for one in heard)
    assert all(second.at.wall_ns == first.end_wall_ns for first, second in pairwise(heard))
    assert not heard or heard[0].at.wall_ns - since_ns < MS


def test_each_stream_goes_on_by_itself(day: Day) -> None:
    since = {"mic": START_NS + SECOND, "camera": START_NS + 200 * MS, "eyes": START_NS + 500 * MS}
    rest = samples(day, since | {"control": START_NS + 500 * MS})
    pictures = [one.at.wall_ns - START_NS for one in rest if isinstance(one, Unread) and one.sensor == "camera"]
    looks = [one.at.wall_ns - START_NS for one in rest if isinstance(one, Unread) and one.sensor == "eyes"]
    presses = [one.at.wall_ns - START_NS for one in rest if isinstance(one, ControlSample)]
    assert pictures == [700 * MS, 3100 * MS]
    assert looks[0] == 500 * MS
    assert presses == [900 * MS]


async def test_only_a_recorded_day_is_resumed(tmp_path: Path) -> None:
    words = parser(tmp_path).parse_args(["run", "--resume", "--home", str(tmp_path)])
    async with scripted_hub() as hub:
        hub.credentials.save(tmp_path)
        with pytest.raises(UsageError, match="--resume need a recorded day"):
            await run(words, tmp_path, Settings())


async def test_a_whole_run_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_day(tmp_path / "day")
    options = ["--home", str(tmp_path), "--source", f"replay:{source}", "--pace", "fast", "--resume"]
    words = parser(tmp_path).parse_args(["run", *options])
    async with scripted_hub() as hub:
        hub.credentials.save(tmp_path)
        await run(words, tmp_path, Settings())
        assert hub.mark("mic").captured_ns == SECOND
    assert "done" in capsys.readouterr().out
    assert Shelf(tmp_path / "spool", hub_key=bytes(32), bound_bytes=0).boots == []


def test_what_may_be_set() -> None:
    told = parsed_settings({"spool_disk_mib": 64, "spool_days": 3, "spill_s": 2, "spill_connected_s": 30})
    assert told.spool_disk_bytes == 64 << 20
    assert parsed_settings({"spool_disk_mib": 0}).spool_disk_bytes == 0


@pytest.mark.parametrize(
    "told",
    [{"spool_disk_mib": 1}, {"spool_days": 0}, {"spill_s": 0}, {"spill_s": 30}, {"spill_connected_s": 601}],
)
def test_what_may_not(told: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(told)).split("_")[0]):
        parsed_settings(told)

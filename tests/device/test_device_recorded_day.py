"""A recorded day is read whole or refused in one sentence that says where and what to do (R5)."""

from pathlib import Path

import pytest

from sotto_device.errors import DeviceError, RecordingError, UsageError
from sotto_device.sources.day import read_day
from sotto_device.sources.flac import read_sound
from sotto_device.sources.replay import Plan, day_samples
from sotto_device.sources.unread import Unread
from sotto_proto.records import MuteState, OffTheRecord
from tests.device.recorded_day import START_NS, ramp, write_day, write_flac, write_rows
from tests.device.sensed import MS, SECOND, tone


def refusal(folder: Path, *, sense: bool = False) -> DeviceError:
    """Why the day cannot be used."""
    try:
        day = read_day(folder)
        found = [keyed[3] for keyed in day_samples(day, Plan())] if sense else []
        samples = [sample.read() for sample in found if isinstance(sample, Unread)]
    except DeviceError as error:
        return error
    pytest.fail(f"the day was taken, with {len(samples)} samples")


def test_a_day_is_read_with_its_calendar(tmp_path: Path) -> None:
    controls = [
        {"at_s": 1.5, "do": "mute", "for_s": 2},
        {"at_s": 4, "do": "off_the_record", "last_s": 3},
        {"at_s": 5, "do": "mute"},
        {"at_s": 6, "do": "unmute"},
    ]
    day = read_day(write_day(tmp_path, controls=controls, pictures_s=[0.5]))
    assert (day.start_wall_ns, day.timezone, day.picture_px) == (START_NS, "Europe/Stockholm", (64, 48))
    assert [p.control for p in day.presses] == [
        MuteState(muted=True, until_wall_ns=START_NS + 3500 * MS),
        OffTheRecord(last_ns=3 * SECOND),
        MuteState(muted=True),
        MuteState(muted=False),
    ]
    assert [s.at_ns for s in day.shots] == [500 * MS]
    assert [(s.at_ns, s.duration_ns) for s in day.scenes] == [(0, SECOND)]


def test_sound_alone_is_enough(tmp_path: Path) -> None:
    folder = write_day(tmp_path)
    for name in ("controls.jsonl", "frames.jsonl", "gaze.csv"):
        (folder / name).unlink()
    assert len(list(day_samples(read_day(folder), Plan()))) == 11


def test_a_missing_folder(tmp_path: Path) -> None:
    error = refusal(tmp_path / "nowhere")
    assert isinstance(error, UsageError)
    assert (error.code, error.exit_status) == ("day_missing", 2)
    assert str(tmp_path / "nowhere") in error.sentence


def test_a_folder_that_is_no_day(tmp_path: Path) -> None:
    error = refusal(tmp_path)
    assert error.code == "day_missing"
    assert "session.toml" in error.sentence


@pytest.mark.parametrize(
    "text",
    ["start = ", 'timezone = "Europe/Stockholm"', 'start = "now"', 'start = "2026-03-09T08:00:00"', "start = 5"],
)
def test_a_broken_session(tmp_path: Path, text: str) -> None:
    folder = write_day(tmp_path)
    (folder / "session.toml").write_text(text)
    error = refusal(folder)
    assert (type(error), error.code, error.exit_status) == (RecordingError, "session", 6)
    assert "session.toml" in error.sentence


def test_a_timezone_that_does_not_exist(tmp_path: Path) -> None:
    folder = write_day(tmp_path)
    (folder / "session.toml").write_text('start = "2026-03-09T08:00:00+01:00"\ntimezone = "Mars/Base"\n')
    assert "timezone" in refusal(folder).sentence


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("audio.jsonl", "{broken", 1),
        ("audio.jsonl", '{"at_s": 0.0, "seconds": 1.0}', 1),
        ("audio.jsonl", '{"at_s": 0.0, "file": "audio/none.flac", "seconds": 1.0}', 1),
        ("controls.jsonl", '{"at_s": 1.0, "do": "mute"}\n{"at_s": 0.5, "do": "mute"}', 2),
        ("controls.jsonl", '{"at_s": 1.0, "do": "explode"}', 1),
        ("controls.jsonl", '{"at_s": -1.0, "do": "mute"}', 1),
        ("frames.jsonl", '{"at_s": 1.0}', 1),
        ("frames.jsonl", "5", 1),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, name: str, text: str, line: int) -> None:
    folder = write_day(tmp_path)
    (folder / name).write_text(text)
    error = refusal(folder)
    assert isinstance(error, RecordingError)
    assert f"{folder / name}, line {line}:" in error.sentence


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("at_s,x,y\n", 1),
        ("at_s,x,y,confidence\n0.1,0.5,0.5,0.9\n0.2,oops,0.5,0.9\n", 3),
        ("at_s,x,y,confidence\n0.1,0.5,0.5\n", 2),
        ("at_s,x,y,confidence\n0.1,0.5,0.5,1.5\n", 2),
        ("at_s,x,y,confidence\n0.1,nan,0.5,0.5\n", 2),
        ("at_s,x,y,confidence\n0.2,0.5,0.5,0.5\n0.1,0.5,0.5,0.5\n", 3),
    ],
)
def test_a_broken_gaze_line_is_named(tmp_path: Path, text: str, line: int) -> None:
    folder = write_day(tmp_path)
    (folder / "gaze.csv").write_text(text)
    assert f"gaze.csv, line {line}:" in refusal(folder, sense=True).sentence


def test_no_sound_at_all(tmp_path: Path) -> None:
    folder = write_day(tmp_path)
    (folder / "audio.jsonl").write_text("")
    assert "nothing to hear" in refusal(folder).sentence
    (folder / "audio.jsonl").unlink()
    assert "audio.jsonl is missing" in refusal(folder).sentence


def test_scenes_that_run_into_each_other(tmp_path: Path) -> None:
    error = refusal(write_day(tmp_path, [(0.0, tone(2000)), (1.0, tone(100))]))
    assert "audio.jsonl, line 2" in error.sentence


def test_a_sound_file_that_is_none(tmp_path: Path) -> None:
    folder = write_day(tmp_path)
    (folder / "audio/0001.flac").write_bytes(b"fLaC and then nothing")
    error = refusal(folder, sense=True)
    assert (error.code, error.exit_status) == ("audio", 6)
    assert "0001.flac cannot be decoded" in error.sentence


def test_a_sound_file_that_is_cut_short(tmp_path: Path) -> None:
    folder = write_day(tmp_path, [(0.0, tone(1000))])
    write_flac(folder / "audio/0001.flac", tone(500))
    assert "cut short" in refusal(folder, sense=True).sentence


def test_a_sound_file_of_another_rate(tmp_path: Path) -> None:
    folder = write_day(tmp_path)
    write_flac(folder / "audio/0001.flac", tone(1000), rate=48_000)
    assert "not 16 kHz mono" in refusal(folder, sense=True).sentence


def test_a_picture_that_is_none(tmp_path: Path) -> None:
    folder = write_day(tmp_path, pictures_s=[0.5])
    (folder / "0.jpg").write_bytes(b"GIF89a")
    assert "0.jpg is not a JPEG" in refusal(folder, sense=True).sentence


def test_an_empty_row_list_is_fine(tmp_path: Path) -> None:
    folder = write_day(tmp_path)
    write_rows(folder / "controls.jsonl", [])
    assert read_day(folder).presses == ()


def test_sound_is_read_in_blocks_that_end_at_cuts(tmp_path: Path) -> None:
    pcm = ramp(16_000)
    write_flac(tmp_path / "x.flac", pcm)
    blocks = list(read_sound(tmp_path / "x.flac", [250 * MS, 275 * MS, 5 * SECOND], 100 * MS))
    assert b"".join(blocks) == pcm
    ends, done = set(), 0
    for block in blocks:
        assert len(block) <= 3200
        done += len(block) // 32
        ends.add(done)
    assert {250, 275, 1000} <= ends

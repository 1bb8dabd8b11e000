"""The disk spool: sealed, torn at any byte, full, rewritten, bounded, private (P2, P4, R3, R4)."""

import errno
import os
import stat
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sotto_device.clock import Anchor
from sotto_device.spool import disk as disk_module
from sotto_device.spool.boot import Boot, Known
from sotto_device.spool.placing import Offset
from sotto_device.spool.segment import HEADER_BYTES, Header, read_header, record, records
from sotto_device.spool.segment_file import START, read_from
from sotto_device.spool.shelf import DAY_NS, BootFolder, Shelf
from sotto_device.withhold import OFF_THE_RECORD
from sotto_proto.records import Frame, Gap, GapKind, Mark, OffTheRecord, Picture, Sealed
from tests.device.sensed import MS, SECOND, WALL_NS, at, frame, gap
from tests.device.spooled import FullDisk, boot, counted, mic, mics, opened, read_all, shelf

SPOKEN = bytes([2]) * 20
PICTURE = Picture(jpeg=b"\xff\xd8" + b"a private sight" * 40, width_px=64, height_px=48)
MANY = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def begun(folder: Path, disk: FullDisk | None = None, **options: int) -> BootFolder:
    return shelf(folder, disk=disk, **options).begin(boot())


def segments(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.seg"))


def test_what_was_sensed_is_sealed_and_the_hub_opens_it(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    frames = [mic(1), frame("camera", 1, 50, 0, PICTURE), frame("mic", 2, 100, 100, gap()), mic(3)]
    folder.disk.append(frames, 0)
    found = read_all(folder)
    assert [isinstance(one.body, Sealed) for one in found] == [True, True, False, True]
    assert opened(found) == frames
    folder.close()
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"private sight" not in content
    assert SPOKEN not in content


def test_every_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    one = shelf(tmp_path)
    folder = one.begin(boot())
    folder.disk.append(mics(1, 3), 0)
    folder.disk.controls.append([frame("control", 1, 0, 0, OffTheRecord(last_ns=SECOND))])
    folder.disk.withhold(WALL_NS, WALL_NS + 100 * MS)
    one.meet(Known(hub_ns=1, kernel_boot_id="k", monotonic_ns=1))
    paths = list((tmp_path / "spool").rglob("*"))
    assert {path.name for path in paths} == {"boot-1", "boot.json", "tally", "000001.seg", "controls", "known.json"}
    for path in [tmp_path / "spool", *paths]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_segment_cut_anywhere_gives_a_prefix() -> None:
    frames = [mic(1), frame("mic", 2, 100, 100, gap()), frame("control", 1, 0, 0, OffTheRecord(last_ns=1)), mic(3)]
    header = Header(segment=bytes(16), key=bytes(32))
    data = b"".join(map(record, frames))
    for length in range(len(data) + 1):
        found = [one.frame for one in records(data[:length], header)]
        assert found == frames[: len(found)]
        ends = [one.end for one in records(data, header)]
        assert len(found) == sum(end <= length for end in ends)


def test_a_segment_with_any_byte_changed_gives_a_prefix() -> None:
    frames = [mic(1, packets=1), frame("mic", 2, 20, 100, gap()), mic(3, packets=1)]
    header = Header(segment=bytes(16), key=bytes(32))
    data = b"".join(map(record, frames))
    for place in range(len(data)):
        for bit in (0, 3, 7):
            changed = bytearray(data)
            changed[place] ^= 1 << bit
            found = [one.frame for one in records(bytes(changed), header)]
            assert found == frames[: len(found)]
            assert len(found) < len(frames)


@MANY
@given(data=st.data())
def test_a_segment_with_any_bit_flipped_gives_a_prefix(data: st.DataObject, tmp_path: Path) -> None:
    folder = shelf(tmp_path).begin(boot(f"boot-{len(list(tmp_path.rglob('boot.json')))}"))
    frames = [mic(1), frame("mic", 2, 100, 100, gap()), mic(3), mic(4)]
    folder.disk.append(frames, 0)
    path = next(folder.path.glob("*.seg"))
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(bytes(content))
    found = opened(read_all(folder))
    assert found == frames[: len(found)]
    assert len(found) < len(frames)
    folder.close()


def test_garbage_is_no_segment(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    folder.disk.append(mics(1, 2), 0)
    for content in (b"", b"\0" * 500, b"SOTTOSEG" + b"\xff" * 500):
        segments(tmp_path)[0].write_bytes(content)
        assert read_all(folder) == []
        assert read_header(content) is None


def test_a_torn_segment_hides_nothing_of_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_module, "SEGMENT_BYTES", 1)
    folder = begun(tmp_path)
    for sequence in (1, 2, 3):
        folder.disk.append([mic(sequence)], 0)
    os.truncate(segments(tmp_path)[1], HEADER_BYTES + 20)
    assert [f.sequence for f in read_all(folder)] == [1, 3]


def test_segments_end_by_size_by_boxes_and_by_age(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_module, "SEGMENT_BOXES", 3)
    folder = begun(tmp_path)
    folder.disk.append(mics(1, 3), 0)
    folder.disk.append([mic(4)], 0)
    folder.disk.append([mic(5)], disk_module.SEGMENT_NS)
    assert len(segments(tmp_path)) == 3
    assert [f.sequence for f in read_all(folder)] == [1, 2, 3, 4, 5]


def test_reading_goes_on_in_pieces_and_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_module, "read_from", partial(read_from, most=600))
    folder = begun(tmp_path)
    folder.disk.append(mics(1, 40), 0)
    found, place = folder.disk.read(START)
    assert 0 < len(found) < 3
    folder.disk.append(mics(41, 50), 0)
    rest = list[Frame]()
    while folder.disk.has_more(place):
        more, place = folder.disk.read(place)
        rest += more
    assert [f.sequence for f in found + rest] == list(range(1, 51))


def test_a_segment_goes_when_the_hub_has_all_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_module, "SEGMENT_BOXES", 2)
    folder = begun(tmp_path)
    for first in (1, 3, 5):
        folder.disk.append(mics(first, first + 1), 0)
    folder.disk.tidy({"mic": 3})
    assert len(segments(tmp_path)) == 2
    folder.disk.tidy({"mic": 6})
    assert folder.disk.is_empty
    assert segments(tmp_path) == []
    folder.disk.append([mic(7)], 0)
    assert [f.sequence for f in read_all(folder)] == [7]


def test_frames_that_are_there_are_not_written_again(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    folder.disk.append(mics(1, 3), 0)
    folder.disk.append(mics(1, 4), 0)
    assert [f.sequence for f in read_all(folder)] == [1, 2, 3, 4]


# ---- off the record


def test_off_the_record_rewrites_segments(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    folder.disk.append([*mics(1, 10), frame("camera", 1, 350, 0, PICTURE)], 0)
    before = segments(tmp_path)[0].read_bytes()
    boxes = {f.sequence: f.body.box for f in read_all(folder) if isinstance(f.body, Sealed) and f.stream == "mic"}
    folder.disk.withhold(WALL_NS + 300 * MS, WALL_NS + 500 * MS)
    found = read_all(folder)
    gone = {(f.stream, f.sequence) for f in found if f.body == Gap(kind=GapKind.LOST, reason=OFF_THE_RECORD)}
    assert gone == {("mic", 4), ("mic", 5), ("camera", 1)}
    assert [f for f in opened(found) if f.stream == "mic" and f.sequence not in (4, 5)] == [*mics(1, 3), *mics(6, 10)]
    after = segments(tmp_path)[0].read_bytes()
    assert boxes[4] in before
    assert boxes[4] not in after
    assert boxes[6] in after
    assert [path.name for path in folder.path.iterdir() if path.suffix == ".new"] == []


def test_the_segment_that_is_written_goes_on_after_it(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    folder.disk.append(mics(1, 3), 0)
    _, place = folder.disk.read(START)
    folder.disk.withhold(WALL_NS, WALL_NS + 50 * MS)
    folder.disk.append(mics(4, 5), 0)
    assert len(segments(tmp_path)) == 1
    found = read_all(folder)
    assert [f.sequence for f in found] == [1, 2, 3, 4, 5]
    assert opened(found)[1:] == mics(2, 5)
    assert [f.sequence for f in folder.disk.read(place)[0]] == [1, 2, 3, 4, 5]


def test_what_cannot_be_written_anew_goes_as_a_whole(tmp_path: Path) -> None:
    disk = FullDisk()
    folder = begun(tmp_path, disk)
    folder.disk.append(mics(1, 5), 0)
    counted(folder, mics(1, 5))
    disk.room = 10
    folder.disk.withhold(WALL_NS, WALL_NS + 50 * MS)
    assert read_all(folder) == []
    assert folder.tally.counts()["mic"].dropped == Mark(sequence=5, captured_ns=500 * MS)


class Unreadable:
    """A moment in which no segment can be opened: too many files are."""

    def __init__(self, patch: pytest.MonkeyPatch, path: Path) -> None:
        real = os.open

        def refuse(asked: Path, flags: int, mode: int = 0o777) -> int:
            if Path(asked) == path:
                raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
            return real(asked, flags, mode)

        patch.setattr("sotto_device.spool.segment_file.os.open", refuse)


def test_what_cannot_be_read_while_it_is_taken_back_goes_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = begun(tmp_path)
    folder.disk.append(mics(1, 5), 0)
    counted(folder, mics(1, 5))
    (path,) = segments(tmp_path)
    with monkeypatch.context() as patch:
        Unreadable(patch, path)
        folder.disk.withhold(WALL_NS, WALL_NS + 50 * MS)
    assert not path.exists()
    assert read_all(folder) == []
    assert folder.tally.counts()["mic"].dropped == Mark(sequence=5, captured_ns=500 * MS)


def test_what_lies_behind_damage_is_cut_off_when_something_is_taken_back(tmp_path: Path) -> None:
    """Nobody knows what span it is of: even where all that can be read stays as it is."""
    folder = begun(tmp_path)
    folder.disk.append(mics(1, 5), 0)
    folder.close()
    (path,) = segments(tmp_path)
    whole = path.read_bytes()
    kept = read_from(shelf(tmp_path).boots[0].disk._segments[1], 0)[1].end
    path.write_bytes(whole[: kept + 20] + bytes([whole[kept + 20] ^ 1]) + whole[kept + 21 :])
    (again,) = shelf(tmp_path).boots
    assert [f.sequence for f in read_all(again)] == [1, 2]
    again.disk.withhold(WALL_NS + 9000 * MS, WALL_NS + 9100 * MS)
    assert path.read_bytes() == whole[:kept]
    assert opened(read_all(again)) == mics(1, 2)
    assert again.disk.bytes == kept


@pytest.mark.parametrize("torn", [1, 7, 40])
def test_a_torn_tail_does_not_take_what_stands_before_it_along(tmp_path: Path, torn: int) -> None:
    folder = begun(tmp_path)
    folder.disk.append(mics(1, 5), 0)
    folder.close()
    (path,) = segments(tmp_path)
    path.write_bytes(path.read_bytes()[:-torn])
    (again,) = shelf(tmp_path).boots
    again.disk.withhold(WALL_NS, WALL_NS + 50 * MS)
    found = read_all(again)
    assert [isinstance(f.body, Gap) for f in found] == [True, False, False, False]
    assert opened(found)[1:] == mics(2, 4)


def test_a_segment_without_a_sound_header_goes_when_something_is_taken_back(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    folder.disk.append(mics(1, 5), 0)
    folder.close()
    (path,) = segments(tmp_path)
    path.write_bytes(b"?" + path.read_bytes()[1:])
    (again,) = shelf(tmp_path).boots
    assert read_all(again) == []
    again.disk.withhold(WALL_NS + 9000 * MS, WALL_NS + 9100 * MS)
    assert not path.exists()


def test_rewriting_makes_nothing_younger(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    folder.disk.append(mics(1, 5), 0)
    (path,) = segments(tmp_path)
    os.utime(path, ns=(SECOND, SECOND))
    folder.disk.withhold(WALL_NS, WALL_NS + 50 * MS)
    assert path.stat().st_mtime_ns == SECOND


def test_a_disk_that_refuses_in_one_boot_does_not_spare_the_others(tmp_path: Path) -> None:
    one = shelf(tmp_path)
    bad, good = one.begin(boot("bad")), one.begin(boot("good"))
    for folder in (bad, good):
        folder.disk.append(mics(1, 2), 0)
        folder.disk.close()
    path = segments(bad.path)[0]
    path.unlink()
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        one.withhold(good, WALL_NS, WALL_NS + 50 * MS)
    assert [isinstance(f.body, Gap) for f in read_all(good)] == [True, False]


def test_off_the_record_reaches_earlier_boots_in_their_own_time(tmp_path: Path) -> None:
    """The wall clock was set by a year between the two; the machine's own clock went on."""
    one = shelf(tmp_path)
    earlier = one.begin(boot("earlier", wall_minus_monotonic_ns=WALL_NS - 365 * DAY_NS))
    old = [frame("mic", n, 0, 100, mic(1).body) for n in (1, 2)]
    year = [_moved(old[0], 1000, -365 * DAY_NS), _moved(old[1], 2000, -365 * DAY_NS)]
    earlier.disk.append(year, 0)
    present = one.begin(boot("present"))
    one.withhold(present, WALL_NS + 1950 * MS, WALL_NS + 9000 * MS)
    assert [isinstance(f.body, Gap) for f in read_all(earlier)] == [False, True]


def _moved(one: Frame, ms: float, wall_ns: int) -> Frame:
    from dataclasses import replace

    there = at(ms)
    return replace(one, at=replace(there, wall_ns=there.wall_ns + wall_ns))


# ---- bounds


def test_full_by_its_bound_the_oldest_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_module, "SEGMENT_BYTES", 25_000)
    one = shelf(tmp_path)
    one._bound = 100_000
    folder = one.begin(boot())
    for sequence in range(1, 401):
        folder.disk.append([mic(sequence)], 0)
        assert folder.disk.bytes <= 100_000
    found = read_all(folder)
    assert found[-1].sequence == 400
    assert found[0].sequence > 100
    assert [f.sequence for f in found] == list(range(found[0].sequence, 401))
    assert folder.tally.counts()["mic"].dropped.sequence == found[0].sequence - 1
    assert folder.disk.bytes == sum(path.stat().st_size for path in segments(tmp_path))


def test_the_oldest_boot_makes_room_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_module, "SEGMENT_BYTES", 20_000)
    one = shelf(tmp_path)
    one._bound = 100_000
    first, second = one.begin(boot("first")), one.begin(boot("second"))
    for sequence in range(1, 101):
        first.disk.append([mic(sequence)], 0)
    first.disk.close()
    for sequence in range(1, 201):
        second.disk.append([mic(sequence)], 0)
    assert read_all(first)[0].sequence > 1
    assert read_all(second)[0].sequence == 1


def test_a_recorded_day_drops_nothing(tmp_path: Path) -> None:
    one = shelf(tmp_path)
    one._bound = 5_000
    live, day = one.begin(boot("live")), one.begin(boot("day", live=False, source="replay:/day"))
    live.disk.append(mics(1, 5), 0)
    live.disk.close()
    with pytest.raises(OSError, match="full"):
        day.disk.append(mics(1, 20), 0)
    assert len(read_all(live)) == 5


def test_a_full_disk_takes_all_or_nothing_and_heals(tmp_path: Path) -> None:
    disk = FullDisk()
    folder = begun(tmp_path, disk)
    folder.disk.append(mics(1, 5), 0)
    folder.disk.close()
    disk.room = 700
    with pytest.raises(OSError, match="No space left"):
        folder.disk.append(mics(6, 10), 0)
    assert read_all(folder) == []
    assert folder.tally.counts()["mic"].dropped.sequence == 5
    disk.room = 1 << 40
    folder.disk.append(mics(6, 10), 0)
    assert opened(read_all(folder)) == mics(6, 10)


def test_a_disk_without_any_room_refuses_and_leaves_nothing_behind(tmp_path: Path) -> None:
    disk = FullDisk(room=0)
    folder = begun(tmp_path, disk)
    for _ in range(3):
        with pytest.raises(OSError, match="No space left"):
            folder.disk.append(mics(1, 5), 0)
    assert segments(tmp_path) == []
    assert folder.disk.bytes == 0
    disk.room = 1 << 40
    folder.disk.append(mics(1, 5), 0)
    assert opened(read_all(folder)) == mics(1, 5)


@MANY
@given(rooms=st.lists(st.integers(0, 4000), max_size=12))
def test_whatever_a_disk_takes_is_readable_and_nothing_is_there_twice(rooms: list[int], tmp_path: Path) -> None:
    disk = FullDisk()
    folder = shelf(tmp_path, disk=disk).begin(boot(f"boot-{len(list(tmp_path.rglob('boot.json')))}"))
    for number, room in enumerate([*rooms, 1 << 40]):
        disk.room = room
        try:
            folder.disk.append(mics(1, 2 * number + 2), 0)
        except OSError:
            continue
    dropped = folder.tally.counts()["mic"].dropped.sequence if folder.tally.counts() else 0
    assert opened(read_all(folder)) == mics(dropped + 1, 2 * len(rooms) + 2)
    folder.close()


def test_what_has_waited_for_too_many_days_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_module, "SEGMENT_BYTES", 1)
    one = shelf(tmp_path, days=2)
    folder = one.begin(boot())
    for sequence in (1, 2, 3):
        folder.disk.append([_moved(mic(sequence), sequence * DAY_NS / MS, 0)], 0)
    one.expire(Anchor(kernel_boot="kernel-1", monotonic_ns=4 * DAY_NS + DAY_NS // 2, system_wall_ns=0))
    assert [f.sequence for f in read_all(folder)] == [3]
    one.expire(Anchor(kernel_boot="", monotonic_ns=99 * DAY_NS, system_wall_ns=99 * DAY_NS))
    assert [f.sequence for f in read_all(folder)] == [3], "no clock tells"


def ended(one: Shelf, boot_id: str, day: int, **changes: object) -> BootFolder:
    """A boot that sensed once, on a day of its machine's clock, and ended."""
    folder = one.begin(boot(boot_id, **changes))
    frames = [_moved(mic(1), day * DAY_NS / MS, 0)]
    folder.disk.append(frames, 0)
    counted(folder, frames)
    folder.disk.close()
    return folder


def test_other_starts_of_the_machine_are_counted_together(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Three days of one start, two of the next, and this one: so long it waited at least."""
    one = shelf(tmp_path, days=7)
    first, _ = ended(one, "first", 0), ended(one, "later", 3)
    ended(one, "next", 2, kernel_boot_id="kernel-2")
    one.expire(Anchor(kernel_boot="kernel-3", monotonic_ns=DAY_NS, system_wall_ns=0))
    assert len(read_all(first)) == 1
    one.expire(Anchor(kernel_boot="kernel-3", monotonic_ns=3 * DAY_NS, system_wall_ns=0))
    assert read_all(first) == []
    assert first.tally.counts()["mic"].dropped.sequence == 1
    assert [len(read_all(folder)) for folder in one.boots] == [0, 1, 1]
    one.expire(Anchor(kernel_boot="kernel-3", monotonic_ns=99 * DAY_NS, system_wall_ns=0))
    assert [len(read_all(folder)) for folder in one.boots] == [0, 0, 0]
    assert caplog.text.count("more than 7 days is gone: 1 files") == 1


@pytest.mark.parametrize(("error_days", "left"), [(0, 0), (3, 1)])
def test_the_hub_s_time_tells_how_long_an_earlier_boot_has_waited(tmp_path: Path, error_days: int, left: int) -> None:
    one = shelf(tmp_path, days=7)
    offset = Offset(offset_ns=5, error_ns=error_days * DAY_NS)
    folder = ended(one, "first", 0, offset=offset)
    one.meet(Known(hub_ns=WALL_NS + 9 * DAY_NS, kernel_boot_id="kernel-2", monotonic_ns=1))
    one.expire(Anchor(kernel_boot="kernel-2", monotonic_ns=1, system_wall_ns=0))
    assert len(read_all(folder)) == left


def test_what_waits_for_another_hub_goes_by_the_age_of_its_files(tmp_path: Path) -> None:
    one = shelf(tmp_path, days=7)
    folder = ended(one, "first", 0, hub_key="another")
    for path, days in ((segments(tmp_path)[0], 3), (folder.path / "boot.json", 1)):
        os.utime(path, ns=(days * DAY_NS, days * DAY_NS))
    for days, left in ((9, True), (11, False)):
        one.expire(Anchor(kernel_boot="kernel-2", monotonic_ns=1, system_wall_ns=days * DAY_NS))
        assert folder.path.exists() == left
    assert one.boots == []


def test_a_batch_of_gaps_is_not_synced(tmp_path: Path) -> None:
    disk = FullDisk()
    folder = begun(tmp_path, disk)
    folder.disk.append([mic(1)], 0)
    synced = disk.syncs
    folder.disk.append([frame("mic", 2, 100, 100, gap())], 0)
    assert disk.syncs == synced
    folder.disk.append(mics(3, 12), 0)
    assert disk.syncs == synced + 1


# ---- folders


def test_boots_come_back_in_their_order(tmp_path: Path) -> None:
    one = shelf(tmp_path)
    for name in ("zulu", "alpha", "mike"):
        folder = one.begin(boot(name))
        folder.disk.append([mic(1)], 0)
        folder.close()
    again = shelf(tmp_path)
    assert [folder.boot.boot_id for folder in again.boots] == ["zulu", "alpha", "mike"]
    assert [opened(read_all(folder)) for folder in again.boots] == [[mic(1)]] * 3
    again.remove(again.boots[-1])
    assert again.begin(boot("new")).boot.number == 4


def test_of_too_many_boots_the_oldest_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("sotto_device.spool.shelf.MOST_BOOTS", 2)
    one = shelf(tmp_path)
    counted(one.begin(boot("a")), [mic(20)])
    one.begin(boot("b"))
    one.begin(boot("c"))
    assert [folder.boot.boot_id for folder in one.boots] == ["b", "c"]
    assert "the oldest goes, 2.0 s" in caplog.text


def test_a_folder_without_a_boot_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "spool/half").mkdir(parents=True)
    (tmp_path / "spool/half/tally").touch()
    assert shelf(tmp_path).boots == []
    assert not (tmp_path / "spool/half").exists()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"boot_id": 1}', "\x00"])
def test_a_broken_boot_file_is_said_and_left(tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture) -> None:
    folder = begun(tmp_path)
    folder.close()
    (folder.path / "boot.json").write_text(content)
    assert shelf(tmp_path).boots == []
    assert "stays as it is" in caplog.text
    (tmp_path / "spool/known.json").write_text(content)
    assert shelf(tmp_path).known == Known()


def test_a_boot_is_kept_as_it_is_told(tmp_path: Path) -> None:
    told = boot(source="replay:/day", floor_ns=7)
    told.save(tmp_path)
    assert Boot.load(tmp_path) == told

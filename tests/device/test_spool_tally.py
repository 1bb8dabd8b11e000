"""The tally: what was captured is known after kill -9, and a torn write leaves the one before (R1, R3)."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_device.spool.lane import Count
from sotto_device.spool.tally import SLOT_BYTES, Tally, packed, unpacked
from sotto_proto.records import Mark
from tests.device.sensed import at

marks = st.builds(Mark, sequence=st.integers(0, 1 << 62), captured_ns=st.integers(0, 1 << 62))
counts = st.builds(Count, last=marks, acked=marks, dropped=marks, end=st.integers(0, 10**9).map(at))


def count(sequence: int) -> Count:
    return Count(last=Mark(sequence=sequence, captured_ns=sequence * 7), end=at(sequence))


@settings(max_examples=50, deadline=None)
@given(told=st.dictionaries(st.text(min_size=1, max_size=15), counts, max_size=16), clean=st.booleans())
def test_what_is_packed_is_unpacked(told: dict[str, Count], clean: bool) -> None:
    payload = packed(told, clean=clean)
    assert unpacked(payload) == (clean, told)
    assert len(payload) < SLOT_BYTES


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    tally = Tally(tmp_path / "tally")
    for sequence in range(1, 6):
        tally.note({"mic": count(sequence), "eyes": count(1)})
    tally.drop({"mic": Mark(sequence=2, captured_ns=14)})
    tally.note({"mic": count(6)})
    tally.say(clean=True)
    tally.close()
    again = Tally(tmp_path / "tally")
    assert again.clean
    assert again.counts()["mic"].last == count(6).last
    assert again.counts()["mic"].dropped.sequence == 2
    assert again.counts()["eyes"] == count(1)
    assert os.stat(tmp_path / "tally").st_mode & 0o777 == 0o600


def test_a_slot_torn_at_any_byte_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "tally"
    tally = Tally(path)
    tally.note({"mic": count(1)})
    before = path.read_bytes()
    tally.note({"mic": count(2)})
    after = path.read_bytes()
    tally.close()
    changed = [n for n in range(len(after)) if after[n] != before[n]]
    for cut in range(changed[0], changed[-1] + 1):
        path.write_bytes(after[:cut] + before[cut:])
        torn = Tally(path)
        assert torn.counts()["mic"].last.sequence in (1, 2)
        torn.close()


def test_any_content_is_read_as_something(tmp_path: Path) -> None:
    path = tmp_path / "tally"
    for content in (b"", b"\xff" * 3 * SLOT_BYTES, os.urandom(2 * SLOT_BYTES), bytes(100)):
        path.write_bytes(content)
        tally = Tally(path)
        assert tally.counts() == {}
        tally.note({"mic": count(3)})
        tally.close()
        again = Tally(path)
        assert again.counts() == {"mic": count(3)}
        again.close()


WRITER = """
import sys
from pathlib import Path
from sotto_device.spool.lane import Count
from sotto_device.spool.tally import Tally
from sotto_proto.records import CaptureTime, Mark
tally, out = Tally(Path(sys.argv[1])), sys.stdout.fileno()
import os
for n in range(1, 10_000_000):
    tally.note({"mic": Count(last=Mark(sequence=n, captured_ns=n * 7), end=CaptureTime(monotonic_ns=n, wall_ns=n))})
    os.write(out, n.to_bytes(8, "little"))
"""


def test_kill_9_of_a_writer_loses_nothing_it_said(tmp_path: Path) -> None:
    for round_ in range(3):
        path = tmp_path / f"tally-{round_}"
        writer = subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        said = writer.stdout.read(8 * 500 * (round_ + 1))
        writer.send_signal(signal.SIGKILL)
        said += writer.communicate()[0]
        newest = int.from_bytes(said[len(said) // 8 * 8 - 8 : len(said) // 8 * 8], "little")
        last = Tally(path).counts()["mic"].last
        assert newest <= last.sequence <= newest + 1
        assert last.captured_ns == 7 * last.sequence

"""Frames over the real link: words once, acknowledged after the commit, a ledger that balances."""

from dataclasses import replace
from pathlib import Path

import grpc
import pytest

from sotto_proto.records import Frame, GapKind, Modality, StreamInfo
from tests.hub.running_hub import running_hub
from tests.hub.scripted_device import MS, SECOND, START_NS, Day, connected, hello

SCRIPT = [(START_NS + SECOND, START_NS + 2 * SECOND, "call Anna tomorrow")]


def spoken_day(day: Day) -> list[Frame]:
    """One second of silence, 1.2 s of speech, silence again."""
    return [*day.gap(900), *day.speech(1_200), *day.gap(1_000), *day.gap(1_000)]


async def test_words_are_committed_then_acknowledged_then_read(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        day = Day()
        async with connected(running.credentials()) as line:
            frames = spoken_day(day)
            await line.send(frames)
            await line.acked("mic", frames[-1].sequence)
        texts = [u.text for u in running.hub.stores.transcript.utterances()]
        assert texts == ["call Anna tomorrow"]
        assert len(running.mind.heard_ids) == 1
        assert running.mind.now_ns == day.now_ns
        assert running.hub.stores.transcript.unread() == []


async def test_the_ledger_balances_to_the_nanosecond(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        day = Day()
        async with connected(running.credentials()) as line:
            await line.send(spoken_day(day))
            await line.send(day.gap(500, GapKind.MUTED))
            await line.send(day.gap(300, GapKind.LOST, "buffer_full"))
            await line.send(day.gap(60_000, GapKind.OFF))
            await line.send(day.gap(100))
            await line.acked("mic", day.sequences["mic"])
        (row,) = running.hub.ledger()
        assert row.captured_ns == day.captured["mic"]
        assert row.unaccounted_ns == 0
        assert row.muted_ns == 500 * MS
        assert dict(row.lost_ns) == {"buffer_full": 300 * MS}
        assert row.committed_ns > 0


async def test_what_waits_is_in_the_ledger(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        day = Day()
        async with connected(running.credentials()) as line:
            await line.send([*day.gap(900), *day.speech(600)])
            await line.acked("mic", 1)
            await line.send([*day.speech(300), *day.gap(100, stream="camera")])
            await line.acked("camera", 1)
            row = next(row for row in running.hub.ledger() if row.stream == "mic")
            assert row.waiting_ns == 900 * MS
            assert row.unaccounted_ns == 0
            (device,) = running.hub.status().devices
            assert (device.connected, device.waiting_frames) == (True, 9)


async def test_broken_off_in_mid_utterance_the_words_come_once(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        credentials, day = running.credentials(), Day()
        frames = spoken_day(day)
        async with connected(credentials) as line:
            await line.send(frames[:8])
            await line.acked("mic", 1)
        async with connected(credentials) as line:
            assert line.welcome["mic"] < 8
            await line.send(frames[line.welcome["mic"] :])
            await line.acked("mic", frames[-1].sequence)
        assert [u.text for u in running.hub.stores.transcript.utterances()] == ["call Anna tomorrow"]
        (row,) = running.hub.ledger()
        assert row.unaccounted_ns == 0


async def test_a_killed_hub_goes_on_where_it_committed(tmp_path: Path) -> None:
    day = Day()
    frames = spoken_day(day)
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        credentials = running.credentials()
        async with connected(credentials) as line:
            await line.send(frames[:8])
            await line.acked("mic", 1)
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        moved = replace(credentials, address=running.address)
        async with connected(moved) as line:
            await line.send(frames[line.welcome.get("mic", 0) :])
            await line.acked("mic", frames[-1].sequence)
        assert [u.text for u in running.hub.stores.transcript.utterances()] == ["call Anna tomorrow"]


async def test_repeated_frames_are_dropped_and_acknowledged_again(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        credentials, day = running.credentials(), Day()
        frames = spoken_day(day)
        async with connected(credentials) as line:
            await line.send(frames)
            await line.acked("mic", frames[-1].sequence)
        async with connected(credentials) as line:
            assert line.welcome["mic"] == frames[-1].sequence
            await line.send(frames)
            await line.acked("mic", frames[-1].sequence)
        assert running.hub.stores.transcript.count() == 1
        (row,) = running.hub.ledger()
        assert row.unaccounted_ns == 0


async def test_a_newer_connection_takes_over(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        credentials, day = running.credentials(), Day()
        frames = spoken_day(day)
        async with connected(credentials) as older:
            await older.send(frames[:5])
            async with connected(credentials) as newer:
                assert (await older.broken()).code() is grpc.StatusCode.ABORTED
                await newer.send(frames[newer.welcome.get("mic", 0) :])
                await newer.acked("mic", frames[-1].sequence)
        assert running.hub.stores.transcript.count() == 1


async def test_a_hole_ends_the_stream_with_what_was_due(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running, connected(running.credentials()) as line:
        day = Day()
        frames = [*day.gap(100), *day.gap(100), *day.gap(100)]
        await line.send([frames[0], frames[2]])
        error = await line.broken()
        assert error.code() is grpc.StatusCode.OUT_OF_RANGE
        assert "frame 3 came where 2 was due" in str(error.details())
        assert line.acks["mic"] == 1


@pytest.mark.parametrize("stream", ["unknown", "camera"])
async def test_what_was_not_announced_is_malformed(tmp_path: Path, stream: str) -> None:
    async with running_hub(tmp_path / "home") as running, connected(running.credentials()) as line:
        day = Day()
        (sound,) = day.speech(100)
        await line.send([day.frame(stream, sound.body, sound.duration_ns)])
        error = await line.broken()
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert stream in str(error.details())


async def test_a_live_clock_that_runs_days_ahead_cannot_carry_event_time_away(tmp_path: Path) -> None:
    live = hello(streams=(StreamInfo(stream="mic", modality=Modality.AUDIO, live=True),))
    async with running_hub(tmp_path / "home") as running, connected(running.credentials(), live) as line:
        day = Day()
        await line.send(day.gap(1_000))
        day.now_ns += 2 * 86_400 * SECOND
        await line.send(day.gap(1_000))
        error = await line.broken()
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert "clock is wrong" in str(error.details())
        assert running.hub.watermark_ns() < day.now_ns - 86_400 * SECOND


async def test_a_hello_that_cannot_be_is_refused(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running, connected(running.credentials(), hello(boot="")) as line:
        error = await line.broken()
        assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert "boot id" in str(error.details())

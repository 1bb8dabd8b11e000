"""What the hub holds in RAM of a span taken back goes at once: sound, pictures, what is on the way to them (P4)."""

import asyncio
from pathlib import Path

from sotto_hub.ingest.lanes import AudioLane, RecentLane
from sotto_hub.ingest.session import Session
from sotto_hub.perception.hear.ear import Ear
from sotto_hub.records import Fate
from sotto_proto.records import Audio, Frame, Gap, Picture
from tests.hub.running_hub import RunningHub, running_hub
from tests.hub.scripted_device import SECOND, START_NS, Day, connected

SCRIPT = [(START_NS + SECOND, START_NS + 2 * SECOND, "quokka canary sings")]
PICTURE = Picture(jpeg=b"\xff\xd8\xff\xd9", width_px=8, height_px=8)


def session_of(running: RunningHub) -> Session:
    (session,) = running.hub.fleet._connections.values()
    assert isinstance(session, Session)
    return session


def sensed(session: Session) -> list[Frame]:
    """Frames with sense in them that a session holds, in its lanes or before them."""
    lanes = session._lanes.values()
    ears = [lane._ear for lane in lanes if isinstance(lane, AudioLane)]
    held = [frame for ear in ears if isinstance(ear, Ear) for frame in ear._held]
    recent = [frame for lane in lanes if isinstance(lane, RecentLane) for frame in lane.recent]
    waiting = [item for item in session._inbox._queue if isinstance(item, Frame)]  # type: ignore[attr-defined]  # asyncio's
    return [frame for frame in (*held, *recent, *waiting) if isinstance(frame.body, Audio | Picture)]


async def test_sound_of_an_utterance_under_way_leaves_the_ram_of_the_hub_at_once(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running, connected(running.credentials()) as line:
        day = Day()
        await line.send([*day.gap(900), *day.speech(1_200), day.frame("camera", PICTURE)])
        session = session_of(running)
        async with asyncio.timeout(10):
            while len(sensed(session)) < 13 or not session._inbox.empty():
                await asyncio.sleep(0.01)
        running.hub.withhold(START_NS, START_NS + 5 * SECOND)
        assert sensed(session) == []
        await line.send(day.gap(1_000))
        await line.acked("mic", day.sequences["mic"])
        sound = next(row for row in running.hub.ledger() if row.stream == "mic")
        assert dict(sound.lost_ns) == {"off_the_record": 1_200_000_000}
        assert running.hub.stores.transcript.count() == 0


async def test_what_is_on_the_way_to_its_lane_goes_too(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as running, connected(running.credentials()):
        session, day = session_of(running), Day()
        before, inside = day.speech(100), day.speech(100)
        for frame in [*before, *inside, day.frame("camera", PICTURE)]:
            session._inbox.put_nowait(frame)
        running.hub.withhold(inside[0].at.wall_ns, day.now_ns + SECOND)
        assert sensed(session) == before


async def test_a_picture_that_comes_late_is_not_held() -> None:
    day = Day()
    lane = RecentLane(0, lambda from_ns, to_ns: from_ns <= START_NS < to_ns)
    late = await lane.take(day.frame("camera", PICTURE))
    day.now_ns += SECOND
    await lane.take(day.frame("camera", PICTURE))
    assert [(s.fate, s.reason) for s in late.settled] == [(Fate.LOST, "off_the_record")]
    assert [frame.at.wall_ns for frame in lane.recent] == [day.now_ns]
    assert not any(isinstance(frame.body, Gap) for frame in lane.recent)

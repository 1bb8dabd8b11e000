"""The mind hears the same, in the same order, at the same event times, however fast the frames come."""

from dataclasses import replace
from pathlib import Path

from sotto_hub.records import Decided, Utterance
from sotto_proto.records import Frame, GapKind
from tests.hub.running_hub import running_hub
from tests.hub.scripted_device import SECOND, START_NS, Day, connected, hello

SCRIPT = [
    (START_NS + 1 * SECOND, START_NS + 2 * SECOND, "one two three"),
    (START_NS + 64 * SECOND, START_NS + 65 * SECOND, "four five six"),
]


def day_with_a_hole(day: Day) -> list[Frame]:
    """Words, a minute without any sensor, words again."""
    before = [*day.gap(900), *day.speech(1_200), *day.gap(900)]
    hole = [frame for _ in range(3) for frame in day.gap(20_000, GapKind.OFF)]
    return [*before, *hole, *day.gap(900), *day.speech(1_200), *day.gap(1_000)]


async def steps(home: Path, *, one_by_one: bool) -> tuple[list[str], list[bool]]:
    """Ids in the order they were heard; and for every tenth of a second whether it was sensed."""
    async with running_hub(home, SCRIPT) as running, connected(running.credentials()) as line:
        frames = day_with_a_hole(Day())
        for frame in frames:
            await line.send([frame])
            if one_by_one and not hasattr(frame.body, "packets"):
                await line.acked("mic", frame.sequence)
        await line.acked("mic", frames[-1].sequence)
        assert running.mind.steps[0] == (START_NS, False)
        return running.mind.heard_ids, tenths(running.mind.steps)


def tenths(walk: list[tuple[int, bool]]) -> list[bool]:
    sensed: list[bool] = []
    now_ns = START_NS
    for to_ns, sensing in walk:
        sensed += [sensing] * ((to_ns - now_ns) // (SECOND // 10))
        now_ns = to_ns
    return sensed


async def test_speed_changes_nothing(tmp_path: Path) -> None:
    slow = await steps(tmp_path / "slow", one_by_one=True)
    fast = await steps(tmp_path / "fast", one_by_one=False)
    assert slow == fast
    assert len(fast[0]) == 2
    assert fast[1].count(False) == 600
    assert fast[1][30:630] == [False] * 600


async def test_the_slowest_of_two_devices_holds_the_watermark(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        one, two = Day(), Day()
        async with connected(running.credentials()) as first, connected(running.credentials()) as second:
            await second.send(two.gap(1_000))
            await second.acked("mic", 1)
            await first.send(day_with_a_hole(one))
            await first.acked("mic", one.sequences["mic"])
            assert running.hub.stores.transcript.count() == 2
            assert running.mind.now_ns == START_NS + SECOND
            assert running.mind.heard_ids == []
            await second.send(two.gap(60_000) + two.gap(60_000))
            await second.acked("mic", 3)
            assert len(running.mind.heard_ids) == 2


async def test_what_was_not_read_before_a_restart_is_read_after_it(tmp_path: Path) -> None:
    """A hub that is killed between the transaction and the mind."""
    said = [
        Utterance(id=name, device_id="device-1", start_ns=at, end_ns=at + SECOND, text=name)
        for name, at in (("first", START_NS), ("second", START_NS + 2 * SECOND))
    ]
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        decided = Decided(device_id="device-1", boot_id="boot", stream="mic", utterances=tuple(said))
        running.hub.stores.transcript.commit([decided])
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        assert running.mind.resumed == ["first", "second"]
        assert running.hub.stores.transcript.unread() == []


async def test_the_clock_of_the_device_is_corrected(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home", SCRIPT) as running:
        late = Day(now_ns=START_NS - 3_600 * SECOND)
        greeting = replace(hello(), clock_offset_ns=3_600 * SECOND)
        async with connected(running.credentials(), greeting) as line:
            await line.send([*late.gap(900), *late.speech(1_200), *late.gap(1_000)])
            await line.acked("mic", late.sequences["mic"])
        (said,) = running.hub.stores.transcript.utterances()
        assert said.text == "one two three"
        assert running.hub.stores.transcript.heard_until().popitem()[1] == late.now_ns + 3_600 * SECOND

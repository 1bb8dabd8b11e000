"""The bus: everyone hears everything from now on; a slow watcher hears what it missed as one number."""

from sotto_hub.bus import Bus, Lagged
from sotto_hub.records import Partial


def word(number: int) -> Partial:
    return Partial(device_id="d", start_ns=number, text="t")


async def test_everyone_hears_everything_from_now_on() -> None:
    bus = Bus()
    bus.publish(word(0))
    with bus.watch() as one, bus.watch() as two:
        bus.publish(word(1))
        assert await one.next() == await two.next() == word(1)


async def test_a_slow_watcher_gets_one_lagged_and_goes_on() -> None:
    bus = Bus()
    with bus.watch(size=3) as slow, bus.watch(size=100) as quick:
        for number in range(10):
            bus.publish(word(number))
        assert [await slow.next() for _ in range(4)] == [Lagged(missed=7), word(7), word(8), word(9)]
        bus.publish(word(10))
        assert await slow.next() == word(10)
        assert [await quick.next() for _ in range(11)] == [word(number) for number in range(11)]


async def test_who_has_left_is_told_nothing() -> None:
    bus = Bus()
    with bus.watch() as gone:
        bus.publish(word(1))
    bus.publish(word(2))
    assert await gone.next() == word(1)
    with bus.watch(size=1) as again:
        bus.publish(word(3))
        assert await again.next() == word(3)


async def test_watchers_go_home_when_the_hub_stops() -> None:
    bus = Bus()
    with bus.watch() as watcher:
        bus.publish(word(1))
        bus.close()
        assert await watcher.next() == word(1)
        assert await watcher.next() is None

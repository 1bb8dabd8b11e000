"""How the device says that it stands: to its wearer in a line, to programs in JSON."""

from sotto_device.mute import NO_ORDERS, Orders, Shutter
from sotto_device.status import Status, line_of, resting
from sotto_proto.records import MuteState
from tests.device.sensed import SECOND

NOW = 1_000 * SECOND


def camera_closed(until_wall_ns: int | None = None) -> Orders:
    return Orders(single=(MuteState(muted=True, until_wall_ns=until_wall_ns, streams=("camera",)),))


def test_a_device_that_senses() -> None:
    shutter = Shutter(sensors=("mic",), open=frozenset({"mic"}))
    status = Status(shutter=shutter, switch_off=None, has_light=False, hub_up=True, waiting_ms=(1500, 0)).told(NOW)
    assert status == {
        "running": True,
        "sensors": ["mic"],
        "open": ["mic"],
        "closed": {},
        "switch": None,
        "light": None,
        "shown": "sensing",
        "hub": "up",
        "waiting_ram_ms": 1500,
        "waiting_disk_ms": 0,
    }
    assert line_of(status) == "sensing: mic open; hub up; waiting 1.5 s in memory, 0.0 s on disk"


def test_a_device_in_private_with_everything_on_it() -> None:
    shutter = Shutter(orders=camera_closed(NOW + 125 * SECOND), open=frozenset({"mic", "eyes"}))
    status = Status(shutter=shutter, switch_off=False, has_light=True, hub_up=False, waiting_ms=(0, 61_000))
    assert line_of(status.told(NOW)) == (
        "private: eyes, mic open; camera closed for 2 min 5 s more; switch on; light says private; hub away;"
        " waiting 0.0 s in memory, 61.0 s on disk"
    )


def test_a_device_that_is_switched_off() -> None:
    shutter = Shutter(sensors=("mic",), switched_off=True)
    told = Status(shutter=shutter, switch_off=True, has_light=True, hub_up=True, waiting_ms=(0, 0)).told(NOW)
    assert (told["switch"], told["light"], told["open"]) == ("off", "off", [])
    assert "nothing open; switch off" in line_of(told)


def test_a_device_that_does_not_run() -> None:
    assert line_of(resting(NO_ORDERS, NOW)) == "not running"
    both = Orders(everything=MuteState(muted=True, until_wall_ns=NOW + SECOND), single=camera_closed().single)
    assert resting(both, NOW)["closed"] == {"mic": 1000, "camera": None, "eyes": 1000}
    assert line_of(resting(both, NOW)).startswith("not running; mic closed for 1 s more; camera closed until unmuted")

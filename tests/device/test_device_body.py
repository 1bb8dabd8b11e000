"""The switch and the light: real gpiozero on pretended pins, and what happens where there are none (P3)."""

import asyncio
import logging
import sys
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory

from sotto_device.body.fitting import fitted
from sotto_device.body.gpio import GpioLight, GpioSwitch
from sotto_device.body.parts import NoLight
from sotto_device.body.scripted import ScriptedLight, ScriptedSwitch
from sotto_device.body.watch import SwitchWatch
from sotto_device.errors import BodyError
from sotto_device.mute import Shown
from sotto_device.settings import Settings, parsed_settings

PATIENCE_S = 10.0


@pytest.fixture
def pins() -> Any:
    """Pins of a Raspberry Pi that is none."""
    factory = MockFactory()
    yield factory
    factory.reset()


def test_the_light_is_dark_only_when_everything_is_off(pins: Any) -> None:
    light = GpioLight(27, blink=False, factory=pins)
    light.open()
    pin = pins.pin(27)
    lit = []
    for shown in (Shown.OFF, Shown.SENSING, Shown.PRIVATE, Shown.CLOSING, Shown.OFF):
        light.show(shown)
        lit.append(bool(pin.state))
    assert lit == [False, True, True, True, False]
    light.show(Shown.SENSING)
    light.close()
    light.close()
    assert not pin.state


def test_the_light_blinks_while_a_sensor_closes(pins: Any) -> None:
    light = GpioLight(27, factory=pins)
    light.open()
    pin = pins.pin(27)
    light.show(Shown.CLOSING)
    light.show(Shown.PRIVATE)
    light.show(Shown.OFF)
    assert not pin.state
    light.close()


def test_a_contact_to_ground_is_on_and_a_cut_wire_is_off(pins: Any) -> None:
    turns: list[bool] = []
    switch = GpioSwitch(17, factory=pins)
    switch.open(lambda: turns.append(switch.is_off()))
    assert switch.is_off()
    pins.pin(17).drive_low()
    pins.pin(17).drive_high()
    assert turns == [False, True]
    switch.close()
    switch.close()
    with pytest.raises(BodyError):
        switch.is_off()


def refusal(error: pytest.ExceptionInfo[BodyError], part: str) -> bool:
    told = error.value
    return told.code == part and told.exit_status == 8 and "\n" not in told.sentence and "GPIO" in told.sentence


def test_a_pin_that_cannot_be_claimed_is_one_sentence(pins: Any) -> None:
    taken = GpioSwitch(17, factory=pins)
    taken.open(lambda: None)
    with pytest.raises(BodyError) as caught:
        GpioLight(17, factory=pins).open()
    assert refusal(caught, "light")
    with pytest.raises(BodyError) as caught:
        GpioSwitch(99, factory=pins).open(lambda: None)
    assert refusal(caught, "switch")


def test_a_machine_without_pins_is_one_sentence(recwarn: pytest.WarningsRecorder) -> None:
    with pytest.raises(BodyError) as caught:
        GpioSwitch(17).open(lambda: None)
    assert refusal(caught, "switch")
    assert not recwarn.list


def test_without_gpiozero_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gpiozero", None)
    with pytest.raises(BodyError) as caught:
        GpioLight(27).open()
    assert refusal(caught, "light")
    assert "sotto[pi]" in caught.value.sentence


def test_the_body_that_the_settings_describe() -> None:
    bare = fitted(Settings())
    assert bare.switch is None
    assert isinstance(bare.light, NoLight)
    body = fitted(parsed_settings({"switch_gpio": 17, "light_gpio": 27, "light_blink": False}))
    assert isinstance(body.switch, GpioSwitch)
    assert isinstance(body.light, GpioLight)
    for nothing in (bare.light.open, bare.light.close):
        nothing()
    bare.light.show(Shown.SENSING)


@pytest.mark.parametrize(
    "told", [{"light_gpio": 28}, {"switch_gpio": -2}, {"light_gpio": 5, "switch_gpio": 5}, {"light_blink": 1}]
)
def test_pins_that_are_none(told: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"gpio|light_blink"):
        parsed_settings(told)


# ---- watching the switch ----------------------------------------------------------------------------------------


class Watched:
    """A watch over a scripted switch, and what it told."""

    def __init__(self, switch: ScriptedSwitch) -> None:
        self.switch = switch
        self.told: list[bool] = []
        self._changed = asyncio.Condition()
        self.watch = SwitchWatch(switch, self._tell)
        self.running = asyncio.create_task(self.watch.run(self.watch.begin()))

    async def _tell(self, is_off: bool) -> None:
        async with self._changed:
            self.told.append(is_off)
            self._changed.notify_all()

    async def until(self, told: list[bool]) -> None:
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(lambda: self.told == told)

    async def end(self) -> None:
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)


async def test_every_turn_is_told() -> None:
    watched = Watched(ScriptedSwitch())
    watched.switch.turn(off=True)
    await watched.until([True])
    watched.switch.turn(off=False)
    await watched.until([True, False])
    await watched.end()
    assert not watched.switch.claimed


async def test_off_is_told_at_once_and_on_only_when_it_has_settled() -> None:
    watched = Watched(ScriptedSwitch(off=True))
    began = asyncio.get_running_loop().time()
    watched.switch.turn(off=False)
    await watched.until([False])
    settled = asyncio.get_running_loop().time()
    assert settled - began >= 0.04
    watched.switch.turn(off=True)
    await watched.until([False, True])
    await watched.end()


async def test_a_contact_that_bounces_into_off_stays_off() -> None:
    watched = Watched(ScriptedSwitch(off=True))
    for off in (False, True, False, True):
        watched.switch.turn(off=off)
        await asyncio.sleep(0)
    watched.switch.turn(off=True)
    await asyncio.sleep(0)
    watched.switch.turn(off=False)
    await watched.until([False])
    await watched.end()


async def test_a_switch_that_breaks_counts_as_off_and_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    watched = Watched(ScriptedSwitch())
    with caplog.at_level(logging.WARNING):
        watched.switch.broken = True
        watched.switch.turn(off=False)
        await watched.until([True])
        watched.switch.turn(off=False)
        watched.switch.broken = False
        watched.switch.turn(off=False)
        await watched.until([True, False])
    await watched.end()
    assert [r.getMessage() for r in caplog.records] == ["the switch cannot be read: it counts as off."]


async def test_a_switch_that_cannot_be_read_at_the_start_is_an_error() -> None:
    with pytest.raises(BodyError):
        Watched(ScriptedSwitch(broken=True))


def test_a_scripted_light_keeps_its_story() -> None:
    light = ScriptedLight()
    light.open()
    assert light.shown is None
    light.show(Shown.SENSING)
    light.close()
    assert (light.story, light.claimed) == ([Shown.SENSING], False)

"""Switch and light on the pins of a Raspberry Pi, through gpiozero, which is imported when a pin is claimed.

Wiring. The switch joins its pin to ground while sensing is allowed: a cut wire or an empty pin therefore reads as
off. The light stands between its pin and ground, with its resistor: dark means that every sensor is closed.

Pins are numbers of Broadcom, as gpiozero counts them (GPIO17 is 17).
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sotto_device.errors import BodyError
from sotto_device.mute import Shown

BLINKS: Final = {Shown.PRIVATE: (1.9, 0.1), Shown.CLOSING: (0.1, 0.1)}
"""Seconds lit and dark. Everything but OFF is lit for longer than a glance."""


class GpioSwitch:
    """A contact between a pin and ground. `factory`: gpiozero's pins, by default those of the machine."""

    def __init__(self, pin: int, *, factory: Any = None) -> None:
        self._pin = pin
        self._factory = factory
        self._device: Any = None

    def open(self, changed: Callable[[], None]) -> None:
        """Claims the pin, pulled up. Raises `BodyError`."""
        with _claiming("switch", self._pin):
            from gpiozero import DigitalInputDevice

            self._device = DigitalInputDevice(self._pin, pull_up=True, pin_factory=self._factory)
            self._device.when_activated = changed
            self._device.when_deactivated = changed

    def is_off(self) -> bool:
        """Whether the contact is open. Raises `BodyError`."""
        if self._device is None:
            raise BodyError("switch", f"the switch on GPIO{self._pin} is not claimed")
        with _claiming("switch", self._pin):
            return not self._device.is_active

    def close(self) -> None:
        """Gives the pin back."""
        if self._device is not None:
            self._device.close()
            self._device = None


class GpioLight:
    """An LED between a pin and ground. Without `blink` it is simply lit for everything but OFF."""

    def __init__(self, pin: int, *, blink: bool = True, factory: Any = None) -> None:
        self._pin = pin
        self._blink = blink
        self._factory = factory
        self._device: Any = None

    def open(self) -> None:
        """Claims the pin, dark. Raises `BodyError`."""
        with _claiming("light", self._pin):
            from gpiozero import LED

            self._device = LED(self._pin, pin_factory=self._factory)

    def show(self, shown: Shown) -> None:
        """Lit, blinking or dark. Raises `BodyError`."""
        with _claiming("light", self._pin):
            if shown is Shown.OFF:
                self._device.off()
            elif self._blink and shown in BLINKS:
                lit_s, dark_s = BLINKS[shown]
                self._device.blink(on_time=lit_s, off_time=dark_s, background=True)
            else:
                self._device.on()

    def close(self) -> None:
        """Dark, and the pin is given back."""
        if self._device is not None:
            self._device.off()
            self._device.close()
            self._device = None


@contextmanager
def _claiming(part: str, pin: int) -> Iterator[None]:
    """Whatever gpiozero and the drivers below it complain about, as one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # gpiozero names every kind of pins that it does not find
            yield
    except BodyError:
        raise
    except ImportError as error:  # gpiozero's own BadPinFactory is one too
        raise BodyError(
            part,
            f"the {part} on GPIO{pin} cannot be used: {_first_line(error)}."
            " It needs the pins of a Raspberry Pi, and: pip install 'sotto[pi]'",
        ) from error
    except Exception as error:  # drivers raise kinds of their own, which nobody can list
        raise BodyError(part, f"the {part} on GPIO{pin} cannot be used: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]

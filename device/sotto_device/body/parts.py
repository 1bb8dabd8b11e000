"""What stands between the daemon and the body: a switch that can be read, a light that can be set.

Adapters: `gpio` on a Raspberry Pi, `scripted` in tests; without settings there is no switch, and no light.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from sotto_device.mute import Shown


class Switch(Protocol):
    """A switch of the hardware: whoever turns it off has turned it off."""

    def open(self, changed: Callable[[], None]) -> None:
        """Claims it. `changed` is called from any thread when it may have been turned. Raises `BodyError`."""

    def is_off(self) -> bool:
        """How it stands. Raises `BodyError` when it cannot be read."""

    def close(self) -> None:
        """Gives it back."""


class Light(Protocol):
    """An indicator."""

    def open(self) -> None:
        """Claims it, dark. Raises `BodyError`."""

    def show(self, shown: Shown) -> None:
        """Says what is going on, from this instant on. Raises `BodyError`."""

    def close(self) -> None:
        """Goes dark and gives it back."""


class NoLight:
    """A device without an indicator."""

    def open(self) -> None:
        """There is nothing to claim."""

    def show(self, shown: Shown) -> None:
        """There is nothing to see."""

    def close(self) -> None:
        """There is nothing to give back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What this device has: a light, and perhaps a switch."""

    light: Light = field(default_factory=NoLight)
    switch: Switch | None = None

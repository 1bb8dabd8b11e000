"""A switch and a light that do as they are told: for tests, and for trying a device without pins."""

from collections.abc import Callable

from sotto_device.errors import BodyError
from sotto_device.mute import Shown


class ScriptedSwitch:
    """`turn` turns it; `broken` makes it unreadable."""

    def __init__(self, *, off: bool = False, broken: bool = False) -> None:
        self.off = off
        self.broken = broken
        self.claimed = False
        self._changed: Callable[[], None] | None = None

    def turn(self, *, off: bool) -> None:
        """Somebody turns it."""
        self.off = off
        if self._changed is not None:
            self._changed()

    def open(self, changed: Callable[[], None]) -> None:
        """Claims it."""
        self._changed = changed
        self.claimed = True

    def is_off(self) -> bool:
        """How it stands. Raises `BodyError` while it is broken."""
        if self.broken:
            raise BodyError("switch", "the switch cannot be read")
        return self.off

    def close(self) -> None:
        """Gives it back."""
        self._changed = None
        self.claimed = False


class ScriptedLight:
    """Keeps what it was told to show, in order. `broken` makes it go on showing what it shows."""

    def __init__(self) -> None:
        self.story: list[Shown] = []
        self.claimed = False
        self.broken = False

    @property
    def shown(self) -> Shown | None:
        """What it shows now; nothing before it was told."""
        return self.story[-1] if self.story else None

    def open(self) -> None:
        """Claims it."""
        self.claimed = True

    def show(self, shown: Shown) -> None:
        """Keeps it. Raises `BodyError` while it is broken."""
        if self.broken:
            raise BodyError("light", "the light cannot be set")
        self.story.append(shown)

    def close(self) -> None:
        """Gives it back."""
        self.claimed = False

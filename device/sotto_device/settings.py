"""What the wearer may set, read once and passed down: `device.toml` in the device's folder, and the environment.

timezone = "Europe/Stockholm"   # default: the machine's
microphone = "USB Audio"        # default: the system's
spool_mib = 64                  # memory for what the hub has not acknowledged
spool_disk_mib = 512            # disk for what it has not acknowledged for longer, sealed to it; 0: none
spool_days = 7                  # and for how many days
spill_s = 1                     # what waits for longer goes to the disk, while no hub is there
spill_connected_s = 20          # and while one is
bitrate = 28000                 # of Opus, bits a second
switch_gpio = 17                # a switch to ground on this pin (Broadcom number); open: everything is off
light_gpio = 27                 # a light on this pin; dark: every sensor is closed
light_blink = true              # blinks while a sensor closes, or some are closed
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sotto_device.errors import HomeError, UsageError
from sotto_device.gate import GateRules

FILE: Final = "device.toml"
HOME_VARIABLE: Final = "SOTTO_DEVICE_HOME"
NO_PIN: Final = -1
LAST_PIN: Final = 27


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Empty words mean the machine's own choice."""

    timezone: str = ""
    microphone: str = ""
    spool_mib: int = 64
    spool_disk_mib: int = 512
    spool_days: int = 7
    spill_s: int = 1
    spill_connected_s: int = 20
    bitrate: int = 28_000
    switch_gpio: int = NO_PIN
    light_gpio: int = NO_PIN
    light_blink: bool = True
    gate: GateRules = field(default_factory=GateRules)

    @property
    def spool_bytes(self) -> int:
        """The bound of the spool in memory."""
        return self.spool_mib << 20

    @property
    def spool_disk_bytes(self) -> int:
        """The bound of the spool on the disk."""
        return self.spool_disk_mib << 20


def default_home(environment: Mapping[str, str]) -> Path:
    """`SOTTO_DEVICE_HOME`, or the user's data folder (pure)."""
    named = environment.get(HOME_VARIABLE)
    return Path(named) if named else Path(environment.get("HOME", "~")).expanduser() / ".local/share/sotto-device"


def prepared_home(home: Path) -> Path:
    """The folder, made if it is not there, for its owner only. Raises `HomeError` when it cannot be written."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.chmod(0o700)
    except OSError as error:
        raise HomeError("home", f"{home} cannot be used as the device's folder: {error.strerror}") from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise HomeError("home", f"{home} cannot be written: choose another folder with --home")
    return home


def read_settings(home: Path) -> Settings:
    """The settings in the folder, or the defaults. Raises `UsageError` for a file that says something else."""
    path = home / FILE
    try:
        told = tomllib.loads(path.read_text()) if path.exists() else {}
        return parsed_settings(told)
    except (OSError, ValueError) as error:
        raise UsageError("settings", f"{path} cannot be used: {error}") from error


def parsed_settings(told: Mapping[str, Any]) -> Settings:
    """Settings from their words (pure). Raises `ValueError` with what is wrong."""
    plain = {f.name: type(f.default) for f in fields(Settings) if f.name != "gate"}
    for name, value in told.items():
        if name not in plain:
            raise ValueError(f"there is no setting {name!r}; there are {', '.join(plain)}")
        if type(value) is not plain[name]:
            raise ValueError(f"{name} is {value!r}, which is not {_KINDS[plain[name]]}")
    settings = Settings(**told)
    _check(settings)
    return settings


def local_timezone(environment: Mapping[str, str], localtime: Path = Path("/etc/localtime")) -> str:
    """The IANA name of the machine's zone; `UTC` where it does not say."""
    named = environment.get("TZ", "").removeprefix(":")
    linked = str(localtime.resolve()).rpartition("zoneinfo/")[2]
    return next((name for name in (named, linked) if is_timezone(name)), "UTC")


def is_timezone(name: str) -> bool:
    """Whether this is the name of a zone."""
    try:
        return bool(name) and bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _check(settings: Settings) -> None:
    if settings.timezone and not is_timezone(settings.timezone):
        raise ValueError(f"timezone is {settings.timezone!r}; it has to be a name like Europe/Stockholm")
    if not 4 <= settings.spool_mib <= 4096:
        raise ValueError("spool_mib has to lie between 4 and 4096")
    if settings.spool_disk_mib and not 8 <= settings.spool_disk_mib <= 1 << 20:
        raise ValueError("spool_disk_mib has to be 0, or at least 8")
    if not 1 <= settings.spool_days <= 365:
        raise ValueError("spool_days has to lie between 1 and 365")
    if not 1 <= settings.spill_s <= settings.spill_connected_s <= 600:
        raise ValueError(
            "spill_s and spill_connected_s have to lie between 1 and 600, the first not above the second"
        )
    pins = [pin for pin in (settings.switch_gpio, settings.light_gpio) if pin != NO_PIN]
    if not all(0 <= pin <= LAST_PIN for pin in pins) or len(set(pins)) < len(pins):
        raise ValueError(f"switch_gpio and light_gpio have to be two pins between 0 and {LAST_PIN}")
    if not 6_000 <= settings.bitrate <= 64_000:
        raise ValueError("bitrate has to lie between 6000 and 64000")


_KINDS: Final = {int: "a number", str: "text", bool: "true or false"}

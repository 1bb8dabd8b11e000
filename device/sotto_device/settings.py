"""What the wearer may set, read once and passed down: `device.toml` in the device's folder, and the environment.

timezone = "Europe/Stockholm"   # default: the machine's
microphone = "USB Audio"        # default: the system's
spool_mib = 64                  # memory for what the hub has not acknowledged
bitrate = 28000                 # of Opus, bits a second
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Empty words mean the machine's own choice."""

    timezone: str = ""
    microphone: str = ""
    spool_mib: int = 64
    bitrate: int = 28_000
    gate: GateRules = field(default_factory=GateRules)

    @property
    def spool_bytes(self) -> int:
        """The bound of the spool."""
        return self.spool_mib << 20


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
            raise ValueError(f"{name} is {value!r}, which is not {'a number' if plain[name] is int else 'text'}")
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
    if not 6_000 <= settings.bitrate <= 64_000:
        raise ValueError("bitrate has to lie between 6000 and 64000")

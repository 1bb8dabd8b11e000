"""The hub's settings: arguments over environment over HOME/sotto.toml over defaults; read once, passed down.

HOME/sotto.toml may hold: listen = "127.0.0.1:7443", engine = "auto", model = "small.en", language = "en",
timezone = "Europe/Stockholm". The environment: SOTTO_HOME, SOTTO_LISTEN, SOTTO_ENGINE, SOTTO_MODEL, SOTTO_LANGUAGE,
SOTTO_TIMEZONE.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sotto_hub.errors import HomeError, UsageError

DEFAULT_LISTEN: Final = "127.0.0.1:7443"
_DEFAULTS: Final = {"listen": DEFAULT_LISTEN, "engine": "auto", "model": "", "language": "en", "timezone": "UTC"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the keeper of a hub may choose. `port` 0: any free one. `timezone`: until a device brings its own."""

    home: Path
    host: str
    port: int
    engine: str
    model: str
    language: str
    timezone: str


def default_home(environment: Mapping[str, str]) -> Path:
    """$SOTTO_HOME, or ~/.local/share/sotto."""
    return Path(environment.get("SOTTO_HOME") or "~/.local/share/sotto").expanduser()


def read_settings(arguments: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """All sources joined. `arguments`: by setting name, `None` or absent when not given; `home` among them.

    Raises `UsageError` (`settings`, `listen`, `timezone`) or `HomeError` (`settings_read`).
    """
    home = Path(arguments.get("home") or default_home(environment)).expanduser().absolute()
    chosen = {**_DEFAULTS, **_from_file(home / "sotto.toml"), **_from_environment(environment)}
    chosen.update({name: value for name, value in arguments.items() if value is not None and name in _DEFAULTS})
    host, port = split_listen(chosen["listen"])
    return Settings(
        home=home,
        host=host,
        port=port,
        engine=chosen["engine"],
        model=chosen["model"],
        language=chosen["language"],
        timezone=_zone(chosen["timezone"]),
    )


def split_listen(listen: str) -> tuple[str, int]:
    """Host and port of HOST:PORT; an IPv6 host stands in brackets. Raises `UsageError` with code `listen`."""
    host, _, port = listen.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > 65534:
        raise UsageError(
            "listen", f"'{listen}' is no address to listen on: it looks like {DEFAULT_LISTEN}, port 65534 at most"
        )
    return host, int(port)


def _from_file(path: Path) -> dict[str, str]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise HomeError("settings_read", f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError("settings", f"{path} is not TOML: {error}") from error
    for name, value in values.items():
        if name not in _DEFAULTS or not isinstance(value, str):
            known = ", ".join(_DEFAULTS)
            raise UsageError("settings", f"{path}: '{name}' is no setting with a text value; there are {known}")
    return {name: str(value) for name, value in values.items()}


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    found = {name: environment.get(f"SOTTO_{name.upper()}") for name in _DEFAULTS}
    return {name: value for name, value in found.items() if value}


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError("timezone", f"'{name}' is no timezone: it looks like Europe/Stockholm") from error
    return name

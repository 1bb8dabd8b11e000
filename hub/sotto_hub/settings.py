"""The hub's settings: arguments over environment over HOME/sotto.toml over defaults; read once, passed down.

HOME/sotto.toml may hold, with its defaults (an environment variable is the name in capitals after SOTTO_, lists with
commas between, such as SOTTO_ALLOW=192.168.1.5:11434,10.0.0.2:8080):

    listen = "127.0.0.1:7443"      # HOST:PORT
    engine = "auto"                # recogniser
    model = ""                     # its model
    language = "en"
    timezone = "UTC"               # until a device brings its own
    keys = "auto"                  # where the master key lies: auto, keyring, file or passphrase
    allow = []                     # HOST:PORT of private addresses that the hub may call
    discoverable = true            # announced by mDNS, if it listens to the network at all
    embedder = ""                  # makes vectors of memories: ollama:MODEL, or ollama:MODEL@HOST:PORT, openai:…
    off_the_record_phrase = "off the record"   # said alone, it takes back the last minutes; "" switches it off
    off_the_record_minutes = 5
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sotto_hub.egress.policy import read_allowed
from sotto_hub.errors import HomeError, UsageError

DEFAULT_LISTEN: Final = "127.0.0.1:7443"
KEYS: Final = ("auto", "keyring", "file", "passphrase")
LONGEST_MINUTES: Final = 7 * 24 * 60

Value = str | int | bool | tuple[str, ...]
T = TypeVar("T", str, int, bool, tuple[str, ...])
_DEFAULTS: Final[Mapping[str, Value]] = {
    "listen": DEFAULT_LISTEN,
    "engine": "auto",
    "model": "",
    "language": "en",
    "timezone": "UTC",
    "keys": "auto",
    "allow": (),
    "discoverable": True,
    "embedder": "",
    "off_the_record_phrase": "off the record",
    "off_the_record_minutes": 5,
}
_WORDS: Final = {str: "a text", int: "a whole number", bool: "true or false", tuple: "a list of texts"}
_TRUTH: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the keeper of a hub may choose. `port` 0: any free one. `timezone`: until a device brings its own.

    `keys`: one of `KEYS`. `allow`: private addresses, HOST:PORT, that the hub itself may call. An empty
    `off_the_record_phrase` means that no spoken phrase takes anything back.
    """

    home: Path
    host: str
    port: int
    engine: str
    model: str
    language: str
    timezone: str
    keys: str = "auto"
    allow: tuple[str, ...] = ()
    discoverable: bool = True
    embedder: str = ""
    off_the_record_phrase: str = "off the record"
    off_the_record_minutes: int = 5


class _Chosen(NamedTuple):
    values: Mapping[str, Value]

    def get(self, name: str, kind: type[T]) -> T:
        value = self.values[name]
        assert isinstance(value, kind)
        return value


def default_home(environment: Mapping[str, str]) -> Path:
    """$SOTTO_HOME, or ~/.local/share/sotto."""
    return Path(environment.get("SOTTO_HOME") or "~/.local/share/sotto").expanduser()


def read_settings(arguments: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """All sources joined. `arguments`: by setting name, `None` or absent when not given; `home` among them.

    Raises `UsageError` (`settings`, `listen`, `timezone`, `keys`, `allow`) or `HomeError` (`settings_read`).
    """
    home = Path(arguments.get("home") or default_home(environment)).expanduser().absolute()
    told = {name: value for name, value in arguments.items() if value is not None and name in _DEFAULTS}
    around = {name: environment.get(f"SOTTO_{name.upper()}", "") for name in _DEFAULTS}
    chosen = {**_DEFAULTS, **_from_file(home / "sotto.toml")}
    chosen.update({name: _parsed(f"SOTTO_{name.upper()}", name, text) for name, text in around.items() if text})
    chosen.update({name: _parsed(f"--{name}", name, text) for name, text in told.items()})
    return _checked(home, _Chosen(chosen))


def _checked(home: Path, chosen: _Chosen) -> Settings:
    host, port = split_listen(chosen.get("listen", str))
    return Settings(
        home=home,
        host=host,
        port=port,
        engine=chosen.get("engine", str),
        model=chosen.get("model", str),
        language=chosen.get("language", str),
        timezone=_zone(chosen.get("timezone", str)),
        keys=_keys(chosen.get("keys", str)),
        allow=_allow(chosen.get("allow", tuple)),
        discoverable=chosen.get("discoverable", bool),
        embedder=chosen.get("embedder", str),
        off_the_record_phrase=chosen.get("off_the_record_phrase", str).strip(),
        off_the_record_minutes=_minutes(chosen.get("off_the_record_minutes", int)),
    )


def split_listen(listen: str) -> tuple[str, int]:
    """Host and port of HOST:PORT; an IPv6 host stands in brackets. Raises `UsageError` with code `listen`."""
    host, _, port = listen.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port) > 65534:
        raise UsageError(
            "listen", f"'{listen}' is no address to listen on: it looks like {DEFAULT_LISTEN}, port 65534 at most"
        )
    return host, int(port)


def _from_file(path: Path) -> dict[str, Value]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise HomeError("settings_read", f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError("settings", f"{path} is not TOML: {error}") from error
    return {name: _typed(str(path), name, value) for name, value in values.items()}


def _typed(where: str, name: str, value: object) -> Value:
    """A value of the file, if it is what this setting holds."""
    if name not in _DEFAULTS:
        raise UsageError("settings", f"{where}: '{name}' is no setting; there are {', '.join(_DEFAULTS)}")
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = tuple(value)
    if type(value) is not type(_DEFAULTS[name]):
        raise _unfit(where, name)
    assert isinstance(value, str | int | tuple)
    return value


def _parsed(where: str, name: str, text: str) -> Value:
    """A value that came as text, from the environment or the command line."""
    match _DEFAULTS[name]:
        case bool():
            if text.lower() not in _TRUTH:
                raise _unfit(where, name)
            return _TRUTH[text.lower()]
        case int():
            if not (text.isascii() and text.isdigit()):
                raise _unfit(where, name)
            return int(text)
        case tuple():
            return tuple(part.strip() for part in text.split(",") if part.strip())
        case _:
            return text


def _unfit(where: str, name: str) -> UsageError:
    return UsageError("settings", f"{where}: '{name}' is {_WORDS[type(_DEFAULTS[name])]}")


def _keys(where: str) -> str:
    if where not in KEYS:
        raise UsageError("keys", f"'{where}' is no place for the keys: there are {', '.join(KEYS)}")
    return where


def _allow(entries: tuple[str, ...]) -> tuple[str, ...]:
    for entry in entries:
        read_allowed(entry)
    return entries


def _minutes(minutes: int) -> int:
    if not 0 < minutes <= LONGEST_MINUTES:
        raise UsageError("settings", f"'off_the_record_minutes' lies between 1 and {LONGEST_MINUTES}")
    return minutes


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError("timezone", f"'{name}' is no timezone: it looks like Europe/Stockholm") from error
    return name

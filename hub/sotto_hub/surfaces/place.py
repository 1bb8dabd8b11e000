"""Where a person's hub and its client certificates lie on this machine (paths only; nothing is read here)."""

import os
from collections.abc import Mapping
from pathlib import Path


def hub_home(given: Path | None, environment: Mapping[str, str] | None = None) -> Path:
    """The hub's data folder: what was given, else $SOTTO_HOME, else ~/.local/share/sotto."""
    named = (os.environ if environment is None else environment).get("SOTTO_HOME", "")
    if given is not None:
        return given.expanduser()
    return Path(named).expanduser() if named else Path("~/.local/share/sotto").expanduser()


def client_folder(given: Path | None) -> Path:
    """Where pairing this machine as a client keeps its certificate: DIR/keeper, else ~/.config/sotto/client."""
    return given.expanduser() / "keeper" if given is not None else Path("~/.config/sotto/client").expanduser()


def credential_folders(given: Path | None) -> tuple[Path, ...]:
    """Where a client's certificate may lie, the nearest first: the hub's own machine, then a paired one."""
    if given is not None:
        return (client_folder(given),)
    return (hub_home(None) / "keeper", client_folder(None))

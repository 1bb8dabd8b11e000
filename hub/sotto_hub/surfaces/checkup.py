"""What `sotto doctor` looks at on this machine, each a finding with the command that helps. Works without a hub."""

import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from sotto_hub.errors import HubError, LinkDown, NotPaired
from sotto_proto.v1 import companion_pb2 as pb

MICROPHONE_S: Final = 20.0
_MICROPHONE: Final = """
import sys
try:
    import sounddevice
except ModuleNotFoundError:
    sys.exit("module")
except OSError:
    sys.exit("portaudio")
try:
    name = sounddevice.query_devices(kind="input")["name"]
except (sounddevice.PortAudioError, ValueError):
    sys.exit("none")
print(name)
"""
"""Runs in a process of its own: PortAudio talks to standard error, and may crash."""

_NO_MICROPHONE: Final = {
    "module": ("sounddevice is not installed", "pip install 'sotto[device]'"),
    "portaudio": ("the PortAudio library is not installed", "sudo apt-get install libportaudio2"),
    "none": ("no microphone is connected", ""),
}


class Health(Enum):
    """How a finding is to be taken. Only BROKEN makes the doctor's status 1."""

    OK = "ok"
    NOTE = "note"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. `climb`: the command that betters it, empty when there is none."""

    about: str
    health: Health
    says: str
    climb: str = ""


def check_software() -> Finding:
    """Which Sotto, on which Python."""
    try:
        ours = version("sotto")
    except PackageNotFoundError:
        ours = "not installed"
    parts = [f"sotto {ours}", f"Python {platform.python_version()}", f"{platform.system()} {platform.machine()}"]
    return Finding(about="software", health=Health.OK, says=", ".join(parts))


def check_home(home: Path) -> Finding:
    """Whether the hub's data folder is there, ours alone, and writable."""
    if not home.exists():
        return Finding(about="data", health=Health.NOTE, says=f"{home} does not exist yet", climb="sotto-hub run")
    if not home.is_dir() or not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        return Finding(
            about="data", health=Health.BROKEN, says=f"{home} cannot be read and written", climb=_own(home)
        )
    if home.stat().st_mode & 0o077:
        return Finding(
            about="data", health=Health.BROKEN, says=f"{home} is open to others", climb=f"chmod 700 {home}"
        )
    return Finding(about="data", health=Health.OK, says=f"{home}, private")


def check_recognisers(models_here: Sequence[str], folder: Path, climb: str) -> Finding:
    """Which recogniser a hub on this machine would hear with. `climb`: the command that fetches a model."""
    if find_spec("faster_whisper") is not None and models_here:
        return Finding(
            about="recogniser", health=Health.OK, says=f"faster-whisper: {', '.join(models_here)} in {folder}"
        )
    if find_spec("pocketsphinx") is not None:
        says = f"pocketsphinx; no faster-whisper model in {folder}"
        return Finding(about="recogniser", health=Health.OK, says=says, climb=climb)
    if find_spec("faster_whisper") is not None:
        return Finding(about="recogniser", health=Health.NOTE, says=f"no model in {folder}", climb=climb)
    climb = "pip install 'sotto[hub]'"
    return Finding(about="recogniser", health=Health.NOTE, says="none: this machine cannot be a hub", climb=climb)


def check_microphone() -> Finding:
    """Whether a device on this machine could hear. Blocks for about a second; opens nothing."""
    try:
        done = subprocess.run(  # noqa: S603  (our own interpreter, our own words)
            [sys.executable, "-c", _MICROPHONE], capture_output=True, text=True, timeout=MICROPHONE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return Finding(about="microphone", health=Health.NOTE, says="the sound system does not answer")
    if done.returncode == 0:
        return Finding(about="microphone", health=Health.OK, says=done.stdout.strip())
    word = (done.stderr.split() or [""])[-1]
    says, climb = _NO_MICROPHONE.get(word, ("the sound system fails", ""))
    return Finding(about="microphone", health=Health.NOTE, says=says, climb=climb)


def hub_finding(address: str, status: pb.StatusReply) -> Finding:
    """A hub that answers (pure)."""
    connected = sum(device.connected for device in status.devices)
    says = f"{address} answers, version {status.version}, {connected} of {len(status.devices)} devices connected"
    return Finding(about="hub", health=Health.OK, says=says, climb="" if status.devices else "sotto pair")


def no_hub_finding(error: HubError) -> Finding:
    """A hub that does not answer (pure): being away or not set up is no fault, being refused is."""
    if isinstance(error, LinkDown):
        return Finding(about="hub", health=Health.NOTE, says=error.sentence, climb="sotto-hub run")
    if isinstance(error, NotPaired) and error.code == "unpaired":
        return Finding(about="hub", health=Health.NOTE, says="no hub is known here", climb="sotto-hub run")
    climb = "sotto pair HOST:PORT CODE" if isinstance(error, NotPaired) else ""
    return Finding(about="hub", health=Health.BROKEN, says=error.sentence, climb=climb)


def rung_findings(rungs: Iterable[pb.Rung]) -> list[Finding]:
    """What serves each ability at the hub, and the command that climbs (pure)."""
    return [
        Finding(
            about=rung.ability,
            health=Health.OK,
            says=rung.rung + (f"; better: {rung.better}" if rung.better else ""),
            climb=rung.climb,
        )
        for rung in rungs
    ]


def _own(home: Path) -> str:
    return f"sudo chown -R $USER {home}"

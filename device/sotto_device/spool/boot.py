"""What is told of one boot beside its segments (`boot.json`), and what outlives all of them (`known.json`)."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sotto_device.spool.placing import Era, Offset, drifted
from sotto_proto.credentials import write_private
from sotto_proto.records import Modality, StreamInfo

BOOT: Final = "boot.json"
KNOWN: Final = "known.json"


def key_name(sealing_key: bytes) -> str:
    """A name for the hub's key: what is sealed for one hub is of no use to another."""
    return sha256(sealing_key).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Boot:
    """One run of the daemon. `number`: how many there were before it. `source`: the recorded day; empty when live.

    `floor_ns`: the newest hub time known when it began. `offset`: how its wall clock stands to the hub's, if known.
    """

    boot_id: str
    number: int
    timezone: str
    streams: tuple[StreamInfo, ...]
    software: str
    live: bool
    kernel_boot_id: str
    wall_minus_monotonic_ns: int
    began_wall_ns: int
    hub_key: str
    source: str = ""
    floor_ns: int = 0
    offset: Offset | None = None

    def era(self, ended_wall_ns: int) -> Era:
        """The boot as its clock saw it."""
        return Era(
            kernel_boot_id=self.kernel_boot_id,
            wall_minus_monotonic_ns=self.wall_minus_monotonic_ns,
            began_wall_ns=self.began_wall_ns,
            ended_wall_ns=max(self.began_wall_ns, ended_wall_ns),
            floor_ns=self.floor_ns,
            known=self.offset,
        )

    def save(self, folder: Path) -> None:
        """Writes it, whole or not at all. Raises `OSError`."""
        streams = [{"stream": s.stream, "modality": s.modality.value, "live": s.live} for s in self.streams]
        offset = None if self.offset is None else asdict(self.offset)
        told = {name: getattr(self, name) for name in _PLAIN} | {"streams": streams, "offset": offset}
        write_private(folder / BOOT, json.dumps(told, indent=1).encode())

    @classmethod
    def load(cls, folder: Path) -> "Boot":
        """What `save` wrote. Raises `OSError`, or `ValueError` for what is broken."""
        told = json.loads((folder / BOOT).read_bytes())
        try:
            return cls(
                **{name: kind(told[name]) for name, kind in _PLAIN.items()},
                streams=tuple(_stream(row) for row in told["streams"]),
                offset=None if told["offset"] is None else Offset(**told["offset"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{folder / BOOT} is broken") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the device remembers for ever: how many boots there were, and the newest hub time that it ever met."""

    boots: int = 0
    hub_ns: int = 0
    kernel_boot_id: str = ""
    monotonic_ns: int = 0

    def floor_ns(self, kernel_boot: str, monotonic_ns: int) -> int:
        """Hub time cannot be earlier than this now."""
        same = bool(kernel_boot) and kernel_boot == self.kernel_boot_id
        passed_ns = max(0, monotonic_ns - self.monotonic_ns) if same and self.hub_ns else 0
        return self.hub_ns + passed_ns - drifted(passed_ns)

    def save(self, folder: Path) -> None:
        """Writes it, whole or not at all. Raises `OSError`."""
        write_private(folder / KNOWN, json.dumps(asdict(self)).encode())

    @classmethod
    def load(cls, folder: Path) -> "Known":
        """What `save` wrote; nothing known where that cannot be read."""
        try:
            return cls(**json.loads((folder / KNOWN).read_bytes()))
        except (OSError, ValueError, TypeError):
            return cls()


def _stream(row: dict[str, Any]) -> StreamInfo:
    return StreamInfo(stream=str(row["stream"]), modality=Modality(row["modality"]), live=bool(row["live"]))


_PLAIN: Final[dict[str, Any]] = {
    "boot_id": str,
    "number": int,
    "timezone": str,
    "software": str,
    "live": bool,
    "kernel_boot_id": str,
    "wall_minus_monotonic_ns": int,
    "began_wall_ns": int,
    "hub_key": str,
    "source": str,
    "floor_ns": int,
}

"""Watches every socket of a command that runs with loopback alone: `python -m tests.e2e.tracing COMMAND …`.

A network namespace takes the network away; `strace` (with a seccomp filter, so that only the watched calls cost
anything) says which addresses the command and all its children named all the same, whether or not it led anywhere.
Where strace is absent, the tables below /proc are looked at instead, which sees only what lasts.
"""

import ipaddress
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CALLS: Final = "connect,bind,sendto,sendmsg,sendmmsg"
NAMESPACE: Final = ("unshare", "-rn")
LOOPBACK_UP: Final = (
    "import fcntl, os, socket, struct, sys;"
    " fcntl.ioctl(socket.socket(), 0x8914, struct.pack('16sh', b'lo', 0x49));"
    " os.execvp(sys.argv[1], sys.argv[1:])"
)
TABLES: Final = ("tcp", "tcp6", "udp", "udp6")
LOOK_S: Final = 0.02
_CALL: Final = re.compile(r"\b(connect|bind|sendto|sendmsg|sendmmsg)\(.*?\{sa_family=(AF_\w+)")
_PORT: Final = re.compile(r"sin6?_port=htons\((\d+)\)")
_ADDRESS: Final = re.compile(r'(?:inet_addr\("|inet_pton\(AF_INET6, ")([0-9a-f.:]+)"')
_LOCAL: Final = frozenset({"AF_UNIX", "AF_LOCAL", "AF_NETLINK", "AF_UNSPEC"})
_NAMES: Final = 53


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An address that a command named."""

    call: str
    family: str
    address: str
    port: int

    @property
    def is_allowed(self) -> bool:
        """Loopback, and no name server there either."""
        if self.family in _LOCAL:
            return True
        return is_loopback(self.address) and self.port != _NAMES


def is_loopback(address: str) -> bool:
    """Whether an address is this machine itself, also in its IPv6 clothes."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    inner = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (inner or parsed).is_loopback


def named(lines: Iterable[str]) -> Iterator[Named]:
    """Every address in the lines of strace."""
    for line in lines:
        if call := _CALL.search(line):
            port, address = _PORT.search(line), _ADDRESS.search(line)
            yield Named(
                call=call[1],
                family=call[2],
                address=address[1] if address else "",
                port=int(port[1]) if port else 0,
            )


def listed(table: str) -> Iterator[Named]:
    """Every remote end in a table such as /proc/net/tcp."""
    for line in table.splitlines()[1:]:
        raw, _, port = line.split()[2].partition(":")
        if set(raw) != {"0"}:
            yield Named(call="/proc", family="AF_INET", address=_address(raw), port=int(port, 16))


def _address(raw: str) -> str:
    """Words of 32 bits, each in the machine's order."""
    words = b"".join(bytes.fromhex(raw[at : at + 8])[::-1] for at in range(0, len(raw), 8))
    return str(ipaddress.ip_address(words))


def may_take_the_network_away() -> bool:
    """Whether this system lets us have a network namespace of our own."""
    with suppress(OSError, subprocess.TimeoutExpired):
        return subprocess.run([*NAMESPACE, "true"], capture_output=True, timeout=10, check=False).returncode == 0
    return False


def has_tracer() -> bool:
    """Whether strace is here and may trace."""
    with suppress(OSError, subprocess.TimeoutExpired):
        tried = subprocess.run(["strace", "-f", "true"], capture_output=True, timeout=10, check=False)
        return tried.returncode == 0
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How a command ended, and what it named."""

    status: int
    said: str
    names: tuple[Named, ...]

    @property
    def forbidden(self) -> tuple[Named, ...]:
        """What is not on the list of what may be named."""
        return tuple(dict.fromkeys(name for name in self.names if not name.is_allowed))


def watched(command: Sequence[str], *, timeout_s: float, show: bool = False) -> Watched:
    """Runs a command with loopback alone and watches it."""
    alone = [*NAMESPACE, sys.executable, "-c", LOOPBACK_UP]
    with tempfile.TemporaryDirectory(prefix="sotto-trace-") as folder:
        log, out = Path(folder) / "calls", Path(folder) / "said"
        tracer = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", f"trace={CALLS}", "-o", str(log)]
        traces = has_tracer()
        line = [*alone, *(tracer if traces else ()), *command]
        with out.open("w") as said:
            status, seen = _lived(line, None if show else said, timeout_s, () if traces else TABLES)
        traced = named(log.read_text(errors="replace").splitlines()) if log.exists() else ()
        return Watched(status=status, said=out.read_text(errors="replace"), names=(*traced, *seen))


def _lived(
    line: Sequence[str], said: object, timeout_s: float, tables: Sequence[str]
) -> tuple[int, tuple[Named, ...]]:
    """Runs it to its end, and looks at these tables of its namespace meanwhile."""
    seen: dict[Named, None] = {}
    end = time.monotonic() + timeout_s
    running = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=said, stderr=said)  # type: ignore[call-overload]  # a file or None
    try:
        while running.poll() is None and time.monotonic() < end:
            for table in tables:
                with suppress(OSError, IndexError, ValueError):
                    seen.update(dict.fromkeys(listed(Path(f"/proc/{running.pid}/net/{table}").read_text())))
            time.sleep(LOOK_S)
    finally:
        if running.poll() is None:
            running.kill()
        running.wait()
    return int(running.returncode), tuple(seen)


def main() -> int:
    if not may_take_the_network_away():
        print("NOTICE: this system allows no network namespace: the command runs with the network present")
        return subprocess.run(sys.argv[1:], check=False).returncode
    if not has_tracer():
        print("NOTICE: strace is not here, or may not trace: only sockets that last are seen")
    found = watched(sys.argv[1:], timeout_s=float(os.environ.get("SOTTO_TRACE_S", "900")), show=True)
    ways = "strace" if shutil.which("strace") else "/proc"
    print(f"{len(found.names)} addresses were named ({ways}), {len(found.forbidden)} of them outside this machine")
    for name in found.forbidden:
        print(f"  {name.call} {name.address or name.family} port {name.port}")
    return found.status or bool(found.forbidden)


if __name__ == "__main__":
    sys.exit(main())

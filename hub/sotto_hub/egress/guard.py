"""The guard of a hub's process: no Python socket reaches another end that the policy does not permit (P1).

An audit hook (PEP 578) sees every connection, every packet and every name before it leaves, whichever library tries,
and cannot be taken out again. Listening, Unix sockets and the loopback stay free. What does not pass through Python's
sockets is not seen: the gRPC core and other native code; the hub opens no outgoing gRPC channel, which a test of its
imports holds, and the demo runs without a network.
"""

import errno
import logging
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final

from sotto_hub.egress.policy import Policy, spoken

LOG: Final = logging.getLogger("sotto.egress")
REMEMBERED: Final = 256
"""Attempts that nobody has taken yet: the oldest go, for the hub is told of each at once while it runs."""

_NAMING: Final = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
_WHOSE: Final = frozenset({"socket.getnameinfo", "socket.gethostbyaddr"})
_SENDING: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_INTERNET: Final = (socket.AF_INET, socket.AF_INET6)
_OWN: Final = frozenset({"sotto_hub", "sotto_proto", "sotto_memory", "__main__"})
_FREE: Final = tuple(getattr(socket, name) for name in ("AF_UNIX", "AF_NETLINK") if hasattr(socket, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to reach another end. `by`: the package that tried."""

    host: str
    port: int
    by: str
    permitted: bool

    @property
    def who(self) -> str:
        """HOST:PORT as people read it; a name that was only looked up stands alone."""
        return spoken(self.host, self.port) if self.port else self.host


class Refused(PermissionError):
    """An attempt that was not permitted. An `OSError`, for that is what network code is ready for."""


class Guard:
    """Judges every attempt, refuses or counts it. Called from any thread."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._attempts: deque[Attempt] = deque(maxlen=REMEMBERED)
        self._said: set[Attempt] = set()
        self._told: Callable[[], None] | None = None
        self._lock = threading.Lock()

    def tell(self, told: Callable[[], None] | None) -> None:
        """Whom to call, from whatever thread, when there is an attempt to take; `None`: nobody any more."""
        with self._lock:
            self._told = told
            waiting = bool(self._attempts)
        if told and waiting:
            told()

    def taken(self) -> list[Attempt]:
        """All attempts since the last time."""
        with self._lock:
            attempts = list(self._attempts)
            self._attempts.clear()
        return attempts

    def watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        """The audit hook. Raises `Refused` before anything leaves."""
        if event in _SENDING:
            self._sending(*arguments[:2])
        elif event in _NAMING:
            self._naming(*arguments[:2])
        elif event in _WHOSE:
            self._asking_whose(arguments[0])

    def _sending(self, through: socket.socket, address: Any) -> None:
        if address is None or through.family in _FREE:
            return
        if through.family not in _INTERNET:
            self._refuse(f"another kind of network ({int(through.family)})", 0)
        host, port = str(address[0]), int(address[1])
        if not self._policy.permits(host, port):
            self._refuse(host, port)
        self._note(Attempt(host=host, port=port, by=_whose(sys._getframe(2)), permitted=True))

    def _naming(self, host: object, port: object = 0) -> None:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
        if not self._policy.permits_name(name):
            self._refuse(name, int(port) if isinstance(port, int) else 0)

    def _asking_whose(self, address: Any) -> None:
        """A name server would be asked, whatever the address is."""
        host = str(address[0] if isinstance(address, tuple) else address)
        if not self._policy.permits(host, 0):
            self._refuse(host, 0)

    def _refuse(self, host: str, port: int) -> None:
        attempt = Attempt(host=host, port=port, by=_whose(sys._getframe(3)), permitted=False)
        self._note(attempt)
        self._say(attempt)
        raise Refused(errno.EACCES, f"the hub calls nobody but whom its keeper allows, and {attempt.who} is not")

    def _say(self, attempt: Attempt) -> None:
        """Once for each, as far as they can be remembered: a library may try again and again."""
        if attempt not in self._said and len(self._said) < REMEMBERED:
            self._said.add(attempt)
            LOG.warning("%s wanted to reach %s: refused, nothing was sent", attempt.by, attempt.who)

    def _note(self, attempt: Attempt) -> None:
        with self._lock:
            self._attempts.append(attempt)
            told = self._told
        if told:
            told()


def install(policy: Policy) -> Guard:
    """Guards this process from now on, for good."""
    guard = Guard(policy)
    sys.addaudithook(guard.watch)
    return guard


def _whose(frame: FrameType | None) -> str:
    """The package at whose wish a socket is used: the last one on the way there that is neither Python's nor ours."""
    found = ""
    while frame is not None:
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if package in _OWN:
            break
        if package not in sys.stdlib_module_names:
            found = package
        frame = frame.f_back
    return found or "sotto_hub"

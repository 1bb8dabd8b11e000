"""A guarded process that tries to reach others: `python -m tests.hub.egress.guarded`. Prints what came of it.

The addresses are those that documentation may use (RFC 5737, 3849): even a guard that failed would reach nobody.
"""

import asyncio
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

from sotto_hub.egress.guard import Guard, Refused, install
from sotto_hub.egress.policy import Policy

FAR, FAR6 = "192.0.2.1", "2001:db8::1"


def through(kind: socket.SocketKind, act: Callable[[socket.socket], object]) -> None:
    with closing(socket.socket(socket.AF_INET, kind)) as far:
        far.settimeout(0.2)
        act(far)


def refused(act: Callable[[], object]) -> str:
    """What stopped it: "refused", or the other error's name, or "went out"."""
    try:
        act()
    except Refused:
        return "refused"
    except Exception as error:  # noqa: BLE001  (whatever a library makes of it)
        return "refused" if any(isinstance(cause, Refused) for cause in causes(error)) else type(error).__name__
    return "went out"


def causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def urllib_request() -> None:
    from urllib.request import urlopen

    urlopen(f"http://{FAR}:9/", timeout=0.2)


def hub_client() -> None:
    from sotto_hub.models.fetch import listed

    listed("a/b", f"http://{FAR}:9")


def asyncio_stream() -> None:
    asyncio.run(asyncio.wait_for(asyncio.open_connection(FAR, 9), 0.5))


def asyncio_datagram() -> None:
    async def send() -> None:
        loop = asyncio.get_running_loop()
        transport, protocol = await loop.create_datagram_endpoint(Heard, local_addr=("127.0.0.1", 0))
        transport.sendto(b"x", (FAR, 9))
        assert not transport.is_closing()
        transport.close()
        raise protocol.errors[0]

    asyncio.run(send())


class Heard(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.errors: list[Exception] = []

    def error_received(self, exc: Exception) -> None:
        self.errors.append(exc)


TRIES: dict[str, Callable[[], object]] = {
    "connect": lambda: through(socket.SOCK_STREAM, lambda s: s.connect((FAR, 9))),
    "connect_ex": lambda: through(socket.SOCK_STREAM, lambda s: s.connect_ex((FAR, 9))),
    "udp connect": lambda: through(socket.SOCK_DGRAM, lambda s: s.connect((FAR, 9))),
    "sendto": lambda: through(socket.SOCK_DGRAM, lambda s: s.sendto(b"x", (FAR, 9))),
    "sendto with flags": lambda: through(socket.SOCK_DGRAM, lambda s: s.sendto(b"x", 0, (FAR, 9))),
    "sendmsg": lambda: through(socket.SOCK_DGRAM, lambda s: s.sendmsg([b"x"], [], 0, (FAR, 9))),
    "create_connection": lambda: socket.create_connection((FAR, 9), 0.2),
    "ipv6": lambda: socket.create_connection((FAR6, 9), 0.2),
    "name": lambda: socket.getaddrinfo("sotto.example", 443),
    "old name": lambda: socket.gethostbyname("sotto.example"),
    "reverse name": lambda: socket.getnameinfo((FAR, 9), 0),
    "old reverse name": lambda: socket.gethostbyaddr(FAR),
    "urllib": urllib_request,
    "huggingface": hub_client,
    "asyncio stream": asyncio_stream,
    "asyncio datagram": asyncio_datagram,
}


def near() -> list[str]:
    """What stays free: listening, the loopback, Unix sockets."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        here = stack.enter_context(socket.create_connection(server.getsockname(), 1))
        there = stack.enter_context(server.accept()[0])
        here.sendall(b"ok")
        said = [there.recv(2).decode()]
    with closing(socket.create_server(("", 0))):
        said.append("listened")
    one, other = socket.socketpair()
    with one, other:
        one.sendall(b"unix")
        said.append(other.recv(4).decode())
    said.append(socket.getaddrinfo("127.0.0.1", 80)[0][4][0])  # type: ignore[arg-type]  # an address
    return said


def main() -> None:
    guard: Guard = install(Policy())
    outcome = {name: refused(act) for name, act in TRIES.items()}
    free = near()
    attempts = guard.taken()
    refusals = [a for a in attempts if not a.permitted]
    report = {
        "outcome": outcome,
        "near": free,
        "permitted": [a.who for a in attempts if a.permitted],
        "who": sorted({a.who for a in refusals}),
        "by": sorted({a.by for a in refusals}),
        "count": len(refusals),
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()

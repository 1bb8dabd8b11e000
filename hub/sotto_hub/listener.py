"""The link's server: a free pair of ports, mutual TLS, the gate, and both services behind it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, Protocol

import grpc.aio

from sotto_hub.auditor import Auditor
from sotto_hub.backup.making import Backups, Home
from sotto_hub.companion.custody import Custody
from sotto_hub.companion.service import Companion
from sotto_hub.egress.guard import Guard
from sotto_hub.egress.meter import Meter
from sotto_hub.errors import PortInUse
from sotto_hub.hub import Hub
from sotto_hub.ingest.servicer import SensorLink
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.desk import PairingDesk
from sotto_hub.pairing.gate import Gate
from sotto_hub.sweeper import Sweeper
from sotto_hub.verify.proof import Prover
from sotto_proto.channel import server_options
from sotto_proto.v1.companion_pb2_grpc import add_CompanionServicer_to_server
from sotto_proto.v1.link_pb2_grpc import add_SensorLinkServicer_to_server

TRIES: Final = 50
GRACE_S: Final = 2.0


class Lasting(Protocol):
    """Works beside the server, for as long as it runs."""

    async def keep(self) -> None:
        """Works until `close`."""

    def close(self) -> None:
        """Ends `keep`."""


def choose_port(host: str, port: int) -> int:
    """The port to listen on. 0 picks one whose neighbour, the pairing port, is free too. Raises `PortInUse`."""
    if port:
        if not is_free(host, port):
            raise _unusable(f"{host}:{port}")
        return port
    for _ in range(TRIES):
        picked = _any_port(host)
        if picked < 65535 and is_free(host, picked + 1):
            return picked
    raise PortInUse("port_used", f"no two neighbouring ports are free on {host}")


def _any_port(host: str) -> int:
    try:
        with socket.create_server((_bare(host), 0), family=_family(host)) as probe:
            return int(probe.getsockname()[1])
    except OSError as error:
        raise _unusable(f"{host}:0") from error


def _unusable(address: str) -> PortInUse:
    return PortInUse("port_used", f"{address} is taken by another program, or is no address of this machine")


def is_free(host: str, port: int) -> bool:
    """Whether one could listen there now."""
    with suppress(OSError), socket.create_server((_bare(host), port), family=_family(host)):
        return True
    return False


@asynccontextmanager
async def serving(  # noqa: PLR0913  (the wires of one server)
    hub: Hub, authority: Authority, desk: PairingDesk, host: str, port: int, *, guard: Guard | None = None
) -> AsyncIterator[None]:
    """Both services on the link port, pairing on the next, for as long as the context lasts. Raises `PortInUse`.

    `guard`: of this process; what it refuses is told to whoever watches.
    """
    meter = Meter(hub.clock)
    auditor = Auditor(hub, meter, guard)
    desk.count_with(meter)
    gate = Gate(hub.stores.peers, hub.clock, desk.roll.calls, meter)
    server = grpc.aio.server(interceptors=(gate,), options=server_options())
    add_SensorLinkServicer_to_server(SensorLink(hub.rooms(), hub.clock, desk.roll, authority.sealing_key), server)
    custody = Custody(auditor, _backups(hub, authority))
    add_CompanionServicer_to_server(Companion(hub, desk, custody, _prover(hub, authority)), server)
    _bind(server, f"{host}:{port}", authority.link_credentials())
    await server.start()
    sweeper = Sweeper(hub.sweep)
    lasting: list[Lasting] = [auditor, sweeper, *filter(None, [hub.embeddings])]
    keeping = [asyncio.create_task(one.keep()) for one in (desk, *lasting)]
    try:
        yield
    finally:
        desk.close()
        await hub.close()
        await server.stop(GRACE_S)
        for one in lasting:
            one.close()
        await asyncio.gather(*keeping)


def _backups(hub: Hub, authority: Authority) -> Backups:
    facts = hub.facts
    made_of = Home(folder=Path(facts.home), authority=authority, version=facts.version, clock=hub.clock)
    backups = Backups(made_of)
    hub.before_erasing.append(backups.give_up)
    return backups


def _prover(hub: Hub, authority: Authority) -> Prover:
    stores = hub.stores
    return Prover(
        home=Path(hub.facts.home),
        key=authority.database_key,
        transcript=stores.transcript,
        memory=stores.memory,
        shelf=stores.shelf,
    )


def reachable(host: str) -> str:
    """Where the hub's own machine finds what listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104  (compared, not bound)


def _bind(server: grpc.aio.Server, address: str, credentials: grpc.ServerCredentials) -> None:
    try:
        server.add_secure_port(address, credentials)
    except RuntimeError as error:
        raise PortInUse("port_used", f"{address} is taken by another program") from error


def _bare(host: str) -> str:
    return host.removeprefix("[").removesuffix("]")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET

"""A pairing desk on its own for tests: real keys, real table of peers, real port on loopback, and a clock to turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
from cryptography.hazmat.primitives.serialization import Encoding

from sotto_hub.listener import choose_port
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.desk import PairingDesk
from sotto_hub.store.database import open_database
from sotto_hub.store.peers import Peers
from sotto_proto.channel import client_options
from sotto_proto.exchange import Exchange, SharedKey
from sotto_proto.v1 import link_pb2 as pb
from sotto_proto.v1.link_pb2_grpc import SensorLinkStub

HOST = "127.0.0.1"
NOON_NS = 1_784_620_800_000_000_000
SECOND_NS = 1_000_000_000


@dataclass
class TurnedClock:
    """A clock that stands still until it is turned."""

    now_ns: int = NOON_NS

    def __call__(self) -> int:
        return self.now_ns

    def turn(self, seconds: float) -> None:
        self.now_ns += round(seconds * SECOND_NS)


@dataclass
class PairingHub:
    """What tests hold of it."""

    desk: PairingDesk
    authority: Authority
    peers: Peers
    port: int
    clock: TurnedClock = field(default_factory=TurnedClock)

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    @property
    def root_der(self) -> bytes:
        return self.authority.root.public_bytes(Encoding.DER)

    @asynccontextmanager
    async def knocking(self) -> AsyncIterator[Any]:
        """A stub at the pairing port, of somebody who trusts this hub's authority and has no certificate."""
        tls = grpc.ssl_channel_credentials(self.authority.root_pem)
        address = f"{HOST}:{self.port + 1}"
        async with grpc.aio.secure_channel(address, tls, options=client_options()) as channel:
            yield SensorLinkStub(channel)

    async def guessed(self, stub: Any, digits: str) -> tuple[SharedKey, pb.OpenPairingReply]:
        """One guess of the digits: the key that it makes, and what the hub said."""
        exchange = Exchange.of_peer(digits, self.root_der)
        reply = await stub.OpenPairing(pb.OpenPairingRequest(share=exchange.share), timeout=10)
        return exchange.finish(reply.share), reply


@asynccontextmanager
async def pairing_hub(home: Path) -> AsyncIterator[PairingHub]:
    """A desk whose port opens with the first code and closes with the last."""
    home.mkdir(mode=0o700, exist_ok=True)
    authority = Authority.open(home / "keys")
    clock = TurnedClock()
    with closing(open_database(home / "hub.db", authority.database_key)) as db:
        peers, port = Peers(db), choose_port(HOST, 0)
        desk = PairingDesk(authority, peers, clock, HOST, port)
        keeping = asyncio.create_task(desk.keep())
        try:
            yield PairingHub(desk=desk, authority=authority, peers=peers, port=port, clock=clock)
        finally:
            desk.close()
            await keeping


def other_than(digits: str) -> str:
    """Six other digits."""
    return str((int(digits) + 1) % 1_000_000).zfill(6)

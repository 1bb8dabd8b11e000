"""Hubs nearby, over real multicast DNS on the loopback interface alone; and what is not believed of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import grpc
import grpc.aio
import pytest

from sotto_proto.channel import server_options
from sotto_proto.credentials import Credentials
from sotto_proto.discovery import (
    HubNearby,
    announced,
    believable,
    choose,
    moved_to,
    proves_itself,
    the_hub_nearby,
)
from sotto_proto.errors import PairingFailed
from tests.device.scripted_tls import ScriptedAuthority

LOOPBACK = ("127.0.0.1",)
HOST = "127.0.0.1"
OURS = "7KQ2M4TDX9PAB3CE"


@asynccontextmanager
async def listening(authority: ScriptedAuthority) -> AsyncIterator[int]:
    """A hub's TLS without its services; its port."""
    server = grpc.aio.server(options=server_options())
    port = server.add_secure_port(f"{HOST}:0", authority.server())
    await server.start()
    try:
        yield port
    finally:
        await server.stop(None)


def credentials(authority: ScriptedAuthority) -> Credentials:
    return replace(authority.device(f"{HOST}:1"), hub_id=OURS)


async def test_the_one_hub_is_found_and_nobody_when_there_is_none() -> None:
    async with announced(OURS, 7443, [HOST], LOOPBACK):
        assert await the_hub_nearby(OURS, LOOPBACK) == f"{HOST}:7443"
        with pytest.raises(PairingFailed) as caught:
            await the_hub_nearby("0000000000000000", LOOPBACK, 0.5)
    assert caught.value.code == "no_hub"
    assert "name its address" in caught.value.sentence


async def test_a_hub_that_moved_is_followed_only_when_it_proves_itself() -> None:
    """Somebody announces our hub's id too, and even listens; the real one is found all the same."""
    ours, mallory = ScriptedAuthority.made(), ScriptedAuthority.made()
    async with listening(ours) as port, listening(mallory) as other, announced(OURS, other, [HOST], LOOPBACK):
        assert await moved_to(credentials(ours), LOOPBACK, 1.0) is None
        async with announced(OURS, port, [HOST], LOOPBACK):  # its name is taken: it gets another
            assert await moved_to(credentials(ours), LOOPBACK) == f"{HOST}:{port}"


async def test_only_the_holder_of_the_authoritys_signature_proves_itself() -> None:
    ours, mallory = ScriptedAuthority.made(), ScriptedAuthority.made()
    async with listening(ours) as port:
        assert await proves_itself(f"{HOST}:{port}", ours.pem)
        assert not await proves_itself(f"{HOST}:{port}", mallory.pem)
    assert not await proves_itself(f"{HOST}:{port}", ours.pem)


async def test_whoever_accepts_and_says_nothing_is_given_up() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(silent, HOST, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert not await proves_itself(f"{HOST}:{port}", ScriptedAuthority.made().pem)


def hub(hub_id: str, *addresses: str) -> HubNearby:
    return HubNearby(hub_id=hub_id, addresses=addresses)


def test_one_is_taken_and_of_several_the_person_chooses() -> None:
    assert choose([hub("A", "10.0.0.2:7443", "10.0.1.2:7443")]) == "10.0.0.2:7443"
    with pytest.raises(PairingFailed, match=r"10\.0\.0\.2:7443, 10\.0\.0\.3:7443") as caught:
        choose([hub("A", "10.0.0.3:7443"), hub("B", "10.0.0.2:7443")])
    assert caught.value.code == "several_hubs"


@pytest.mark.parametrize(
    ("hosts", "port", "kept"),
    [
        (["192.168.1.20", "fd00::2"], 7443, ("192.168.1.20:7443", "[fd00::2]:7443")),
        (["fd00::2", "10.0.0.2"], 7443, ("10.0.0.2:7443", "[fd00::2]:7443")),
        (["8.8.8.8", "2606:4700::1111", "0.0.0.0"], 7443, ()),
        (["10.0.0.2"], 0, ()),
        (["10.0.0.2"], 65535, ()),
        (["10.0.0.2"], None, ()),
        ([], 7443, ()),
    ],
)
def test_only_private_addresses_are_believed(hosts: list[str], port: int | None, kept: tuple[str, ...]) -> None:
    assert believable(hosts, port) == kept

"""Hubs nearby: announced and found by multicast DNS (`_sotto._tcp.local.`), so that nobody types addresses.

What is found is hearsay: anybody in the network may announce anything. A hub that is about to be paired proves itself
by its code; one that a peer is paired with proves itself by its authority before its new address is believed.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from errno import ENETDOWN
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

from sotto_proto.channel import HUB_NAME
from sotto_proto.code import PIN_CHARACTERS, bracketed, split_address
from sotto_proto.credentials import Credentials
from sotto_proto.errors import PairingFailed

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncZeroconf

SERVICE: Final = "_sotto._tcp.local."
VERSION: Final = "1"
BROWSE_S: Final = 5.0
HANDSHAKE_S: Final = 3.0
MOST: Final = 16
"""Hubs that are looked at; whoever announces more is not a household."""

ANSWER_MS: Final = 2000
Interfaces = Sequence[str] | None
"""Addresses of the interfaces to use; `None`: all of them."""


Enough = Callable[["HubNearby"], Awaitable[bool]]
"""Whether the look around may end with this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubNearby:
    """An announcement: a hub's id (the fingerprint of its authority), and where it says that it listens."""

    hub_id: str
    addresses: tuple[str, ...]


@asynccontextmanager
async def announced(
    hub_id: str, port: int, hosts: Sequence[str], interfaces: Interfaces = None
) -> AsyncIterator[None]:
    """Tells the network where this hub is for as long as the context lasts. Raises `OSError` where there is none."""
    from zeroconf.asyncio import AsyncServiceInfo

    name = f"sotto-{hub_id.lower()}"
    info = AsyncServiceInfo(
        SERVICE,
        f"{name}.{SERVICE}",
        port=port,
        parsed_addresses=list(hosts),
        properties={"id": hub_id, "v": VERSION},
        server=f"{name}.local.",
    )
    async with _multicast(interfaces) as network:
        await network.async_register_service(info, allow_name_change=True)
        try:
            yield
        finally:
            await network.async_unregister_service(info)


async def hubs_nearby(enough: Enough, interfaces: Interfaces = None, seconds: float = BROWSE_S) -> list[HubNearby]:
    """The hubs that announce themselves within so many seconds, or until one is `enough`. None without a network."""
    found: list[HubNearby] = []
    try:
        async with _multicast(interfaces) as network:
            await _look_around(network, seconds, enough, found)
    except OSError:
        return []
    return found


async def the_hub_nearby(pin: str = "", interfaces: Interfaces = None, seconds: float = BROWSE_S) -> str:
    """HOST:PORT of the one hub in the network, or of the one with this fingerprint.

    Raises `PairingFailed`: `no_hub`, or `several_hubs` with their addresses.
    """

    async def is_pinned(hub: HubNearby) -> bool:
        return hub.hub_id == pin

    hubs = await hubs_nearby(is_pinned, interfaces, seconds)
    return choose([hub for hub in hubs if pin in ("", hub.hub_id)])


def choose(hubs: Sequence[HubNearby]) -> str:
    """The address of the only one (pure). Raises `PairingFailed`: `no_hub` or `several_hubs`."""
    if not hubs:
        sentence = "no hub was found in this network: name its address, such as 192.168.1.20:7443, before the code"
        raise PairingFailed("no_hub", sentence)
    if len(hubs) > 1:
        listed = ", ".join(sorted(hub.addresses[0] for hub in hubs))
        raise PairingFailed("several_hubs", f"several hubs are in this network: name one before the code ({listed})")
    return hubs[0].addresses[0]


async def moved_to(credentials: Credentials, interfaces: Interfaces = None, seconds: float = BROWSE_S) -> str | None:
    """Where the hub of these credentials is now, if it is found nearby and proves that it is the one; else `None`."""
    proved: list[str] = []

    async def is_ours(hub: HubNearby) -> bool:
        for address in hub.addresses if hub.hub_id == credentials.hub_id else ():
            if await proves_itself(address, credentials.authority):
                proved.append(address)
                return True
        return False

    await hubs_nearby(is_ours, interfaces, seconds)
    return proved[0] if proved else None


async def proves_itself(address: str, authority_pem: bytes) -> bool:
    """Whether a hub that this authority signed answers at HOST:PORT: a TLS handshake, in which we say nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=authority_pem.decode("ascii"))
    context.set_alpn_protocols(["h2"])
    host, port = split_address(address)
    try:
        async with asyncio.timeout(HANDSHAKE_S):
            _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=HUB_NAME)
    except (OSError, TimeoutError):
        return False
    writer.transport.abort()
    return True


def believable(hosts: Iterable[str], port: int | None) -> tuple[str, ...]:
    """Announced hosts as addresses (pure): only of a private network or this machine, and with a port that can be."""
    if port is None or not 0 < port < 65535:
        return ()
    private = [host for host in hosts if ip_address(host).is_private and not ip_address(host).is_unspecified]
    return tuple(f"{bracketed(host)}:{port}" for host in sorted(private, key=lambda host: ":" in host))


async def _look_around(network: "AsyncZeroconf", seconds: float, enough: Enough, found: list[HubNearby]) -> None:
    """Asks whoever is heard for its particulars, all at once: one that does not answer holds up nobody."""
    from zeroconf.asyncio import AsyncServiceBrowser

    names: asyncio.Queue[str] = asyncio.Queue(MOST)

    def heard(*, name: str, state_change: Any, **_: Any) -> None:
        with suppress(asyncio.QueueFull):
            if state_change.name == "Added":
                names.put_nowait(name)

    async def consider(name: str) -> None:
        hub = await _particulars(network, name)
        if hub is not None:
            found.append(hub)
            if await enough(hub):
                limit.reschedule(asyncio.get_running_loop().time())

    browser = AsyncServiceBrowser(network.zeroconf, SERVICE, handlers=[heard])
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds) as limit, asyncio.TaskGroup() as tasks:
                for _ in range(MOST):
                    tasks.create_task(consider(await names.get()))
                await asyncio.Event().wait()  # until the time is up
    finally:
        await browser.async_cancel()


async def _particulars(network: "AsyncZeroconf", name: str) -> HubNearby | None:
    from zeroconf.asyncio import AsyncServiceInfo

    info = AsyncServiceInfo(SERVICE, name)
    if not await info.async_request(network.zeroconf, ANSWER_MS):
        return None
    addresses = believable(info.parsed_addresses(), info.port)
    hub_id = (info.decoded_properties.get("id") or "")[:PIN_CHARACTERS]
    return HubNearby(hub_id=hub_id, addresses=addresses) if hub_id and addresses else None


@asynccontextmanager
async def _multicast(interfaces: Interfaces) -> AsyncIterator["AsyncZeroconf"]:
    """Raises `OSError` for whatever keeps the library from its network: none there, or a loop that was too busy."""
    from zeroconf import Error, InterfaceChoice
    from zeroconf.asyncio import AsyncZeroconf

    try:
        network = AsyncZeroconf(interfaces=InterfaceChoice.All if interfaces is None else list(interfaces))
        try:
            yield network
        finally:
            await network.async_close()
    except (Error, RuntimeError) as error:
        raise OSError(ENETDOWN, f"no multicast: {type(error).__name__}") from error

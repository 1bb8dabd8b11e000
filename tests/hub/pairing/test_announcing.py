"""The hub tells its network where it is, again when it moves, and not at all on loopback."""

import asyncio
from contextlib import suppress

import pytest

from sotto_hub.pairing.addresses import announced_addresses, outward, reachable_ones
from sotto_hub.pairing.announcing import announcing, keep_announced
from sotto_proto.discovery import the_hub_nearby
from sotto_proto.errors import PairingFailed

LOOPBACK = ("127.0.0.1",)
OURS = "ABCDEFGHJKMNPQRS"


async def test_it_is_announced_again_where_it_has_moved() -> None:
    hosts = ["127.0.0.1"]
    keeping = asyncio.create_task(keep_announced(OURS, 7443, lambda: tuple(hosts), LOOPBACK, 0.05))
    try:
        assert await the_hub_nearby(OURS, LOOPBACK) == "127.0.0.1:7443"
        hosts[0] = "127.0.0.2"
        async with asyncio.timeout(20):
            while await found() != "127.0.0.2:7443":
                continue
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
    assert await found(0.3) == ""


async def found(seconds: float = 2.0) -> str:
    with suppress(PairingFailed):
        return await the_hub_nearby(OURS, LOOPBACK, seconds)
    return ""


@pytest.mark.parametrize(("host", "discoverable"), [("127.0.0.1", True), ("0.0.0.0", False)])
async def test_some_hubs_stay_silent(host: str, discoverable: bool) -> None:
    async with announcing(OURS, host, 7443, discoverable=discoverable):
        assert await found(0.5) == ""


def test_which_addresses_others_are_told() -> None:
    given = ["127.0.0.1", "::1", "169.254.3.4", "fe80::2%eth0", "0.0.0.0", "fd00::2", "8.8.8.8", "192.168.1.20", "?"]
    assert reachable_ones(given) == ("192.168.1.20", "8.8.8.8", "fd00::2")
    assert announced_addresses("192.168.1.20") == ("192.168.1.20",)
    assert announced_addresses("[fd00::2]") == ("fd00::2",)
    assert announced_addresses("127.0.0.1") == announced_addresses("localhost") == ()


@pytest.mark.parametrize(
    ("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("hub.local", "hub.local"), ("[::1]", "[::1]"), ("::1", "[::1]")]
)
def test_what_a_link_says(host: str, shown: str) -> None:
    assert outward(host) == shown


def test_a_hub_that_listens_everywhere_shows_a_real_address() -> None:
    shown = outward("0.0.0.0")
    assert shown not in ("", "0.0.0.0")
    assert shown == (announced_addresses("0.0.0.0") or ("127.0.0.1",))[0]

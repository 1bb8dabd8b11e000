"""Pairing over the real port: the right code once, and one clear sentence for everything else."""

import asyncio
import socket
from pathlib import Path

import pytest

from sotto_hub.errors import NotPaired, PortInUse, UsageError
from sotto_hub.pairing.authority import Authority
from sotto_hub.pairing.service import Greeting, PairingPort, PairingRequest, Welcomed
from sotto_proto.code import pairing_link, read_code
from sotto_proto.errors import LinkError, PairingFailed
from sotto_proto.exchange import Exchange
from sotto_proto.pairing import PeerRole, authority_pin, pair
from sotto_proto.scopes import ALL_SCOPES, DEFAULT_SCOPES
from tests.hub.pairing.pairing_hub import PairingHub, other_than, pairing_hub

DEVICE, CLIENT = PeerRole.DEVICE, PeerRole.CLIENT


async def refusal(hub: PairingHub, code: str, role: PeerRole = DEVICE, name: str = "pendant") -> PairingFailed:
    with pytest.raises(PairingFailed) as caught:
        await pair(hub.address, code, name=name, role=role)
    hub.clock.turn(1)
    return caught.value


async def test_six_digits_make_a_peer(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        shown = await hub.desk.new_code(DEVICE)
        assert shown.code.isdigit()
        credentials = await pair(hub.address, shown.code, name=" pendant ", role=DEVICE)
        assert credentials.sealing_key == hub.authority.sealing_public
        assert credentials.authority == hub.authority.root_pem
        assert (credentials.hub_id, credentials.address) == (hub.authority.hub_id, hub.address)
        peer = hub.peers.get(credentials.peer_id)
        assert peer is not None
        assert (peer.name, peer.role, peer.scopes, peer.renewed_ns) == ("pendant", DEVICE, (), hub.clock.now_ns)


@pytest.mark.parametrize("typed", ["{0}{1} {2}", "  {0}{1}-{2}", "{0} {1} {2}-{pin}", "{link}", " {lower_link}\n"])
async def test_a_code_is_typed_as_people_type(tmp_path: Path, typed: str) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        shown = await hub.desk.new_code(DEVICE)
        digits, pin = shown.code, hub.authority.hub_id
        words = {"pin": pin, "link": shown.link, "lower_link": shown.link.lower()}
        code = typed.format(digits[:2], digits[2:3], digits[3:], **words)
        address = None if "link" in typed else hub.address
        assert (await pair(address, code, name="pendant", role=DEVICE)).address == hub.address


async def test_what_is_shown_says_where_and_whose(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        shown = await hub.desk.new_code(CLIENT)
        assert shown.link == pairing_link(hub.address, shown.code, hub.authority.hub_id)
        assert shown.fingerprint.replace("-", "") == hub.authority.hub_id
        assert shown.code not in repr(shown)
        assert read_code(shown.link).address == hub.address


@pytest.mark.parametrize(
    ("asked", "given"), [((), DEFAULT_SCOPES), (("watch",), ("watch",)), (ALL_SCOPES, ALL_SCOPES)]
)
async def test_a_client_may_do_what_its_code_said(
    tmp_path: Path, asked: tuple[str, ...], given: tuple[str, ...]
) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        shown = await hub.desk.new_code(CLIENT, asked)
        peer = hub.peers.get((await pair(hub.address, shown.code, name="laptop", role=CLIENT)).peer_id)
        assert peer is not None
        assert peer.scopes == given


async def test_unknown_scopes_and_those_of_a_device_are_refused(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        with pytest.raises(LinkError, match="no scope 'all'"):
            await hub.desk.new_code(CLIENT, ["all"])
        with pytest.raises(UsageError, match="scopes are for clients"):
            await hub.desk.new_code(DEVICE, ["keep"])


async def test_a_code_works_once_and_the_port_closes(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        shown = await hub.desk.new_code(DEVICE)
        await pair(hub.address, shown.code, name="one", role=DEVICE)
        hub.clock.turn(1)
        assert (await refusal(hub, shown.code)).code in {"refused", "unreachable"}
        await port_closes(hub)


async def port_closes(hub: PairingHub) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", hub.port + 1)
            except OSError:
                return
            writer.close()


async def test_no_code_no_port(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        failed = await refusal(hub, "123456")
        assert failed.code == "unreachable"
        assert "sotto pair" in failed.sentence


async def test_five_wrong_tries_and_the_right_code_is_dead(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        shown = await hub.desk.new_code(DEVICE)
        for _ in range(5):
            assert (await refusal(hub, other_than(shown.code))).code == "wrong_code"
        assert (await refusal(hub, shown.code)).code == "refused"
        assert hub.peers.all() == []


async def test_the_fifth_try_may_still_be_right(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        shown = await hub.desk.new_code(DEVICE)
        for _ in range(4):
            await refusal(hub, other_than(shown.code))
        await pair(hub.address, shown.code, name="at last", role=DEVICE)


async def test_a_link_of_another_hub_gives_nothing_away(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        shown = await hub.desk.new_code(DEVICE)
        other = authority_pin(Authority.open(tmp_path / "other").root)
        for _ in range(6):
            assert (await refusal(hub, f"{shown.code}-{other}")).code == "pin"
        await pair(hub.address, shown.code, name="no try was spent", role=DEVICE)


async def test_the_role_is_the_one_the_code_was_made_for(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        shown = await hub.desk.new_code(DEVICE)
        assert "another kind" in (await refusal(hub, shown.code, CLIENT)).sentence
        await pair(hub.address, shown.code, name="pendant", role=DEVICE)


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "two\nlines"])
async def test_a_name_is_needed_and_costs_no_try(tmp_path: Path, name: str) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        shown = await hub.desk.new_code(DEVICE)
        for _ in range(6):
            assert (await refusal(hub, shown.code, name=name)).code == "name"
        await pair(hub.address, shown.code, name="at last", role=DEVICE)


async def test_a_new_code_replaces_the_old(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        old, new = await hub.desk.new_code(DEVICE), await hub.desk.new_code(DEVICE)
        if old.code != new.code:
            assert (await refusal(hub, old.code)).code == "wrong_code"
        await pair(hub.address, new.code, name="pendant", role=DEVICE)


async def test_ten_minutes_later_the_code_is_dead(tmp_path: Path) -> None:
    async with pairing_hub(tmp_path / "home") as hub:
        shown = await hub.desk.new_code(DEVICE)
        hub.clock.turn(600)
        assert (await refusal(hub, shown.code)).code in {"refused", "unreachable"}
        with pytest.raises(NotPaired, match="no pairing code is alive"):
            await hub.desk.greet(Exchange.of_peer(shown.code, hub.root_der).share)


class Nobody:
    """A desk that is never asked."""

    async def greet(self, share: bytes) -> Greeting:
        raise AssertionError(len(share))

    def welcome(self, request: PairingRequest) -> Welcomed:
        raise AssertionError(request.name)


async def test_a_taken_pairing_port_is_said(tmp_path: Path) -> None:
    authority = Authority.open(tmp_path / "keys")
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortInUse, match="taken"):
        await PairingPort("127.0.0.1", taken.getsockname()[1], authority, Nobody()).open()

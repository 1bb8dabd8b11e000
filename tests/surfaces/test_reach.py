"""How surfaces reach their hub: a certificate that is renewed when the hub asks, a hub that is not where it was."""

import fcntl
import os
from pathlib import Path

import grpc
import pytest

from sotto_hub.errors import LinkDown, NotPaired
from sotto_hub.surfaces.credentials import as_hub_error, locate_credentials
from sotto_hub.surfaces.reach import Reach, follow, reach
from sotto_proto.credentials import load_credentials
from sotto_proto.errors import PairingFailed
from sotto_proto.v1 import link_pb2
from tests.surfaces.scripted_companion import ScriptedCompanion, scripted_companion


@pytest.fixture
def home(hub: ScriptedCompanion, tmp_path: Path) -> Path:
    """A home whose keeper is a client of the scripted hub."""
    hub.save_client(tmp_path / "home")
    return tmp_path / "home"


async def test_a_certificate_is_renewed_when_the_hub_asks(hub: ScriptedCompanion, home: Path) -> None:
    before = load_credentials(home / "keeper")
    hub.status.renew = True
    async with reach(home) as client:
        await client.status()
        await client.status()
    assert len(hub.requests(link_pb2.RenewRequest)) == 1, "once a connection"
    after = load_credentials(home / "keeper")
    assert after.certificate != before.certificate
    assert after.key != before.key
    assert (after.peer_id, after.address, after.authority) == (before.peer_id, before.address, before.authority)
    hub.status.renew = False
    async with reach(home) as client:
        assert (await client.status()).hub_id == "hub-1", "the new one opens the door"


async def test_nobody_renews_while_another_does(hub: ScriptedCompanion, home: Path) -> None:
    hub.status.renew = True
    other = os.open(home / "keeper", os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    try:
        async with reach(home) as client:
            await client.status()
    finally:
        os.close(other)
    assert not hub.requests(link_pb2.RenewRequest)


async def test_what_another_has_renewed_is_left_alone(hub: ScriptedCompanion, home: Path) -> None:
    hub.status.renew = True
    first, second = reach(home), reach(home)
    async with first, second:
        await first.status()
        kept = load_credentials(home / "keeper")
        await second.status()
    assert load_credentials(home / "keeper") == kept
    assert len(hub.requests(link_pb2.RenewRequest)) == 1


async def test_a_renewal_that_fails_spoils_nothing(hub: ScriptedCompanion, home: Path) -> None:
    before = load_credentials(home / "keeper")
    hub.status.renew = True
    hub.fail["Renew"] = (grpc.StatusCode.INTERNAL, "no")
    async with reach(home) as client:
        assert (await client.status()).hub_id == "hub-1"
    assert load_credentials(home / "keeper") == before


async def test_an_answer_about_another_key_is_refused(hub: ScriptedCompanion, home: Path) -> None:
    _, credentials = locate_credentials(home)
    hub.authority.signed = lambda request_der: hub.authority.leaf("client").certificate  # type: ignore[method-assign]
    async with reach(home) as client:
        with pytest.raises(NotPaired, match="not about this peer"):
            await client.renew(credentials)


async def test_a_hub_on_this_machine_is_not_looked_for(tmp_path: Path) -> None:
    async with scripted_companion() as gone:
        gone.save_client(tmp_path)
    assert not await follow(tmp_path)
    clients = Reach(tmp_path, lambda: 0.0)
    for _ in range(2):
        async with await clients.connect() as client:
            with pytest.raises(LinkDown):
                await client.status()
            assert not client.answered


@pytest.mark.parametrize(
    ("code", "status"),
    [("address", 2), ("name", 2), ("several_hubs", 2), ("unreachable", 4), ("no_hub", 4), ("wrong_code", 5)],
)
def test_what_pairing_says_has_an_exit_status(code: str, status: int) -> None:
    error = as_hub_error(PairingFailed(code, "so it is"))
    assert (error.exit_status, error.code, error.sentence) == (status, code, "so it is")

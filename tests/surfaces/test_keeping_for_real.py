"""The keeper's commands over a real hub: pair, list, limit, prove, back up, revoke."""

import json
from functools import partial
from pathlib import Path

import pytest

from sotto_hub.client import Companion
from sotto_hub.errors import NotPaired
from sotto_hub.surfaces.household import Household
from sotto_proto.credentials import load_credentials
from sotto_proto.v1 import link_pb2
from tests.surfaces.cli.command_line import run_sotto

CLIENT = link_pb2.PEER_ROLE_CLIENT


async def test_keeping_a_real_hub(tmp_path: Path) -> None:
    words = tmp_path / "words.jsonl"
    words.write_text("")
    laptop = partial(run_sotto, tmp_path / "laptop")
    (tmp_path / "laptop").mkdir()
    async with (
        Household(tmp_path / "home", hear=("--engine", f"scripted:{words}")) as house,
        house.companion() as hub,
    ):
        await house.pair_device("pendant")
        code = await hub.new_code(CLIENT, scopes=("watch",))
        assert (await laptop("pair", house.address, code.code, "--name", "laptop")).status == 0
        assert (await laptop("status")).status == 0
        refused = await laptop("forget", "--last", "5m", "--yes")
        assert (refused.status, "without the scope 'control'; to be allowed it" in refused.err) == (5, True)

        peers = {peer.name: list(peer.scopes) for peer in await hub.peers()}
        assert peers["laptop"] == ["watch"]
        assert peers["pendant"] == []
        here = ("--home", str(house.home))
        proof = await laptop("forget", "--last", "5m", "--yes", "--verify", *here)
        assert (proof.status, proof.out.splitlines()[1][:9]) == (0, "searched ")
        assert len(b"".join([piece async for piece in hub.backup("correct horse battery")])) > 10_000

        await hub.revoke("laptop")
        async with Companion.connect(load_credentials(tmp_path / "laptop/.config/sotto/client")) as outsider:
            with pytest.raises(NotPaired):
                await outsider.status()
        audit = json.loads((await laptop("audit", "--json", *here)).out)
        assert {"pendant", "this machine"} & {contact["name"] for contact in audit["contacts"]}
        assert not [contact for contact in audit["contacts"] if contact["outgoing"]]

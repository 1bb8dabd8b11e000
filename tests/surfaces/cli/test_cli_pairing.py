"""`sotto pair`: the code that is shown, the wait until somebody has used it, and words that cannot be right."""

import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sotto_hub.errors import UsageError
from sotto_hub.surfaces.cli.pair import LIFE_S, left_s, told_apart
from sotto_hub.surfaces.digits import grouped, large
from sotto_hub.surfaces.pairing_card import PairingCard, card_lines, facts, plain_lines, steps
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1 import link_pb2
from tests.surfaces.cli.command_line import Sotto
from tests.surfaces.scripted_companion import ScriptedCompanion

MORNING = 1_773_039_608_000_000_000  # 2026-03-09 08:00:08 in Stockholm
LINK = "sotto://192.168.1.20:7443/482913-ABCDEFGHJKMNPQRS"
CARD = PairingCard(
    digits="482913",
    address="192.168.1.20:7443",
    fingerprint="ABCD-EFGH-JKMN-PQRS",
    until="08:00:08",
    client=False,
    local=False,
    link=LINK,
)


async def test_the_code_and_what_to_type(hub: ScriptedCompanion, keeper: Sotto) -> None:
    hub.code.expires_ns, hub.code.link = MORNING, LINK
    assert (await keeper("pair", "--no-wait")).out.splitlines() == [
        "code     482 913, for a device",
        "valid    once, until 08:00:08",
        "address  192.168.1.20:7443",
        "key      ABCD-EFGH-JKMN-PQRS",
        f"link     {LINK}",
        "type on the device:",
        "  sotto-device pair 192.168.1.20:7443 482913",
        "  sotto-device pair 482913   (in the same network)",
    ]
    client = await keeper("pair", "--client", "--no-wait")
    assert "  sotto pair 192.168.1.20:7443 482913\n" in client.out
    limited = await keeper("pair", "--scopes", "watch,ask", "--json")
    assert '"code": "482913"' in limited.out
    asked = [(request.role, list(request.scopes)) for request in hub.requests(pb.NewPairingCodeRequest)]
    device, client_role = link_pb2.PEER_ROLE_DEVICE, link_pb2.PEER_ROLE_CLIENT
    assert asked == [(device, []), (client_role, []), (client_role, ["watch", "ask"])]
    unknown = await keeper("pair", "--scopes", "everything")
    assert (unknown.status, "there is no scope 'everything'" in unknown.err) == (2, True)


async def test_a_hub_for_this_machine_alone_says_so(hub: ScriptedCompanion, keeper: Sotto) -> None:
    done = await keeper("pair", "--no-wait")
    assert f"  sotto-device pair {hub.address} 482913\n" in done.out
    assert "on this machine only" in done.out


async def test_it_waits_until_somebody_has_paired(hub: ScriptedCompanion, keeper: Sotto) -> None:
    hub.paired.append(pb.PeerInfo(id="keeper", name="this machine"))
    hub.pairs = pb.PeerInfo(id="device-1", name="pendant", role=link_pb2.PEER_ROLE_DEVICE)
    done = await keeper("pair")
    assert done.status == 0
    assert done.out.endswith("paired: pendant, a device; it may send what it senses\n")


async def test_a_code_that_nobody_uses_expires(hub: ScriptedCompanion, keeper: Sotto) -> None:
    import time

    hub.code.expires_ns = time.time_ns() + 2_500_000_000
    done = await keeper("pair")
    assert (done.status, "has expired and nobody has used it" in done.out) == (1, True)


def test_a_clock_that_is_not_the_hubs_cannot_tell() -> None:
    assert left_s(MORNING + 5 * 10**9, MORNING) == 5.0
    assert left_s(MORNING, MORNING + 10**9) == LIFE_S
    assert left_s(MORNING + 10**15, MORNING) == LIFE_S


# ---- the card


def test_digits_are_large() -> None:
    assert large("482913") == [
        "█  █  █▀▀█  ▀▀▀█   █▀▀█   ▄█   ▀▀▀█",
        "▀▀▀█  █▀▀█  █▀▀▀   ▀▀▀█    █    ▀▀█",
        "   ▀  ▀▀▀▀  ▀▀▀▀   ▀▀▀▀   ▀▀▀  ▀▀▀▀",
    ]
    assert len({tuple(large(digit)) for digit in "0123456789"}) == 10
    assert grouped("482913") == "482 913"


def test_the_card_stands_beside_its_qr_where_there_is_room() -> None:
    qr = ["█" * 37] * 19
    lines = card_lines(CARD, qr, 80)
    assert len(lines) == 19 + len(steps(CARD)), "all of it fits on a small terminal"
    assert max(map(len, lines)) <= 80
    assert "█   █  █  █▀▀█" in "\n".join(lines)
    narrow = card_lines(CARD, qr, 60)
    assert narrow[1:20] == qr
    assert card_lines(CARD, [], 80)[1:4] == large("482913")


def test_the_card_says_for_whom() -> None:
    client = PairingCard(
        digits="482913", address="h:1", fingerprint="", until="x", client=True, local=False, may="watch"
    )
    assert facts(client)[:2] == ["code     482 913, for a client", "may      watch"]
    assert "482913" not in repr(client)
    assert [line for line in plain_lines(client) if line.startswith("link")] == []


def test_on_a_terminal_the_qr_is_drawn(tmp_path: Path) -> None:
    code = "from sotto_hub.surfaces.cli import pair; from tests.surfaces.cli.test_cli_pairing import CARD\n"
    code += "pair._draw(CARD)"
    terminal, theirs = pty.openpty()
    shown: list[bytes] = []

    def read() -> None:
        while b"same network" not in b"".join(shown):
            shown.append(os.read(terminal, 4096))

    reader = threading.Thread(target=read)
    reader.start()
    subprocess.run([sys.executable, "-c", code], stdout=theirs, check=True, env=os.environ | {"COLUMNS": "80"})
    reader.join(10)
    os.close(theirs)
    os.close(terminal)
    assert "\x1b[97;40m██ ▄▄▄▄▄ █" in b"".join(shown).decode()


# ---- spending one


@pytest.mark.parametrize(
    ("typed", "address", "code"),
    [
        (("482913", None), None, "482913"),
        (("482 913", None), None, "482 913"),
        (("482", "913"), None, "482913"),
        (("482913-ABCDEFGHJKMNPQRS", None), None, "482913-ABCDEFGHJKMNPQRS"),
        ((LINK, None), None, LINK),
        (("hub:7443", "482913"), "hub:7443", "482913"),
    ],
)
def test_address_and_code_are_told_apart(typed: tuple[str, str | None], address: str | None, code: str) -> None:
    assert told_apart(*typed) == (address, code)


def test_an_address_alone_is_not_enough() -> None:
    with pytest.raises(UsageError, match="the code is missing"):
        told_apart("192.168.1.20:7443", None)


async def test_pairing_that_cannot_be(sotto: Sotto) -> None:
    assert (await sotto("pair", "127.0.0.1:1")).status == 2
    malformed = await sotto("pair", "127.0.0.1:1", "12")
    assert (malformed.status, "is not a pairing code" in malformed.err) == (2, True)
    nameless = await sotto("pair", "127.0.0.1:1", "482913", "--name", "")
    assert (nameless.status, "1 to 64 characters" in nameless.err) == (2, True)
    nobody = await sotto("pair", "127.0.0.1:1", "482913")
    assert nobody.status == 4
    assert "no pairing is open" in nobody.err

"""The guard of a process: whoever tries to reach others is refused before a packet leaves (P1)."""

import json
import subprocess
import sys
from typing import Any

import pytest

from sotto_hub.egress.guard import REMEMBERED, Attempt, Guard, Refused
from sotto_hub.egress.policy import Policy
from tests.hub.egress.guarded import TRIES


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    """What a guarded process, apart from this one, could reach."""
    command = [sys.executable, "-m", "tests.hub.egress.guarded"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("how", TRIES)
def test_nothing_gets_out(report: dict[str, Any], how: str) -> None:
    assert report["outcome"][how] == "refused"


def test_what_is_near_stays_free(report: dict[str, Any]) -> None:
    assert report["near"] == ["ok", "listened", "unix", "127.0.0.1"]
    assert len(report["permitted"]) == 1  # the one that was made here


def test_each_attempt_is_known_with_whose_it_was(report: dict[str, Any]) -> None:
    assert report["count"] >= len(TRIES)
    assert {"192.0.2.1:9", "[2001:db8::1]:9", "sotto.example:443", "sotto.example", "192.0.2.1"} <= set(report["who"])
    assert report["by"] == ["huggingface_hub", "sotto_hub"]


ANNOUNCE = """
import asyncio, json, sys
from sotto_hub.egress.guard import install
from sotto_hub.egress.policy import Policy
guard = install(Policy(discovery=sys.argv[1] == "discoverable"))
from sotto_proto.discovery import announced
async def for_a_moment():
    async with announced("ABCDEFGHIJKLMNOP", 7443, ("127.0.0.1",), ["127.0.0.1"]):
        pass
asyncio.run(for_a_moment())
print(json.dumps(sorted({(a.who, a.permitted) for a in guard.taken()})))
"""


@pytest.mark.parametrize(("how", "permitted"), [("discoverable", True), ("hidden", False)])
def test_a_hub_is_announced_only_where_that_is_wanted(how: str, permitted: bool) -> None:
    """Over the loopback interface. The library takes a refusal for a network that is down, and goes on."""
    done = subprocess.run(
        [sys.executable, "-c", ANNOUNCE, how], capture_output=True, text=True, check=True, timeout=60
    )
    attempts = json.loads(done.stdout)
    assert ["224.0.0.251:5353", permitted] in attempts
    assert all(who == "127.0.0.1:5353" or allowed is permitted for who, allowed in attempts)


def test_attempts_that_nobody_takes_are_bounded() -> None:
    guard = Guard(Policy())
    for port in range(1, REMEMBERED + 50):
        with pytest.raises(Refused):
            guard.watch("socket.getaddrinfo", ("sotto.example", port, 0, 0, 0))
    assert len(guard.taken()) == REMEMBERED
    assert guard.taken() == []


def test_whoever_listens_is_told_of_what_waits_and_of_what_comes() -> None:
    guard, told = Guard(Policy()), []
    with pytest.raises(Refused):
        guard.watch("socket.gethostbyname", ("first.example",))
    guard.tell(lambda: told.extend(guard.taken()))
    with pytest.raises(Refused):
        guard.watch("socket.gethostbyname", (b"second.example",))
    guard.tell(None)
    assert [attempt.who for attempt in told] == ["first.example", "second.example"]


def test_other_events_are_none_of_its_business() -> None:
    guard = Guard(Policy())
    guard.watch("open", ("/etc/passwd", "r", 0))
    guard.watch("socket.bind", (None, ("0.0.0.0", 1)))
    assert guard.taken() == []


def test_an_attempt_is_read_as_people_read_it() -> None:
    assert Attempt(host="::1", port=80, by="x", permitted=True).who == "[::1]:80"
    assert Attempt(host="a.example", port=0, by="x", permitted=False).who == "a.example"

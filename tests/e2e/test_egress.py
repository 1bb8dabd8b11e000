"""Nothing leaves: the demo lives with loopback alone, and names no address outside this machine.

Its words come from a script here; `.ci/run` has the whole demo watched in the same way, recogniser and all.
"""

import sys
from pathlib import Path

import pytest

from tests.e2e.test_survival import script
from tests.e2e.tracing import has_tracer, listed, may_take_the_network_away, named, watched

PATIENCE_S = 120.0
DEMO = (
    "import asyncio, sys\n"
    "from pathlib import Path\n"
    "from sotto_hub.surfaces.demo import DemoOptions, run_demo\n"
    "outcome = asyncio.run(\n"
    "    run_demo(Path(sys.argv[1]), DemoOptions(pace='fast', hear=('--engine', sys.argv[2])), print)\n"
    ")\n"
    "sys.exit(bool(outcome.failures))\n"
)
CURIOUS = (
    "import socket, contextlib\n"
    "with contextlib.suppress(OSError):\n"
    "    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 443))\n"
)

alone = pytest.mark.skipif(
    not may_take_the_network_away(),
    reason="NO NAMESPACE: this system lets us take no network away, so nothing here proves that nothing leaves",
)
traced = pytest.mark.skipif(not has_tracer(), reason="NO TRACER: strace is not here, or may not trace")


@alone
def test_the_demo_lives_without_a_network_and_names_no_address_outside(tmp_path: Path) -> None:
    engine = script(tmp_path / "words.jsonl")
    found = watched([sys.executable, "-c", DEMO, str(tmp_path / "home"), engine], timeout_s=PATIENCE_S)
    assert found.status == 0, found.said[-2000:]
    assert "as Nora lived it" in found.said
    assert found.names, "the watch is blind: a demo uses loopback"
    assert not found.forbidden


@alone
@traced
def test_a_command_that_looks_outside_is_caught(tmp_path: Path) -> None:
    found = watched([sys.executable, "-c", CURIOUS], timeout_s=PATIENCE_S)
    assert [(name.address, name.port) for name in found.forbidden] == [("192.0.2.1", 443)]


def test_what_a_trace_names_is_read() -> None:
    lines = [
        '7 connect(5, {sa_family=AF_INET, sin_port=htons(7443), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
        "7 connect(5, {sa_family=AF_INET6, sin6_port=htons(7443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "
        '"::ffff:127.0.0.1", &sin6_addr), sin6_scope_id=0}, 28) = -1 EINPROGRESS',
        '7 connect(5, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT',
        '7 sendto(6, "q", 1, 0, {sa_family=AF_INET, sin_port=htons(5353), sin_addr=inet_addr("224.0.0.251")}, 16)',
        '7 connect(5, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16 <unfinished ...>',
        '7 sendto(5, "x", 1, 0, NULL, 0) = 1',
    ]
    assert [(name.port, name.is_allowed) for name in named(lines)] == [
        (7443, True),
        (7443, True),
        (0, True),
        (5353, False),
        (53, False),
    ]


def test_what_a_table_lists_is_read() -> None:
    table = (
        "  sl  local_address rem_address   st\n"
        "   0: 0100007F:1D13 0100007F:C001 01\n"
        "   1: 0100007F:1D13 00000000:0000 0A\n"
        "   2: 0A00020F:C002 08080808:01BB 02\n"
    )
    assert [name.address for name in listed(table) if not name.is_allowed] == ["8.8.8.8"]
    mapped = "  sl\n   0: 0 0000000000000000FFFF00000100007F:0050 01\n"
    assert next(listed(mapped)).is_allowed

"""The account of whom the hub speaks with: counted in RAM, stored in sums, bounded, and told to the keeper."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import grpc
import pytest

from sotto_hub.egress.guard import Guard, Refused
from sotto_hub.egress.meter import ENDS, OTHERS, Meter
from sotto_hub.egress.policy import Policy
from sotto_hub.records import Contact
from sotto_hub.store.database import open_database
from sotto_hub.store.traffic import ROWS, Traffic
from sotto_proto.pairing import PeerRole, secure_channel
from sotto_proto.v1 import companion_pb2 as pb
from sotto_proto.v1.companion_pb2_grpc import CompanionStub
from tests.hub.running_hub import NOON_NS, RunningHub, running_hub


@pytest.fixture
def traffic(tmp_path: Path) -> Iterator[Traffic]:
    with closing(open_database(tmp_path / "hub.db", bytes(32))) as db:
        yield Traffic(db)


def meter() -> Meter:
    times = iter(range(1, 10_000))
    return Meter(lambda: next(times))


def test_sums_are_taken_once() -> None:
    counted = meter()
    counted.count(Contact(who="a", purpose="device", received_bytes=5, calls=1))
    counted.count(Contact(who="a", purpose="device", received_bytes=7, sent_bytes=2))
    counted.count(Contact(who="a", purpose="x", outgoing=True, refused=1))
    assert counted.taken() == [
        Contact(who="a", purpose="device", received_bytes=12, sent_bytes=2, calls=1, since_ns=1, last_ns=2),
        Contact(who="a", purpose="x", outgoing=True, refused=1, since_ns=3, last_ns=3),
    ]
    assert counted.taken() == []


def test_a_call_is_put_down_to_whoever_it_turns_out_to_be() -> None:
    counted = meter()
    call = counted.call()
    assert call.reading(bytes.decode)(b"four") == "four"
    call.admitted("device-1", "device")
    assert call.writing(str.encode)("seven77") == b"seven77"
    assert call.writing(None)(b"raw") == b"raw"
    call.refused("device-1")
    (contact,) = counted.taken()
    assert (contact.received_bytes, contact.sent_bytes, contact.calls, contact.refused) == (4, 10, 1, 0)


def test_a_caller_with_ever_new_names_grows_nothing(traffic: Traffic) -> None:
    counted = meter()
    for number in range(ENDS + 20):
        counted.count(Contact(who=f"w{number}", purpose="refused", refused=1))
    taken = counted.taken()
    assert len(taken) == ENDS + 1
    assert {c.who: c.refused for c in taken}[OTHERS] == 20
    traffic.add(Contact(who=f"n{number}", purpose="refused", refused=1) for number in range(ROWS + 30))
    rows = traffic.all()
    assert len(rows) == ROWS + 1
    assert {c.who: c.refused for c in rows}[OTHERS] == 30


def test_stored_sums_grow(traffic: Traffic) -> None:
    traffic.add([Contact(who="a", purpose="device", since_ns=1, last_ns=2, sent_bytes=3, calls=1)])
    traffic.add([Contact(who="a", purpose="device", since_ns=5, last_ns=6, sent_bytes=4, received_bytes=1)])
    assert traffic.all() == [
        Contact(who="a", purpose="device", since_ns=1, last_ns=6, sent_bytes=7, received_bytes=1, calls=1)
    ]


async def audit(hub: RunningHub) -> pb.AuditReply:
    async with secure_channel(hub.keeper) as channel:
        reply: pb.AuditReply = await CompanionStub(channel).Audit(pb.AuditRequest())
        return reply


async def test_the_keeper_sees_every_peer(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as hub:
        device = hub.credentials(PeerRole.DEVICE)
        async with secure_channel(device) as channel:
            with pytest.raises(grpc.aio.AioRpcError):
                await CompanionStub(channel).Status(pb.StatusRequest())
        first = await audit(hub)
        second = await audit(hub)
    assert first.since_ns == NOON_NS
    refused, keeper = sorted(second.contacts, key=lambda c: c.who)
    assert (keeper.who, keeper.name, keeper.purpose, keeper.calls) == ("keeper", "this machine", "client", 2)
    assert keeper.sent_bytes == first.ByteSize()
    assert not keeper.outgoing
    assert (refused.who, refused.purpose, refused.refused, refused.calls) == (device.peer_id, "refused", 1, 0)


async def test_the_account_outlasts_the_hub(tmp_path: Path) -> None:
    async with running_hub(tmp_path / "home") as hub:
        await audit(hub)
    async with running_hub(tmp_path / "home", now_ns=NOON_NS + 10**9) as hub:
        reply = await audit(hub)
    assert (reply.since_ns, reply.contacts[0].calls) == (NOON_NS, 2)
    assert (reply.contacts[0].since_ns, reply.contacts[0].last_ns) == (NOON_NS, NOON_NS + 10**9)


async def test_a_refused_attempt_is_told_to_whoever_watches(tmp_path: Path) -> None:
    guard = Guard(Policy())
    async with running_hub(tmp_path / "home", guard=guard) as hub, secure_channel(hub.keeper) as channel:
        watching = aiter(CompanionStub(channel).Watch(pb.WatchRequest()))
        await anext(watching)
        with pytest.raises(Refused):
            guard.watch("socket.getaddrinfo", ("sotto.example", 443, 0, 0, 0))
        told = await anext(watching)
        reply = await audit(hub)
    assert (told.refused.who, told.refused.outgoing, told.refused.refused) == ("sotto.example:443", True, 1)
    (row,) = [c for c in reply.contacts if c.outgoing]
    assert (row.who, row.refused, row.calls) == ("sotto.example:443", 1, 0)

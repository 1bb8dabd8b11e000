"""Bytes of every kind into a live Stream over the real link: a clean status, and a hub that is as it was before."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import grpc
import grpc.aio
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_proto.channel import client_options
from sotto_proto.pairing import Credentials
from sotto_proto.v1 import link_pb2 as pb
from tests.hub.ingest.bent_messages import HELLO, HONEST, messages, too_long
from tests.hub.running_hub import RunningHub, running_hub
from tests.hub.scripted_device import WAIT_S, Day, connected

STREAM = "/sotto.v1.SensorLink/Stream"
STREAMS = 4
"""What an honest Hello announces; and at most so many rows a boot may leave."""

CLEAN = {
    grpc.StatusCode.OK,
    grpc.StatusCode.INVALID_ARGUMENT,
    grpc.StatusCode.OUT_OF_RANGE,
    grpc.StatusCode.RESOURCE_EXHAUSTED,  # longer than the link carries
}


HUNG_UP = "Internal error from Core"
"""What gRPC's own client says when the hub ended the call while it was still writing."""


def boundless_channel(credentials: Credentials) -> grpc.aio.Channel:
    """A device that does not keep to the size of messages."""
    tls = grpc.ssl_channel_credentials(credentials.authority, credentials.key, credentials.certificate)
    options = [(key, -1 if key == "grpc.max_send_message_length" else value) for key, value in client_options()]
    return grpc.aio.secure_channel(credentials.address, tls, options=options)


async def sent(credentials: Credentials, pieces: Sequence[bytes]) -> grpc.StatusCode:
    """Sends the bytes as they are, hangs up, and gives how the hub ended the call."""
    async with asyncio.timeout(WAIT_S), boundless_channel(credentials) as channel:
        call = channel.stream_stream(
            STREAM, request_serializer=lambda piece: piece, response_deserializer=pb.HubMessage.FromString
        )()
        try:
            for piece in pieces:
                await call.write(piece)
            await call.done_writing()
            while isinstance(await call.read(), pb.HubMessage):
                pass
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            pass  # the hub had enough
        if await call.details() == HUNG_UP:
            return grpc.StatusCode.INVALID_ARGUMENT
        code: grpc.StatusCode = await call.code()
        return code


def rows(running: RunningHub) -> Counter[str]:
    """How many rows each table holds."""
    db = running.hub.stores.notes._db
    return Counter({name: db.table(name).count for name in db.table_names()})


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(messages, min_size=1, max_size=5), min_size=1, max_size=2), st.booleans())
def test_no_bytes_break_or_grow_the_hub(calls: list[list[bytes | int]], greeted: bool) -> None:
    """All calls of one example, one after another; with a proper Hello before them or without."""
    written = [[p if isinstance(p, bytes) else too_long(p) for p in pieces] for pieces in calls]
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fuzzed(Path(folder) / "home", [[HELLO] * greeted + pieces for pieces in written]))


async def fuzzed(home: Path, calls: list[list[bytes]]) -> None:
    async with running_hub(home) as running:
        attacker, honest = running.credentials(), running.credentials()
        before, tasks = rows(running), len(asyncio.all_tasks())
        for pieces in calls:
            assert await sent(attacker, pieces) in CLEAN
        await served(running, honest)
        grown = rows(running) - before
        boots = 1 + sum(1 for pieces in calls for piece in pieces if says_hello(piece))
        assert grown["marks"] <= boots * STREAMS
        assert grown["ledger"] <= boots * STREAMS
        assert grown["utterances"] == grown["suggestions"] == grown["peers"] == 0
        assert grown["withheld"] <= 1
        assert grown["notes"] <= 8
        assert all(row.unaccounted_ns == 0 for row in running.hub.ledger())
        assert not running.hub.fleet.tides()
        assert len(asyncio.all_tasks()) <= tasks + 2


def says_hello(piece: bytes) -> bool:
    try:
        return pb.DeviceMessage.FromString(piece).HasField("hello")
    except Exception:  # noqa: BLE001  (whatever the parser says: it is none)
        return False


async def served(running: RunningHub, credentials: Credentials) -> None:
    """An honest device is served as ever."""
    async with connected(credentials) as line:
        await line.send(Day().gap(100))
        await line.acked("mic", 1)
        await line.hang_up()


def test_every_honest_message_is_taken() -> None:
    """The material is what it says: each kind but the box that was sealed for another hub is taken by itself."""

    async def taken(home: Path) -> list[grpc.StatusCode]:
        async with running_hub(home) as running:
            return [await sent(running.credentials(), [HELLO, piece]) for piece in HONEST]

    with tempfile.TemporaryDirectory() as folder:
        codes = asyncio.run(taken(Path(folder) / "home"))
    assert Counter(codes) == {grpc.StatusCode.OK: len(HONEST) - 1, grpc.StatusCode.INVALID_ARGUMENT: 1}


def test_what_no_program_sends_still_gets_a_sentence() -> None:
    """Bytes that are no message at all, before the Hello and after it."""

    async def refused(home: Path) -> set[grpc.StatusCode]:
        async with running_hub(home) as running:
            credentials = running.credentials()
            return {await sent(credentials, pieces) for pieces in ([b"\xff" * 9], [HELLO, b"\xff" * 9])}

    with tempfile.TemporaryDirectory() as folder:
        assert asyncio.run(refused(Path(folder) / "home")) == {grpc.StatusCode.INVALID_ARGUMENT}

"""The link over real gRPC and real TLS: nothing twice, nothing missing, whatever the network does (R2, R3)."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import grpc
import pytest

from sotto_device import uplink as uplink_module
from sotto_device.errors import DeviceError, LinkRefused, NotPaired
from sotto_device.outbox import Outbox
from sotto_device.spool import Spool
from sotto_device.spool.bridge import HUB_RESTORED
from sotto_device.uplink import Uplink
from sotto_proto.credentials import Credentials
from sotto_proto.records import Control, Frame, Hello, Mark, Modality, MuteState, OffTheRecord, StreamInfo
from sotto_proto.secure import secure_channel
from sotto_proto.v1 import link_pb2 as pb
from tests.device.scripted_hub import PATIENCE_S, ScriptedHub, nothing, scripted_hub
from tests.device.scripted_tls import ScriptedAuthority
from tests.device.sensed import MS, SECOND, audio, frame, gap

STREAMS = (
    StreamInfo(stream="mic", modality=Modality.AUDIO, live=True),
    StreamInfo(stream="control", modality=Modality.CONTROL, live=True),
)


def mic(sequence: int) -> Frame:
    return frame("mic", sequence, 100 * sequence, 100, audio())


def made(credentials: Credentials, outbox: Outbox, obeyed: list[Control], now_ns: int | None = None) -> Uplink:
    """An uplink; live when it has a clock."""
    return Uplink(
        address=credentials.address,
        connect=lambda: secure_channel(credentials),
        hello=lambda echo: Hello(
            boot_id="boot-1",
            timezone="Europe/Stockholm",
            streams=STREAMS,
            software="test",
            mute=MuteState(muted=False),
            clock_offset_ns=0 if echo is None else echo.offset_ns,
            clock_error_ns=0 if echo is None else echo.error_ns,
        ),
        outbox=outbox,
        obey=obeyed.append,
        read_wall_ns=None if now_ns is None else lambda: now_ns,
        chance=lambda: 0.0,
    )


def recorded_outbox(bound_bytes: int = 1 << 20) -> Outbox:
    return Outbox(Spool(bound_bytes=bound_bytes, live=False), live=False)


@dataclass
class Device:
    """An uplink whose frames come from the test."""

    outbox: Outbox
    uplink: Uplink
    obeyed: list[Control]
    running: "asyncio.Task[None]"

    async def put(self, *frames: Frame) -> None:
        await self.outbox.put(frames)


@asynccontextmanager
async def device(credentials: Credentials, now_ns: int | None = None) -> AsyncIterator[Device]:
    """A running uplink, live when it has a clock."""
    live, obeyed = now_ns is not None, list[Control]()
    outbox = Outbox(Spool(bound_bytes=1 << 20, live=live), live=live)
    uplink = made(credentials, outbox, obeyed, now_ns)
    running = asyncio.create_task(uplink.run())
    try:
        yield Device(outbox=outbox, uplink=uplink, obeyed=obeyed, running=running)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def drained(outbox: Outbox) -> None:
    await asyncio.wait_for(outbox.drained(), PATIENCE_S)


def numbers(frames: list[Frame]) -> list[int]:
    return [f.sequence for f in frames if f.stream == "mic"]


async def test_frames_arrive_in_order_and_acknowledgements_free_them() -> None:
    async with scripted_hub() as hub, device(hub.credentials) as wearable:
        sent = [mic(n) for n in range(1, 51)]
        await wearable.put(*sent)
        await drained(wearable.outbox)
        assert hub.frames == sent
        assert hub.hellos[0].boot_id == "boot-1"
        assert wearable.outbox.spool.waiting_bytes == 0


async def test_after_a_break_exactly_what_was_not_acknowledged_is_sent_again() -> None:
    async with scripted_hub() as hub, device(hub.credentials) as wearable:
        hub.acks = nothing
        await wearable.put(*(mic(n) for n in range(1, 11)))
        await hub.until(lambda: len(hub.frames) == 10)
        hub.acknowledge("mic", 4)
        await asyncio.wait_for(_until_waiting(wearable, 6), PATIENCE_S)
        hub.drop()
        await hub.until(lambda: len(hub.connections) == 2 and len(hub.connections[1]) == 6)
        assert numbers(hub.connections[1]) == [5, 6, 7, 8, 9, 10]
        await wearable.put(mic(11))
        await hub.until(lambda: len(hub.connections[1]) == 7)


async def _until_waiting(wearable: Device, count: int) -> None:
    while wearable.outbox.spool.waiting_frames != count:
        await asyncio.sleep(0.01)


async def test_what_was_committed_but_not_acknowledged_is_not_sent_again() -> None:
    """The acknowledgement got lost with the connection: the hub's mark decides."""
    async with scripted_hub() as hub, device(hub.credentials) as wearable:
        hub.acks = nothing
        await wearable.put(*(mic(n) for n in range(1, 6)))
        await hub.until(lambda: len(hub.frames) == 5)
        await hub.stop()
        hub.acknowledge("mic", 3)
        await hub.start()
        await hub.until(lambda: len(hub.connections) == 2 and len(hub.connections[1]) == 2)
        assert numbers(hub.connections[1]) == [4, 5]


async def test_an_absent_hub_loses_nothing_and_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    async with scripted_hub() as hub:
        await hub.stop()
        with caplog.at_level(logging.WARNING, "sotto.uplink"):
            async with device(hub.credentials) as wearable:
                sent = [mic(n) for n in range(1, 31)]
                await wearable.put(*sent)
                await asyncio.sleep(1.2)
                await hub.start()
                await drained(wearable.outbox)
        assert hub.frames == sent
        told = [record.getMessage() for record in caplog.records]
        assert len(told) == 2
        assert "is away (it cannot be reached)" in told[0]
        assert "is back" in told[1]


async def test_a_hub_that_greets_and_breaks_is_not_back(caplog: pytest.LogCaptureFixture) -> None:
    """A hub with a full disk welcomes every time and commits nothing: that is one absence, not many."""
    with caplog.at_level(logging.WARNING, "sotto.uplink"):
        async with scripted_hub() as hub, device(hub.credentials) as wearable:
            hub.acks = nothing
            await wearable.put(mic(1))
            for seen in (1, 2, 3):
                await hub.until(lambda seen=seen: len(hub.connections) == seen and bool(hub.connections[-1]))  # type: ignore[misc]  # a default binds it
                hub.drop()
            hub.acks = lambda _: True
            await drained(wearable.outbox)
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2
    assert "is away" in told[0]
    assert "is back" in told[1]


async def test_many_breaks_still_give_every_frame_once() -> None:
    async with scripted_hub() as hub, device(hub.credentials) as wearable:
        hub.acks = lambda one: one.sequence % 3 == 0
        for round_ in range(3):
            await wearable.put(*(mic(n) for n in range(10 * round_ + 1, 10 * round_ + 11)))
            await hub.until(lambda done=10 * round_ + 10: len(hub.frames) == done)  # type: ignore[misc]  # a default binds it
            hub.drop()
            await hub.until(lambda seen=round_ + 2: len(hub.connections) == seen)  # type: ignore[misc]  # a default binds it
        hub.acks = lambda _: True
        await wearable.put(mic(31))
        await drained(wearable.outbox)
        assert numbers(hub.frames) == list(range(1, 32))


async def test_live_control_overtakes_what_waits() -> None:
    async with scripted_hub() as hub:
        await hub.stop()
        async with device(hub.credentials, 0) as wearable:
            await wearable.put(*(mic(n) for n in range(1, 6)))
            await wearable.put(frame("control", 1, 600, 0, MuteState(muted=True)))
            await hub.start()
            await drained(wearable.outbox)
        assert [f.stream for f in hub.frames] == ["control"] + ["mic"] * 5


async def test_the_hubs_clock_is_measured_for_a_live_device() -> None:
    async with scripted_hub() as hub:
        hub.clock_ahead_ns = 5 * SECOND
        async with device(hub.credentials, 100 * SECOND):
            await hub.until(lambda: bool(hub.hellos))
        assert hub.hellos[0].clock_offset_ns == 5 * SECOND
        assert hub.hellos[0].clock_error_ns == 0


async def test_the_hubs_clock_is_asked_again_while_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uplink_module, "SYNC_S", 0.01)
    async with scripted_hub() as hub, device(hub.credentials, 100 * SECOND) as wearable:
        await asyncio.wait_for(wearable.uplink.welcomed.wait(), PATIENCE_S)
        hub.clock_ahead_ns = 200 * MS
        async with asyncio.timeout(PATIENCE_S):
            while hub.echoes < 4 * uplink_module.ECHOES:
                await asyncio.sleep(0.01)
        assert [hello.clock_offset_ns for hello in hub.hellos] == [0]
        hub.command(pb.Command(mute=pb.MuteState(muted=True, until_wall_ns=200 * SECOND)))
        await wearable.put(mic(1))
        await drained(wearable.outbox)
        assert wearable.obeyed == [MuteState(muted=True, until_wall_ns=200 * SECOND - 200 * MS)]


async def test_a_hub_whose_clock_has_left_what_it_was_told_is_told_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uplink_module, "SYNC_S", 0.01)
    async with scripted_hub() as hub, device(hub.credentials, 100 * SECOND) as wearable:
        await asyncio.wait_for(wearable.uplink.welcomed.wait(), PATIENCE_S)
        await wearable.put(mic(1))
        await drained(wearable.outbox)
        hub.clock_ahead_ns = 9 * SECOND
        await hub.until(lambda: len(hub.hellos) == 2)
        await wearable.put(mic(2))
        await drained(wearable.outbox)
        assert [hello.clock_offset_ns for hello in hub.hellos] == [0, 9 * SECOND]
        assert hub.connections == [[mic(1)], [mic(2)]]


async def test_a_recorded_day_keeps_its_own_calendar() -> None:
    async with scripted_hub() as hub:
        hub.clock_ahead_ns = 5 * SECOND
        async with device(hub.credentials):
            await hub.until(lambda: bool(hub.hellos))
        assert hub.hellos[0].clock_offset_ns == 0


async def test_commands_are_obeyed_in_the_devices_own_time() -> None:
    async with scripted_hub() as hub:
        hub.clock_ahead_ns = 5 * SECOND
        async with device(hub.credentials, 100 * SECOND) as wearable:
            await asyncio.wait_for(wearable.uplink.welcomed.wait(), PATIENCE_S)
            hub.command(pb.Command(mute=pb.MuteState(muted=True, until_wall_ns=200 * SECOND)))
            hub.command(pb.Command(mute=pb.MuteState(muted=False)))
            hub.command(pb.Command(off_the_record=pb.OffTheRecord(last_ns=7)))
            hub.command(pb.Command())
            hub.acknowledge("mic", 0)
            await wearable.put(frame("mic", 1, 0, 1000, gap()))
            await drained(wearable.outbox)
            assert wearable.obeyed == [
                MuteState(muted=True, until_wall_ns=195 * SECOND),
                MuteState(muted=False),
                OffTheRecord(last_ns=7),
            ]


async def failure(credentials: Credentials, one: Frame) -> DeviceError:
    """How an uplink ends that has this frame to send."""
    outbox = recorded_outbox()
    await outbox.put([one])
    with pytest.raises(DeviceError) as caught:
        await asyncio.wait_for(made(credentials, outbox, []).run(), PATIENCE_S)
    return caught.value


@pytest.mark.parametrize("status", [grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED])
async def test_a_hub_that_does_not_accept_this_device(status: grpc.StatusCode) -> None:
    async with scripted_hub() as hub:
        hub.refusal = (status, "this peer is not paired")
        error = await failure(hub.credentials, mic(1))
        assert (type(error), error.exit_status) == (NotPaired, 5)
        assert "this peer is not paired" in error.sentence


async def test_another_hub_at_the_same_address_is_told_nothing_and_the_device_waits(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """On a foreign network the same address may belong to somebody else."""
    async with scripted_hub() as hub:
        stranger = ScriptedAuthority.made().device(hub.credentials.address)
        with caplog.at_level(logging.WARNING, "sotto.uplink"):
            async with device(stranger) as wearable:
                await wearable.put(mic(1))
                async with asyncio.timeout(PATIENCE_S):
                    while not caplog.records:
                        await asyncio.sleep(0.01)
                assert wearable.outbox.spool.waiting_frames == 1
        assert "something else answers there" in caplog.records[0].getMessage()
        assert not hub.hellos


async def test_a_hub_that_refuses_what_is_sent() -> None:
    async with scripted_hub() as hub:
        hub.refusal = (grpc.StatusCode.INVALID_ARGUMENT, "this hub speaks protocol 2")
        error = await failure(hub.credentials, mic(1))
        assert (type(error), error.exit_status) == (LinkRefused, 7)
        assert "protocol 2" in error.sentence


async def test_a_frame_that_the_hub_finds_malformed_ends_in_its_reason() -> None:
    async with scripted_hub() as hub:
        error = await failure(hub.credentials, replace(mic(1), duration_ns=5))
        assert isinstance(error, LinkRefused)
        assert "not 20 ms a packet" in error.sentence


async def test_a_hub_that_lost_its_store_is_told_what_it_had() -> None:
    """Restored from a backup: what is nowhere any more is a loss with its reason, and everything goes on."""
    async with scripted_hub() as hub, device(hub.credentials) as wearable:
        await wearable.put(mic(1), mic(2))
        await drained(wearable.outbox)
        hub.forget_everything()
        hub.drop()
        await wearable.put(mic(3))
        await hub.until(lambda: len(hub.connections) == 2 and len(hub.connections[1]) == 2)
        bridge, third = hub.connections[1]
        assert (bridge.since_sequence, bridge.sequence, bridge.duration_ns) == (1, 2, 200 * MS)
        assert third == mic(3)
        assert hub.lost("mic") == {HUB_RESTORED: 200 * MS}
        await drained(wearable.outbox)


async def test_closing_ends_the_link_once_all_is_said() -> None:
    async with scripted_hub() as hub:
        outbox = recorded_outbox()
        await outbox.put([mic(1)])
        outbox.close()
        await asyncio.wait_for(made(hub.credentials, outbox, []).run(), PATIENCE_S)
        assert numbers(hub.frames) == [1]


async def test_a_cancelled_uplink_ends_wherever_it_is() -> None:
    """`asyncio.wait_for` of Python 3.11 may swallow a cancellation at the instant of the Welcome."""
    async with scripted_hub() as hub:
        for _ in range(5):
            hub.hellos.clear()
            async with device(hub.credentials), asyncio.timeout(PATIENCE_S):
                await hub.until(lambda: bool(hub.hellos))


async def test_a_recorded_day_waits_while_the_spool_is_full() -> None:
    outbox = recorded_outbox(2000)
    putting = asyncio.create_task(outbox.put([mic(n) for n in range(1, 10)]))
    await asyncio.sleep(0)
    assert not putting.done()
    for number in range(1, 10):
        one = await asyncio.wait_for(outbox.next(), PATIENCE_S)
        assert one is not None
        assert one.sequence == number
        outbox.ack("mic", Mark(sequence=number, captured_ns=100 * MS * number))
    await asyncio.wait_for(putting, PATIENCE_S)


def test_hubs_differ() -> None:
    assert ScriptedHub().credentials.authority != ScriptedHub().credentials.authority

"""A timed mute from the hub, by the real uplink of a device whose clock is wrong: it lasts as long as asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from sotto_device.echo import Echo
from sotto_device.outbox import Outbox
from sotto_device.spool import Spool
from sotto_device.uplink import Uplink
from sotto_proto.credentials import Credentials
from sotto_proto.records import Control, Hello, Modality, MuteState, StreamInfo
from sotto_proto.secure import secure_channel
from tests.hub.running_hub import NOON_NS, running_hub

SECOND = 1_000_000_000
FOR_NS = 600 * SECOND
WAIT_S = 10.0
CLOCKS = {"10 min behind": NOON_NS - 600 * SECOND, "10 min ahead": NOON_NS + 600 * SECOND, "1970": 5 * SECOND}


@asynccontextmanager
async def linked(credentials: Credentials, now_ns: int) -> AsyncIterator["asyncio.Queue[Control]"]:
    """What a device is ordered whose clock stands at `now_ns`."""

    def hello(echo: Echo | None) -> Hello:
        assert echo is not None
        return Hello(
            boot_id="boot-1",
            timezone="Europe/Stockholm",
            streams=(StreamInfo(stream="mic", modality=Modality.AUDIO, live=True),),
            software="test",
            mute=MuteState(muted=False),
            clock_offset_ns=echo.offset_ns,
        )

    obeyed: asyncio.Queue[Control] = asyncio.Queue()
    uplink = Uplink(
        address=credentials.address,
        connect=lambda: secure_channel(credentials),
        hello=hello,
        outbox=Outbox(Spool(bound_bytes=1 << 20, live=True), live=True),
        obey=obeyed.put_nowait,
        read_wall_ns=lambda: now_ns,
    )
    running = asyncio.create_task(uplink.run())
    try:
        async with asyncio.timeout(WAIT_S):
            await uplink.welcomed.wait()
        yield obeyed
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("now_ns", CLOCKS.values(), ids=CLOCKS)
async def test_ten_minutes_are_ten_minutes_by_the_devices_own_clock(tmp_path: Path, now_ns: int) -> None:
    """Asked for while the device is away, and again while it is there."""
    timed = MuteState(muted=True, until_wall_ns=now_ns + FOR_NS)
    async with running_hub(tmp_path / "home") as running:
        device = running.credentials()
        running.hub.fleet.reach_s = 0.02
        await running.hub.mute(True, FOR_NS)
        async with linked(device, now_ns) as obeyed, asyncio.timeout(WAIT_S):
            assert await obeyed.get() == timed
            await running.hub.mute(True, FOR_NS)
            assert await obeyed.get() == timed

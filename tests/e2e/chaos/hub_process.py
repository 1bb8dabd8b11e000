"""The real `sotto-hub`, whose wall clock the harness can move: `python -m …hub_process SHIFT WAY run …`.

SHIFT is a file with eight bytes: by how many seconds the clock is off now. WAY is `honest`, or how this double shall
go wrong: `hasty` acknowledges each frame when it arrives, before anything is committed.
"""

import asyncio
import os
import struct
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

from sotto_proto.v1 import link_pb2 as pb

SHIFT: Final = struct.Struct("<q")


def set_shift(path: Path, seconds: int) -> None:
    """Moves the clock of the hub that reads this file. Overwrites in place: a reader never sees half of it."""
    file = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        os.pwrite(file, SHIFT.pack(seconds), 0)
    finally:
        os.close(file)


def with_moved_clock(path: str) -> None:
    """From now on the wall clock of this process is as far off as the file says. Monotonic clocks are as they are."""
    file = os.open(path, os.O_RDONLY)
    true_ns, true_s = time.time_ns, time.time

    def seconds() -> int:
        (shift,) = SHIFT.unpack(os.pread(file, SHIFT.size, 0))
        return int(shift)

    time.time_ns = lambda: true_ns() + seconds() * 1_000_000_000
    time.time = lambda: true_s() + seconds()


class HastyContext:
    """Lets the double speak beside the servicer."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._turn = asyncio.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    async def write(self, message: pb.HubMessage) -> None:
        """One message at a time."""
        async with self._turn:
            await self._context.write(message)


async def hasty(messages: AsyncIterator[pb.DeviceMessage], context: HastyContext) -> AsyncIterator[pb.DeviceMessage]:
    """Acknowledges what has only just arrived."""
    async for message in messages:
        if message.HasField("frame"):
            f = message.frame
            ack = pb.Ack(stream=f.stream, sequence=f.sequence, captured_ns=f.captured_ns)
            await context.write(pb.HubMessage(ack=ack))
        yield message


def make_hasty() -> None:
    """From now on this hub acknowledges before it commits."""
    from sotto_hub.ingest.servicer import SensorLink

    honest = SensorLink.Stream

    async def stream(self: SensorLink, messages: Any, context: Any) -> None:
        patient = HastyContext(context)
        await honest(self, hasty(messages, patient), patient)  # type: ignore[arg-type]  # as good as gRPC's own

    SensorLink.Stream = stream  # type: ignore[method-assign, assignment]  # a double


def main() -> int:
    from sotto_hub.__main__ import main as hub

    shift, way, *words = sys.argv[1:]
    with_moved_clock(shift)
    if way == "hasty":
        make_hasty()
    return hub(words)


if __name__ == "__main__":
    sys.exit(main())

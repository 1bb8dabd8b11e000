"""One history: a day, a plan of faults, and what the witnesses say in the end."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sotto_proto.v1 import companion_pb2 as pb
from tests.e2e.chaos.disk import may_mount
from tests.e2e.chaos.faults import OF_THE_DISK, OF_THE_LINK, Fault, Kind, plan_of
from tests.e2e.chaos.household import EndedByItself, Household, Ways
from tests.e2e.chaos.spoken_day import SpokenDay
from tests.e2e.chaos.verdict import HONEST, Evidence, Row, Verdict, judge
from tests.e2e.chaos.witness import lines

LONGEST_S: Final = 600.0
DEVICE_LOSSES: Final = {Kind.DEVICE_KILLED: {"killed"}, Kind.DEVICE_FULL: {"spool_full", "buffer_full"}}
"""Which losses a fault may cause. Nothing that befalls the network or the hub may lose anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A history that was lived: what happened, what was found, how long it took."""

    seed: int
    planned: int
    made: Counter[Kind]
    verdict: Verdict
    trouble: str
    """How a daemon ended by itself, or that the day did not come to its end."""

    seconds: float

    @property
    def faults(self) -> int:
        """How many there were."""
        return sum(self.made.values())

    @property
    def complaint(self) -> str:
        """What is wrong with it, with the seed to live it again; empty when nothing is."""
        found = [*self.verdict.sentences[:12], *filter(None, [self.trouble])]
        if not found:
            return ""
        again = f"python -m tests.bench.custody --only {self.seed} --faults {self.planned}"
        return "\n  ".join([f"seed {self.seed}, {self.faults} faults ({again}):", *found])


@dataclass(slots=True, kw_only=True)
class History:
    """Lives one history in a folder of its own."""

    seed: int
    count: int
    folder: Path
    day: SpokenDay
    ways: Ways = field(default_factory=Ways)
    without: frozenset[Kind] = frozenset()
    trace: Callable[[str], None] = lambda _: None
    _made: Counter[Kind] = field(default_factory=Counter)
    _lasting: set[asyncio.Task[None]] = field(default_factory=set)

    async def live(self) -> Told:
        """Lives it, and judges it."""
        loop = asyncio.get_running_loop()
        began, disks = loop.time(), may_mount()
        house = Household(folder=self.folder, day=self.day, disks=disks, ways=self.ways)
        async with asyncio.timeout(LONGEST_S), house:
            trouble = await self._days(house, self.without if disks else self.without | OF_THE_DISK)
            verdict = judge(await self._evidence(house, ended=not trouble))
        seconds = loop.time() - began
        return Told(
            seed=self.seed,
            planned=self.count,
            made=self._made,
            verdict=verdict,
            trouble=trouble,
            seconds=seconds,
        )

    async def _days(self, house: Household, without: frozenset[Kind]) -> str:
        """The day with its faults, and then without; what went wrong with the daemons."""
        try:
            await house.start_device()
            for fault in plan_of(self.seed, self.count, without=without):
                if house.is_done:
                    break
                await self._suffer(house, fault)
                house.require_sane()
            return await self._quiet_end(house)
        except EndedByItself as ended:
            return str(ended)
        finally:
            await self._settled()
            house.move_clock(0)

    async def _suffer(self, house: Household, fault: Fault) -> None:
        """Waits for the byte, makes the fault while the next byte is held back, lets go."""
        wire = await house.proxy.trip(fault.after_bytes, fault.patience_s)
        counts = fault.kind not in OF_THE_LINK or house.proxy.is_open
        self.trace(f"{fault.kind.value} at byte {house.proxy.up_bytes}{'' if counts else ': nothing to hit'}")
        try:
            await self._make(house, fault)
        finally:
            house.proxy.go_on(wire)
        self._made[fault.kind] += counts

    async def _make(self, house: Household, fault: Fault) -> None:
        match fault.kind:
            case Kind.RESET:
                house.proxy.reset()
            case Kind.CLOSED:
                house.proxy.close()
            case Kind.HALVED:
                house.proxy.halve()
            case Kind.DARK:
                house.proxy.dark()
            case Kind.HUB_CLOCK:
                house.move_clock(fault.amount)
            case Kind.HUB_KILLED:
                await self._settled()
                await house.restart_hub()
            case Kind.DEVICE_KILLED:
                await self._settled()
                await house.restart_device()
            case _:
                await self._lasts(_lasting(house, fault))

    async def _lasts(self, work: Awaitable[None]) -> None:
        """Lets a fault go on beside those that follow; returns when it has begun."""
        task = asyncio.ensure_future(work)
        self._lasting.add(task)
        task.add_done_callback(self._lasting.discard)
        await asyncio.sleep(0)

    async def _settled(self) -> None:
        """Returns when no fault goes on any more: a full disk or a stopped process first becomes well again."""
        while self._lasting:
            await asyncio.gather(*self._lasting)

    async def _quiet_end(self, house: Household) -> str:
        """No more faults: everything recovers by itself, and the device comes to the end of its day."""
        await self._settled()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience_s):
                assert house.device is not None
                await house.device.wait()
        house.require_sane()
        return "" if house.is_done else f"the device did not come to its end: {house.last_words('device')}"

    @property
    def _patience_s(self) -> float:
        return 60.0 + self.day.captured_ns / 4e9

    async def _evidence(self, house: Household, *, ended: bool) -> Evidence:
        """What the witnesses say, of a hub that was killed once more: what it holds, it holds on disk."""
        await house.restart_hub()
        async with house.companion() as hub:
            ledger = [row_of(row) for row in await hub.ledger()]
            transcript = [utterance.text for utterance in await hub.transcript()]
        causes = (DEVICE_LOSSES.get(kind, set()) for kind in self._made)
        return Evidence(
            log=list(lines(house.log)),
            ledger=ledger,
            transcript=transcript,
            words=self.day.words,
            allowed=HONEST.union(*causes),
            captured_ns=self.day.captured_ns if ended else 0,
            taken_back=self.day.taken_back,
        )


def row_of(row: pb.LedgerRow) -> Row:
    """A line of the ledger, as the verdict reads it."""
    return Row(
        boot=row.boot_id,
        stream=row.stream,
        captured_ns=row.captured_ns,
        committed_ns=row.committed_ns,
        silent_ns=row.silent_ns,
        muted_ns=row.muted_ns,
        waiting_ns=row.waiting_ns,
        lost_ns=dict(row.lost_ns),
    )


async def _lasting(house: Household, fault: Fault) -> None:
    """Faults that take a while."""
    match fault.kind:
        case Kind.HELD:
            await house.proxy.hold(fault.seconds)
        case Kind.SLOW:
            await house.proxy.slow(fault.seconds, fault.amount)
        case Kind.CROSSED:
            await house.proxy.cross(fault.seconds)
        case Kind.HUB_STOPPED:
            await house.stopped(house.hub, fault.seconds)
        case Kind.DEVICE_STOPPED:
            await house.stopped(house.device, fault.seconds)
        case Kind.HUB_FULL:
            await house.full(house.hub_disk, fault.seconds)
        case Kind.DEVICE_FULL:
            await house.full(house.device_disk, fault.seconds)
        case other:
            raise AssertionError(other)

"""The slow pulse of the hub: it sweeps again and again, and ends when it is told."""

import asyncio

from sotto_hub.sweeper import Sweeper


async def test_it_sweeps_until_it_is_closed() -> None:
    swept: list[int] = []
    thrice = asyncio.Event()

    def sweep() -> None:
        swept.append(1)
        if len(swept) == 3:
            thrice.set()

    sweeper = Sweeper(sweep, every_s=0.001)
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(sweeper.keep())
        await thrice.wait()
        sweeper.close()

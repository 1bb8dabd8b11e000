"""The one thread that decodes, for the whole hub: recognisers are neither safe nor faster in parallel.

The only door through which blocking recognisers leave the event loop. Its queue is bounded by its callers: an ear has
at most one look ahead, one partial and one final under way, and waits for its final before it takes more sound.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Worker:
    """One decode thread; work runs in the order in which it was given."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sotto-decode")
        self._under_way = 0

    @property
    def busy(self) -> bool:
        """Whether anything is being decoded, or waits for it."""
        return self._under_way > 0

    def submit(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        """Queues work and returns at once. Cancelling the future drops work that has not begun."""
        future = asyncio.get_running_loop().run_in_executor(self._thread, work)
        self._under_way += 1
        future.add_done_callback(self._over)
        return future

    async def run(self, work: Callable[[], T]) -> T:
        """Queues work and waits for its result."""
        return await self.submit(work)

    def close(self) -> None:
        """Drops what has not begun and waits for what has."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _over(self, done: "asyncio.Future[T]") -> None:
        """Marks a failure as seen: whoever waits gets it, and work that nobody waits for any more fails quietly."""
        self._under_way -= 1
        if not done.cancelled():
            done.exception()

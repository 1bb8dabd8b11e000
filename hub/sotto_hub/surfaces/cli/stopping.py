"""Work that owns processes and folders: stopped by Ctrl-C, by SIGTERM or by a terminal that closes, it tidies up."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run_stoppable(work: Coroutine[Any, Any, T]) -> T:
    """Runs `work` to its end. Raises `KeyboardInterrupt`, after it has put everything away, when it is stopped."""
    try:
        return asyncio.run(_until_stopped(work))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _until_stopped(work: Coroutine[Any, Any, T]) -> T:
    task = asyncio.ensure_future(work)
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    return await task

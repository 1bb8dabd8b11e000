"""The door through which embedders leave the event loop: one thread a call, which nobody has to wait for.

A pool's threads are waited for when the process ends; a model server that never answers must not hold a hub that was
told to stop. Callers bound how many calls are under way.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

T = TypeVar("T")


def aside(work: Callable[[], T]) -> "asyncio.Future[T]":
    """Begins the work on a thread of its own. The future may be given up at any time; the result is then dropped."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()
    threading.Thread(target=_do, args=(loop, future, work), name="sotto-embed", daemon=True).start()
    return future


def _do(loop: asyncio.AbstractEventLoop, future: "asyncio.Future[T]", work: Callable[[], T]) -> None:
    try:
        settle = partial(_give, future, work())
    except Exception as problem:  # noqa: BLE001  (handed to whoever waits)
        settle = partial(_fail, future, problem)
    with suppress(RuntimeError):  # the loop has ended: nobody waits any more
        loop.call_soon_threadsafe(settle)


def _give(future: "asyncio.Future[T]", result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[T]", problem: Exception) -> None:
    if not future.done():
        future.set_exception(problem)

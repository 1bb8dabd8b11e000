"""Has memories embedded when there is time for it, and questions at once: what the hub holds of its embedder.

Upstream: the memory, which keeps words first and knows which of them have no vector yet. Texts are embedded on a
thread aside, vectors are kept on the event loop's thread. A server that fails is asked again later, less and less
often; meanwhile words alone find everything. While anything is being decoded, memories wait.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from sotto_hub.embedding.aside import aside
from sotto_hub.embedding.ladder import recall_rung
from sotto_memory import Embedder, Memory, MemoryEmbedderError, SottoMemoryError, embed, embed_each

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sotto_hub.records import Rung

LOG: Final = logging.getLogger("sotto.embedding")
Vectors = dict[str, "NDArray[np.float32]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often and how long. `pulse_s`: between looks for new memories; `yield_s`: how long hearing goes first."""

    batch: int = 16
    pulse_s: float = 5.0
    yield_s: float = 30.0
    look_s: float = 0.5
    question_s: float = 1.0
    first_wait_s: float = 5.0
    longest_wait_s: float = 600.0
    questions: int = 4


class Embeddings:
    """One for the hub, on the event loop's thread. `busy`: whether something more urgent needs the machine."""

    def __init__(
        self, memory: Memory, embedder: Embedder, busy: Callable[[], bool] = lambda: False, pace: Pace | None = None
    ) -> None:
        self._memory, self._embedder, self._busy = memory, embedder, busy
        self._pace = pace or Pace()
        self._stop = asyncio.Event()
        self._under_way: asyncio.Future[Vectors] | None = None
        self._questions = 0
        self._trouble: MemoryEmbedderError | None = None
        self._wait_s = 0.0
        self._again_at_s = 0.0
        self._done = True

    async def keep(self) -> None:
        """Embeds what has no vector yet, until `close`."""
        while not self._stop.is_set():
            await self._pause(await self.step())

    def close(self) -> None:
        """Ends `keep` at once; a server that is still at work works for nobody."""
        self._stop.set()
        if self._under_way and not self._under_way.done():
            self._under_way.set_exception(MemoryEmbedderError("embedder_stopped", "The hub stops."))

    async def step(self) -> float:
        """Embeds one batch, if there is one. Returns after how many seconds to look again."""
        try:
            pending = self._memory.unembedded(self._embedder.name, self._pace.batch)
            self._done = not pending
            if not pending or not await self._quiet():
                return self._pace.pulse_s
            self._under_way = aside(partial(embed_each, self._embedder, dict(pending)))
            self._memory.keep_vectors(self._embedder.name, await self._under_way)
        except MemoryEmbedderError as problem:
            return self._failed(problem)
        except SottoMemoryError as problem:
            LOG.warning("vectors wait: %s", problem.code)
            return self._pace.longest_wait_s
        self._well()
        return 0.0

    async def question(self, text: str) -> "NDArray[np.float32] | None":
        """The vector of a question; None when it is not there soon, or the server failed just now: words must do."""
        now_s = asyncio.get_running_loop().time()
        if not text.strip() or now_s < self._again_at_s or self._questions >= self._pace.questions:
            return None
        self._questions += 1
        asked = aside(partial(embed, self._embedder, [text]))
        asked.add_done_callback(self._asked)
        try:
            async with asyncio.timeout(self._pace.question_s):
                vector: NDArray[np.float32] = (await asyncio.shield(asked))[0]
        except TimeoutError:
            return None
        except MemoryEmbedderError as problem:
            self._failed(problem)
            return None
        self._well()
        return vector

    def rung(self) -> "Rung":
        """How well memories are found here and now."""
        return recall_rung(self._embedder.name, self._trouble, done=self._done)

    def _asked(self, asked: "asyncio.Future[NDArray[np.float32]]") -> None:
        self._questions -= 1
        if not asked.cancelled():
            asked.exception()  # seen, though nobody waits any more

    async def _quiet(self) -> bool:
        """Waits until nothing more urgent runs, but not for ever. False when the hub stops."""
        for _ in range(int(self._pace.yield_s / self._pace.look_s)):
            if self._stop.is_set() or not self._busy():
                break
            await self._pause(self._pace.look_s)
        return not self._stop.is_set()

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop.wait()

    def _well(self) -> None:
        self._trouble, self._wait_s, self._again_at_s = None, 0.0, 0.0

    def _failed(self, problem: MemoryEmbedderError) -> float:
        """Notes a failure. Returns after how many seconds to try again: twice as many each time."""
        if self._trouble is None or self._trouble.code != problem.code:
            LOG.warning("the embedder fails, words alone find memories for now: %s", problem.code)
        self._trouble = problem
        self._wait_s = min(max(2 * self._wait_s, self._pace.first_wait_s), self._pace.longest_wait_s)
        self._again_at_s = asyncio.get_running_loop().time() + self._wait_s
        return self._wait_s

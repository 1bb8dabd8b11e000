"""The vector of a question, if the embedder has it soon; no search ever waits for long.

Stands before a search by meaning. The embedder is asked on a thread of its own. One that is slow or dead costs a
search `patience_s` at most; while it still works on an older question it is not asked again, and words alone decide.
"""

import threading
from typing import TYPE_CHECKING, Final

from sotto_memory.errors import SottoMemoryError
from sotto_memory.recall.embedding import Embedder, embed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PATIENCE_S: Final = 0.25
QUERY_CHARS: Final = 2_000
"""What of a question is embedded."""


class Asking:
    """Asks an embedder for one question at a time; with `patience_s` 0 never.

    `trouble`: why the last question has no vector, in one sentence; empty when it has.
    """

    def __init__(self, embedder: Embedder | None, patience_s: float = PATIENCE_S) -> None:
        self._embedder = embedder if patience_s > 0 else None
        self._patience_s = patience_s
        self._thread: threading.Thread | None = None
        self._answer: tuple[str, NDArray[np.float32]] | None = None
        self.trouble = ""

    def vector(self, query: str) -> "NDArray[np.float32] | None":
        """The question's vector, of length 1; None when it is not there in time, or there is nobody to ask."""
        asked = query.strip()[:QUERY_CHARS]
        if self._embedder is None or not asked:
            return None
        if self._known(asked) is None and not self._busy():
            self._start(self._embedder, asked)
        return self._known(asked)

    def _busy(self) -> bool:
        busy = self._thread is not None and self._thread.is_alive()
        if busy:
            self.trouble = "The embedder still works on an earlier question."
        return busy

    def _start(self, embedder: Embedder, asked: str) -> None:
        self.trouble = f"The embedder took longer than {self._patience_s:g} seconds."
        self._thread = threading.Thread(target=self._ask, args=(embedder, asked), name="sotto-ask", daemon=True)
        self._thread.start()
        self._thread.join(self._patience_s)

    def _ask(self, embedder: Embedder, asked: str) -> None:
        try:
            self._answer = asked, embed(embedder, [asked])[0]
        except SottoMemoryError as problem:
            self.trouble = problem.sentence
        else:
            self.trouble = ""

    def _known(self, asked: str) -> "NDArray[np.float32] | None":
        answer = self._answer  # its thread may set it at any time
        return answer[1] if answer is not None and answer[0] == asked else None

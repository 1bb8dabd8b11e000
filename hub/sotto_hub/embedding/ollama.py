"""Ollama as an embedder: its /api/embed, through its own package. Blocking; called off the event loop.

Documented at https://docs.ollama.com/api/embed: a list of texts goes in, `embeddings` come out in the same order;
`truncate` cuts what is longer than the model reads.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sotto_hub.embedding.bounded import Bounds, private
from sotto_hub.embedding.choice import Choice
from sotto_hub.embedding.clipping import clipped
from sotto_hub.embedding.failures import of_problem, of_status

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class OllamaEmbedder:
    """A model that Ollama serves."""

    def __init__(self, choice: Choice, bounds: Bounds | None = None) -> None:
        from ollama import Client  # heavy: only when this embedder was chosen

        self._choice = choice
        self._client = Client(host=f"http://{choice.where}", **private(bounds or Bounds()))

    @property
    def name(self) -> str:
        """What the vectors are kept under."""
        return self._choice.name

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """One vector a text, of any scale. Raises MemoryEmbedderError."""
        import numpy as np
        from ollama import ResponseError

        asked = [clipped(text) for text in texts]
        try:
            said = self._client.embed(model=self._choice.model, input=asked, truncate=True)
            return np.array(said.embeddings, dtype=np.float32)
        except ResponseError as problem:
            raise of_status(self._choice, problem.status_code) from problem
        except Exception as problem:
            raise of_problem(self._choice, problem) from problem

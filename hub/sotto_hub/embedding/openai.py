"""Any server that speaks OpenAI's /v1/embeddings as an embedder. Blocking; called off the event loop.

Documented at https://platform.openai.com/docs/api-reference/embeddings/create: `data` holds one object a text, with
its `index` and its `embedding`. No key is sent: what asks for one is not the keeper's own machine.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sotto_hub.embedding.bounded import Bounds, private
from sotto_hub.embedding.choice import Choice
from sotto_hub.embedding.clipping import clipped
from sotto_hub.embedding.failures import of_problem, of_status

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class OpenAIEmbedder:
    """A model that a local server serves."""

    def __init__(self, choice: Choice, bounds: Bounds | None = None) -> None:
        import httpx  # heavy: only when this embedder was chosen

        self._choice = choice
        self._client = httpx.Client(base_url=f"http://{choice.where}", **private(bounds or Bounds()))

    @property
    def name(self) -> str:
        """What the vectors are kept under."""
        return self._choice.name

    def embed(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """One vector a text, of any scale. Raises MemoryEmbedderError."""
        asked = {
            "model": self._choice.model,
            "input": [clipped(text) for text in texts],
            "encoding_format": "float",
        }
        try:
            reply = self._client.post("/v1/embeddings", json=asked)
        except Exception as problem:
            raise of_problem(self._choice, problem) from problem
        if reply.status_code != 200:
            raise of_status(self._choice, reply.status_code)
        try:
            return in_order(reply.json(), len(texts))
        except Exception as problem:
            raise of_problem(self._choice, problem) from problem


def in_order(reply: Any, texts: int) -> "NDArray[np.float32]":
    """The vectors of an answer in the order of the texts (pure). Raises ValueError, KeyError or TypeError."""
    import numpy as np

    vectors = {entry["index"]: entry["embedding"] for entry in reply["data"]}
    if sorted(vectors) != list(range(texts)) or len(reply["data"]) != texts:
        raise ValueError("the answer does not hold each text once")
    return np.array([vectors[index] for index in range(texts)], dtype=np.float32)

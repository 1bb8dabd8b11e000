"""The ladder of recall (pure): by words and meaning, or by words alone, and what climbs.

vectors of a local embedder  ›  words (FTS5, always there)
"""

from typing import Final

from sotto_hub.embedding.choice import OLLAMA
from sotto_hub.records import Rung
from sotto_memory import MemoryEmbedderError

ABILITY: Final = "recall"
WORDS: Final = "words (FTS5)"
SUGGESTED: Final = "nomic-embed-text"
BY_WORDS: Final = Rung(
    ability=ABILITY,
    rung=WORDS,
    better=f'vectors of a local embedder: embedder = "{OLLAMA}:{SUGGESTED}" in sotto.toml',
    climb=f"ollama pull {SUGGESTED}",
)
"""The rung of a hub without an embedder."""


def recall_rung(name: str, trouble: MemoryEmbedderError | None, *, done: bool) -> Rung:
    """The rung of a hub with this embedder. `done`: every memory has a vector."""
    if trouble is None:
        return Rung(ability=ABILITY, rung=f"words and vectors ({name})" + ("" if done else ", some still to come"))
    kind, _, model = name.partition(":")
    climbs = {"embedder_model": f"ollama pull {model}", "embedder_away": "ollama serve"} if kind == OLLAMA else {}
    return Rung(
        ability=ABILITY,
        rung=WORDS,
        better=f"vectors ({name}): {trouble.sentence.rstrip('.')}",
        climb=climbs.get(trouble.code, ""),
    )

"""Makes the adapter that the keeper chose; nothing is called yet."""

from sotto_hub.embedding.choice import OLLAMA, Choice
from sotto_hub.errors import ModelMissing
from sotto_memory import Embedder


def load_embedder(choice: Choice) -> Embedder:
    """The adapter. Raises `ModelMissing` when its package is not installed."""
    try:
        if choice.kind == OLLAMA:
            from sotto_hub.embedding.ollama import OllamaEmbedder  # only what was chosen

            return OllamaEmbedder(choice)
        from sotto_hub.embedding.openai import OpenAIEmbedder

        return OpenAIEmbedder(choice)
    except ImportError as error:
        raise ModelMissing("no_embedder", f"{error.name} is not installed: pip install 'sotto[hub]'") from error

"""Which embedder the keeper chose (pure): the setting `embedder`, read and checked.

    ollama:MODEL                 Ollama on this machine
    ollama:MODEL@HOST:PORT       Ollama there
    openai:MODEL@HOST:PORT       a server that speaks OpenAI's /v1/embeddings: llama.cpp, vLLM, LM Studio, …

Upstream: the settings. Downstream: `load`. HOST is this machine, or a private address that `allow` names too (P1).
"""

from dataclasses import dataclass
from typing import Final

from sotto_hub.egress.policy import Policy, spoken
from sotto_hub.errors import UsageError

OLLAMA: Final = "ollama"
OPENAI: Final = "openai"
_DEFAULT_PORTS: Final = {OLLAMA: 11434}
_NAME_CHARS: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An embedding model and where it is served."""

    kind: str
    model: str
    host: str
    port: int

    @property
    def name(self) -> str:
        """What its vectors are kept under: the same model elsewhere makes the same ones."""
        return f"{self.kind}:{self.model}"

    @property
    def where(self) -> str:
        """HOST:PORT, an IPv6 host in brackets."""
        return spoken(self.host, self.port)


def read_choice(setting: str, policy: Policy) -> Choice | None:
    """The choice that the setting describes, None for an empty one. Raises `UsageError` with code `embedder`."""
    if not setting.strip():
        return None
    kind, _, rest = setting.strip().partition(":")
    model, at, where = rest.rpartition("@")
    if not at:
        model, where = rest, f"127.0.0.1:{_DEFAULT_PORTS.get(kind, '')}"
    host, _, port = where.rpartition(":")
    if kind not in (OLLAMA, OPENAI) or not model or len(model) > _NAME_CHARS or not model.isprintable():
        raise _unreadable(setting)
    if not host or not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65536:
        raise _unreadable(setting)
    choice = Choice(kind=kind, model=model, host=host.strip("[]"), port=int(port))
    if not policy.permits(choice.host, choice.port):
        sentence = f"the hub may not call {choice.where}: name it in 'allow' too, if it is a server of your own"
        raise UsageError("embedder", sentence)
    return choice


def _unreadable(setting: str) -> UsageError:
    looks = "ollama:MODEL, ollama:MODEL@HOST:PORT or openai:MODEL@HOST:PORT"
    return UsageError("embedder", f"'{setting[:80]}' is no embedder: it looks like {looks}")

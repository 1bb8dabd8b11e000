"""The seam between the mind and a spoken language: five verbs, no state."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sotto_hub.language.records import Asked, Finding, Said, When


class Language(Protocol):
    """What the mind needs to understand about a language. Implementations are pure."""

    def read(self, said: Said, before: Sequence[Said]) -> tuple[Finding, ...]:
        """What the newest utterance says; `before` are earlier ones of the same conversation, oldest first."""

    def when(self, text: str, at: datetime) -> When | None:
        """The time that a text names, seen from the aware local time `at`."""

    def stems(self, text: str) -> tuple[str, ...]:
        """The content words of a text, lightly stemmed, in order, without words of time."""

    def asked(self, question: str) -> Asked:
        """What a question wants to know; `Asked.NOTHING` for words that are no question."""

    def query(self, question: str) -> str:
        """The words of a question that are worth searching for."""

"""What proactivity needs of the hub's store: a shelf for suggestions and small notes (protocols)."""

from collections.abc import Collection, Iterable
from typing import Protocol

from sotto_hub.records import Suggestion, Verdict


class Shelf(Protocol):
    """Keeps suggestions and how they were answered."""

    def add(self, suggestion: Suggestion) -> None:
        """Keeps a suggestion; the same id again replaces it."""

    def all(self, open_only: bool = False) -> list[Suggestion]:
        """All suggestions, or only those without an answer, oldest first."""

    def answer(self, suggestion_id: str, verdict: Verdict, at_ns: int, text: str = "") -> Suggestion:
        """Notes the wearer's answer. Raises `UsageError` when the suggestion is unknown."""

    def resting_on(self, evidence_ids: Collection[str]) -> list[Suggestion]:
        """Suggestions that rest on any of these utterances or memories."""

    def erase(self, suggestion_ids: Iterable[str]) -> None:
        """Erases for good."""


class Notebook(Protocol):
    """Small facts by name. Whoever writes one owns its form."""

    def get(self, name: str) -> str | None:
        """The note, if there is one."""

    def put(self, name: str, value: str) -> None:
        """Writes a note over an older one."""

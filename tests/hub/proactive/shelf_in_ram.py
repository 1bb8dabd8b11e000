"""A shelf and a notebook in RAM, with the same manners as the hub's store."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from sotto_hub.errors import UsageError
from sotto_hub.records import Suggestion, Verdict


class MemoryShelf:
    """Suggestions by id, oldest first."""

    def __init__(self) -> None:
        self.kept: dict[str, Suggestion] = {}

    def add(self, suggestion: Suggestion) -> None:
        self.kept[suggestion.id] = suggestion

    def all(self, open_only: bool = False) -> list[Suggestion]:
        found = [s for s in self.kept.values() if not open_only or s.verdict is Verdict.OFFERED]
        return sorted(found, key=lambda s: (s.at_ns, s.id))

    def answer(self, suggestion_id: str, verdict: Verdict, at_ns: int, text: str = "") -> Suggestion:
        if suggestion_id not in self.kept:
            raise UsageError("unknown_suggestion", "there is no such suggestion")
        found = self.kept[suggestion_id]
        self.kept[suggestion_id] = replace(found, verdict=verdict, answered_ns=at_ns, text=text or found.text)
        return self.kept[suggestion_id]

    def resting_on(self, evidence_ids: Collection[str]) -> list[Suggestion]:
        return [s for s in self.all() if set(evidence_ids) & set(s.evidence)]

    def erase(self, suggestion_ids: Iterable[str]) -> None:
        for suggestion_id in list(suggestion_ids):
            del self.kept[suggestion_id]


class MemoryNotebook:
    """Name to text."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, value: str) -> None:
        self.kept[name] = value

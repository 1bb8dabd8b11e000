"""The shelf of suggestions: what was offered, why, on what it rests, and how the wearer answered."""

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sotto_hub.errors import UsageError
from sotto_hub.records import Suggestion, Verdict
from sotto_hub.store.scrubbing import owe, try_scrub
from sotto_hub.store.writing import writing

if TYPE_CHECKING:
    from sqlite_utils import Database


class SuggestionShelf:
    """Suggestions by id, oldest first."""

    def __init__(self, db: "Database") -> None:
        self._db = db
        self._table = db.table("suggestions")

    def add(self, suggestion: Suggestion) -> None:
        """Keeps a suggestion; the same id again replaces it."""
        with writing(self._db):
            self._table.upsert(_row(suggestion), pk="id")

    def get(self, suggestion_id: str) -> Suggestion | None:
        """The suggestion, if it is known."""
        found = self._table.rows_where("id = ?", [suggestion_id])
        return next(map(_suggestion, found), None)

    def all(self, open_only: bool = False) -> list[Suggestion]:
        """All suggestions, or only those without an answer, oldest first."""
        where = "verdict = 'offered'" if open_only else None
        return [_suggestion(row) for row in self._table.rows_where(where, order_by="at_ns, id")]

    def answer(self, suggestion_id: str, verdict: Verdict, at_ns: int, text: str = "") -> Suggestion:
        """Notes the wearer's answer; `text` replaces the words of an edited one.

        Raises `UsageError` with code `unknown_suggestion`.
        """
        found = self.get(suggestion_id)
        if found is None:
            raise UsageError("unknown_suggestion", "there is no such suggestion")
        answered = replace(found, verdict=verdict, answered_ns=at_ns, text=text or found.text)
        self.add(answered)
        return answered

    def resting_on(self, evidence_ids: Collection[str]) -> list[Suggestion]:
        """Suggestions that rest on any of these utterances or memories."""
        wanted = set(evidence_ids)
        return [s for s in self.all() if wanted.intersection(s.evidence)]

    def erase(self, suggestion_ids: Iterable[str]) -> None:
        """Erases for good: no byte is left in the file, or the scrubbing that leaves none is owed (`scrubbing`)."""
        ids = list(suggestion_ids)
        if ids:
            with writing(self._db):
                self._db.conn.executemany("delete from suggestions where id = ?", [(i,) for i in ids])
                owe(self._db)
            try_scrub(self._db)

    def count(self) -> int:
        """How many there are."""
        return int(self._table.count)


def _row(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "id": suggestion.id,
        "at_ns": suggestion.at_ns,
        "kind": suggestion.kind,
        "text": suggestion.text,
        "reason": suggestion.reason,
        "evidence": json.dumps(suggestion.evidence),
        "verdict": suggestion.verdict.value,
        "answered_ns": suggestion.answered_ns,
    }


def _suggestion(row: dict[str, Any]) -> Suggestion:
    return Suggestion(**{**row, "evidence": tuple(json.loads(row["evidence"])), "verdict": Verdict(row["verdict"])})

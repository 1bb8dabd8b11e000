"""Whom the hub has spoken with, and how much, since counting began: sums by other end and direction."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from sotto_hub.records import Contact
from sotto_hub.store.writing import writing

if TYPE_CHECKING:
    from sqlite_utils import Database

ROWS: Final = 1024
OTHERS: Final = "others"
"""Whoever calls, or is called, under ever new names does not grow the table: the rest are one row."""

_ADD: Final = """
insert into traffic (who, outgoing, purpose, since_ns, last_ns, sent_bytes, received_bytes, calls, refused)
values (:who, :outgoing, :purpose, :since_ns, :last_ns, :sent_bytes, :received_bytes, :calls, :refused)
on conflict (who, outgoing) do update set purpose = excluded.purpose, last_ns = max(last_ns, excluded.last_ns),
sent_bytes = sent_bytes + excluded.sent_bytes, received_bytes = received_bytes + excluded.received_bytes,
calls = calls + excluded.calls, refused = refused + excluded.refused
"""


class Traffic:
    """The table of contacts. Whoever writes once a minute writes often enough."""

    def __init__(self, db: "Database") -> None:
        self._db = db

    def add(self, contacts: Iterable[Contact]) -> None:
        """Adds sums, all or none. Raises `HomeError` (`store_full`, `store_write`)."""
        with writing(self._db):
            known = {(row["who"], row["outgoing"]) for row in self._db.query("select who, outgoing from traffic")}
            for contact in contacts:
                row = asdict(contact)
                if (contact.who, contact.outgoing) not in known and len(known) >= ROWS:
                    row.update(who=OTHERS, purpose=OTHERS)
                known.add((row["who"], contact.outgoing))
                self._db.execute(_ADD, row)

    def all(self) -> list[Contact]:
        """Every contact: callers first, in order of their first word."""
        rows = self._db.query("select * from traffic order by outgoing, since_ns, who")
        return [Contact(**{**row, "outgoing": bool(row["outgoing"])}) for row in rows]

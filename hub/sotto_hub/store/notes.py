"""Small facts of the hub by name: the timezone, the last night slept, commands that wait for a device."""

from typing import TYPE_CHECKING

from sotto_hub.store.writing import writing

if TYPE_CHECKING:
    from sqlite_utils import Database


class Notes:
    """Name to text. Whoever writes one owns its form."""

    def __init__(self, db: "Database") -> None:
        self._db = db

    def get(self, name: str) -> str | None:
        """The note, if there is one."""
        row = self._db.execute("select value from notes where name = ?", [name]).fetchone()
        return row[0] if row else None

    def put(self, name: str, value: str) -> None:
        """Writes a note over an older one; nothing is written when it says the same."""
        if self.get(name) != value:
            with writing(self._db):
                self._db.table("notes").upsert({"name": name, "value": value}, pk="name")

    def drop(self, name: str) -> None:
        """Takes a note away."""
        with writing(self._db):
            self._db.table("notes").delete_where("name = ?", [name])

    def named(self, prefix: str) -> dict[str, str]:
        """All notes whose name starts with `prefix`."""
        rows = self._db.execute("select name, value from notes where substr(name, 1, ?) = ?", [len(prefix), prefix])
        return dict(rows.fetchall())

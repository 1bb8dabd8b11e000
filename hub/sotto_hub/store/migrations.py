"""The schema of the store, as named migrations: each is applied once, in order, in its own transaction."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from sotto_hub.errors import HomeError

if TYPE_CHECKING:
    from sqlite_utils import Database

_STREAM: Final = {"device_id": str, "boot_id": str, "stream": str}
_SET: Final = "sotto_hub"


def migrate(db: "Database") -> None:
    """Brings `db` to today's schema. Raises `HomeError` with code `store_newer`."""
    from sqlite_utils.migrations import Migrations

    migrations = Migrations(_SET)
    for step in STEPS:
        migrations(name=step.__name__.removeprefix("_"))(step)
    unknown = {m.name for m in migrations.applied(db)} - {s.__name__.removeprefix("_") for s in STEPS}
    if unknown:
        raise HomeError("store_newer", "the database was written by a newer Sotto: update this one")
    migrations.apply(db)


def _m001_heard(db: "Database") -> None:
    """What was heard, how far, and what became of every span."""
    words = {"start_ns": int, "end_ns": int, "text": str, "speaker": str, "confidence": float, "engine": str}
    utterances = db.table("utterances")
    utterances.create({"id": str, "device_id": str, **words, "unread": int}, pk="id")
    utterances.create_index(["start_ns"])
    db.table("marks").create({**_STREAM, "sequence": int}, pk=tuple(_STREAM))
    fates = {"captured_ns": int, "committed_ns": int, "silent_ns": int, "muted_ns": int, "heard_until_ns": int}
    db.table("ledger").create({**_STREAM, **fates}, pk=tuple(_STREAM))
    db.table("losses").create({**_STREAM, "reason": str, "lost_ns": int}, pk=(*_STREAM, "reason"))
    db.table("withheld").create({"from_ns": int, "to_ns": int})


def _m002_offered(db: "Database") -> None:
    """What was suggested, with what it rests on as a JSON list."""
    said = {"kind": str, "text": str, "reason": str, "evidence": str, "verdict": str, "answered_ns": int}
    db.table("suggestions").create({"id": str, "at_ns": int, **said}, pk="id")
    db.table("suggestions").create_index(["at_ns"])


def _m003_known(db: "Database") -> None:
    """The hub's small facts and its peers."""
    db.table("notes").create({"name": str, "value": str}, pk="name")
    peer = {"name": str, "role": str, "fingerprint": str, "paired_ns": int, "seen_ns": int}
    db.table("peers").create({"id": str, **peer}, pk="id")


def _m004_resting(db: "Database") -> None:
    """Which stream an utterance was heard on, and the committed time that stands and falls with it."""
    rests = {"utterance_id": str, **_STREAM, "heard_ns": int}
    db.table("resting").create(rests, pk=("utterance_id", *_STREAM))


def _m005_sensors(db: "Database") -> None:
    """Mute commands that wait for a device are kept by sensor; those from before are about all of them."""
    db.execute("update notes set value = '{\"\": ' || value || '}' where name like 'command.mute.%'")


def _m006_scoped(db: "Database") -> None:
    """What each client may do, and since when it holds which certificate. The keeper may do all, others not keep."""
    columns = {"scopes": str, "renewed_ns": int, "pending": str, "pending_ns": int}
    for name, kind in columns.items():
        db.table("peers").add_column(name, kind, not_null_default="" if kind is str else 0)
    db.execute("update peers set renewed_ns = paired_ns")
    db.execute("update peers set scopes = 'watch,ask,memory,control' where role = 'client'")
    db.execute("update peers set scopes = scopes || ',keep' where id = 'keeper' and role = 'client'")


def _m007_traffic(db: "Database") -> None:
    """Whom the hub has spoken with, and how much."""
    sums = {"since_ns": int, "last_ns": int, "sent_bytes": int, "received_bytes": int, "calls": int, "refused": int}
    db.table("traffic").create({"who": str, "outgoing": int, "purpose": str, **sums}, pk=("who", "outgoing"))


STEPS: Final[tuple[Callable[["Database"], None], ...]] = (
    _m001_heard,
    _m002_offered,
    _m003_known,
    _m004_resting,
    _m005_sensors,
    _m006_scoped,
    _m007_traffic,
)

"""Whom the hub has spoken with, and whom it refused to call, as a person reads it (pure): `sotto audit`."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from sotto_hub.surfaces.amounts import say_bytes
from sotto_hub.surfaces.lines import count
from sotto_hub.surfaces.peers import minute
from sotto_hub.surfaces.table import table
from sotto_proto.v1 import companion_pb2 as pb

_HEAD = ("with", "what for", "since", "in", "out", "calls")
_NUMBERS = (3, 4, 5)


def audit_lines(reply: pb.AuditReply, zone: tzinfo) -> Iterator[str]:
    """Who called, whom the hub called, and what it refused; each part only where there is something in it."""
    if reply.since_ns:
        yield f"counted since {minute(reply.since_ns, zone)}; in and out as the hub sees it"
    yield from _part("who spoke to the hub", [c for c in reply.contacts if not c.outgoing and _spoke(c)], zone)
    yield from _part("whom the hub called", [c for c in reply.contacts if c.outgoing and _spoke(c)], zone)
    yield from _refused([c for c in reply.contacts if c.refused], zone)
    yield conclusion(reply.contacts)


def conclusion(contacts: Sequence[pb.Contact]) -> str:
    """In one sentence: what left this machine at the hub's own doing, and what was stopped."""
    called = [c for c in contacts if c.outgoing and _spoke(c)]
    stopped = sum(c.refused for c in contacts if c.outgoing)
    refused = f"; {count(stopped, 'attempt')} to call somebody else {'was' if stopped == 1 else 'were'} refused"
    went = f"The hub called {count(len(called), 'address', 'addresses')} of its own accord" if called else _NOBODY
    return went + (refused if stopped else "") + "."


_NOBODY = "The hub called nobody of its own accord"


def contact_name(contact: pb.Contact) -> str:
    """A peer by its name, anything else by its address."""
    return contact.name or contact.who or "unknown"


def _spoke(contact: pb.Contact) -> bool:
    return bool(contact.calls or contact.sent_bytes or contact.received_bytes or not contact.refused)


def _part(heading: str, contacts: Sequence[pb.Contact], zone: tzinfo) -> Iterator[str]:
    if contacts:
        yield heading
        rows = [_HEAD, *(_row(contact, zone) for contact in contacts)]
        yield from (f"  {line}" for line in table(rows, _NUMBERS))


def _row(contact: pb.Contact, zone: tzinfo) -> tuple[str, ...]:
    since = minute(contact.since_ns, zone) if contact.since_ns else ""
    amounts = (say_bytes(contact.received_bytes), say_bytes(contact.sent_bytes))
    return (contact_name(contact), contact.purpose, since, *amounts, f"{contact.calls:,}")


def _refused(contacts: Sequence[pb.Contact], zone: tzinfo) -> Iterator[str]:
    if contacts:
        yield "refused"
        rows = [
            (contact_name(c), _attempt(c), count(c.refused, "time"), minute(c.last_ns, zone) if c.last_ns else "")
            for c in contacts
        ]
        yield from (f"  {line}" for line in table([("with", "what was tried", "how often", "last"), *rows]))


def _attempt(contact: pb.Contact) -> str:
    """What somebody tried: to be called from here, or to do what it may not."""
    if not contact.outgoing:
        return "it asked for what it may not do"
    return f"{contact.purpose or 'something here'} wanted to call it"

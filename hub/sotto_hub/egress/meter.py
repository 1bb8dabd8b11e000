"""What goes in and out, counted in RAM: bytes of messages (without TLS and framing) and calls, by the other end.

Upstream: the gate, the pairing port and the guard. Downstream: the auditor, which takes the sums and stores them.
Policy when more than `ENDS` ends wait to be stored: the rest are counted together, as `OTHERS`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from sotto_hub.records import Contact

ENDS: Final = 256
OTHERS: Final = "others"

Wire = Callable[[Any], Any] | None


class Meter:
    """Sums since they were last taken. `clock`: Unix ns."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._sums: dict[tuple[str, bool], Contact] = {}

    def count(self, more: Contact) -> None:
        """Adds to what is known of one other end. Times are set here."""
        key = (more.who, more.outgoing)
        if key not in self._sums and len(self._sums) >= ENDS:
            more, key = replace(more, who=OTHERS, purpose=OTHERS), (OTHERS, more.outgoing)
        now_ns = self._clock()
        known = self._sums.get(key)
        if known is None:
            self._sums[key] = replace(more, since_ns=now_ns, last_ns=now_ns)
            return
        self._sums[key] = replace(
            known,
            purpose=more.purpose,
            last_ns=now_ns,
            sent_bytes=known.sent_bytes + more.sent_bytes,
            received_bytes=known.received_bytes + more.received_bytes,
            calls=known.calls + more.calls,
            refused=known.refused + more.refused,
        )

    def call(self) -> "CallMeter":
        """A meter for one call of the link, whose peer is not known yet."""
        return CallMeter(self)

    def taken(self) -> list[Contact]:
        """All sums, which begin anew."""
        sums, self._sums = self._sums, {}
        return list(sums.values())


class CallMeter:
    """One call: what it carries before anybody knows whose it is, is put down to whoever it turns out to be."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._who: tuple[str, str] | None = None
        self._sent = 0
        self._received = 0

    def reading(self, read: Wire) -> Callable[[Any], Any]:
        """The same deserialiser, counting; without one, bytes stay bytes."""

        def counted(raw: bytes) -> Any:
            self._received += len(raw)
            self._flush()
            return read(raw) if read else raw

        return counted

    def writing(self, write: Wire) -> Callable[[Any], Any]:
        """The same serialiser, counting; without one, bytes stay bytes."""

        def counted(message: Any) -> Any:
            raw = write(message) if write else message
            self._sent += len(raw)
            self._flush()
            return raw

        return counted

    def admitted(self, who: str, purpose: str) -> None:
        """The caller is known and may."""
        self._who = (who, purpose)
        self._flush(calls=1)

    def refused(self, who: str) -> None:
        """The caller may not."""
        if self._who is None:
            self._who = (who or "unpaired", "refused")
            self._flush(refused=1)

    def _flush(self, calls: int = 0, refused: int = 0) -> None:
        if self._who is not None:
            who, purpose = self._who
            sent, self._sent, received, self._received = self._sent, 0, self._received, 0
            carried = Contact(
                who=who, purpose=purpose, sent_bytes=sent, received_bytes=received, calls=calls, refused=refused
            )
            self._meter.count(carried)

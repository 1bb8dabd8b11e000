"""What sessions decided, gathered into one transaction; then acknowledgements, watchers and the mind hear of it.

    lane ─► Committer ─► transcript (one transaction for all devices) ─► acks ─► bus ─► reader

Words are committed at once, with all that waits; gaps and silence wait for company, at most `gather_s` after the
transaction before. That is what lets one hub hold many devices: its cost is per transaction, not per frame.
All runs on the event loop's thread; nothing here waits.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from sotto_hub.bus import Event
from sotto_hub.errors import HubError
from sotto_hub.ingest.reader import Reader
from sotto_hub.ingest.tide import Tide, common
from sotto_hub.pairing.refusal import REFUSABLE, Refusable
from sotto_hub.perception.hear.ear import Heard
from sotto_hub.records import Decided, Settled

if TYPE_CHECKING:
    from sotto_hub.store.transcript import Transcript

GATHER_S: Final = 0.2
MOST: Final = 512
"""So many decided frames are a transaction, however soon."""


class Member(Protocol):
    """A session, as the committer sees it."""

    @property
    def device_id(self) -> str:
        """Whose frames they are."""
        ...

    @property
    def boot_id(self) -> str:
        """Of which boot."""
        ...

    def committed(self, settled: Sequence[Settled]) -> None:
        """These are in the store: they may be acknowledged."""
        ...

    def broke(self, why: Refusable) -> None:
        """What was handed over last could not be stored, and is gone: the device must send it again."""
        ...


@dataclass(slots=True)
class Pile:
    """Decisions that wait for one transaction."""

    decided: list[Decided] = field(default_factory=list)
    members: dict[Member, list[Settled]] = field(default_factory=dict)
    frames: int = 0

    def add(self, member: Member, stream: str, heard: Heard) -> None:
        """Takes what a lane decided."""
        self.decided.append(
            Decided(
                device_id=member.device_id,
                boot_id=member.boot_id,
                stream=stream,
                utterances=heard.utterances,
                settled=heard.settled,
            )
        )
        self.members.setdefault(member, []).extend(heard.settled)
        self.frames += len(heard.settled)


class Committer:
    """One for the whole hub. `tides` tells how far each connected stream is decided."""

    def __init__(
        self,
        *,
        transcript: "Transcript",
        reader: Reader,
        publish: Callable[[Event], None],
        tides: Callable[[], Iterable[Tide]],
    ) -> None:
        self.gather_s = GATHER_S
        self._transcript = transcript
        self._reader = reader
        self._publish = publish
        self._tides = tides
        self._pile = Pile()
        self._timer: asyncio.TimerHandle | None = None
        self._last_s = 0.0

    def add(self, member: Member, stream: str, heard: Heard) -> None:
        """Takes what was decided about one stream: words are committed before this returns, the rest soon."""
        if not heard.settled and not heard.utterances:
            return
        self._pile.add(member, stream, heard)
        if heard.utterances or self._pile.frames >= MOST:
            self.commit()
        elif self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(loop.time(), self._last_s + self.gather_s), self.commit)

    def commit(self) -> None:
        """Commits all that waits, and moves event time on.

        What fails ends the sessions whose decisions were in it; without any, it is raised here.
        """
        pile = self._taken()
        try:
            self._store(pile)
            if tide := common(self._tides()):
                self._reader.advance(tide)
        except REFUSABLE as error:
            _break(pile, error)
            if not pile.members:
                raise
        except Exception:
            _break(pile, HubError("commit", "the hub could not take this in: its log says why"))
            raise

    def _taken(self) -> Pile:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._last_s = None, asyncio.get_running_loop().time()
        pile, self._pile = self._pile, Pile()
        return pile

    def _store(self, pile: Pile) -> None:
        if not pile.decided:
            return
        stored = self._transcript.commit(pile.decided)
        for member, settled in pile.members.items():
            member.committed(settled)
        for utterance in stored:
            self._publish(utterance)
        self._reader.heed(stored)


def _break(pile: Pile, why: Refusable) -> None:
    for member in pile.members:
        member.broke(why)

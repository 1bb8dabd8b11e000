"""A client of the Companion API without a hub: a test puts things into its lists and sends events by hand."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from sotto_hub.errors import HubError, LinkDown
from sotto_proto.v1 import companion_pb2 as pb
from tests.surfaces.tui.demo_words import HUB_TIMEZONE


def gone() -> LinkDown:
    return LinkDown("hub_away", "the hub at 127.0.0.1:7443 cannot be reached; is `sotto-hub run` running?")


class ScriptedClient:
    """`away` and `drop()` play a hub that goes, `fail` one that refuses; `asked` is all that was asked."""

    def __init__(self) -> None:
        self.away = False
        self.fail: dict[str, HubError] = {}
        self.connects = 0
        self.closes = 0
        self.asked: list[tuple[Any, ...]] = []
        self.status_reply = pb.StatusReply(hub_id="hub", timezone=HUB_TIMEZONE)
        self.utterances: list[pb.Utterance] = []
        self.offered: list[pb.Suggestion] = []
        self.kept: list[pb.Memory] = []
        self.pieces: list[pb.AskReply] = []
        self.rows: list[pb.LedgerRow] = []
        self.control = pb.ControlReply()
        self.hold_ask: asyncio.Event | None = None
        self._watchers: list[asyncio.Queue[pb.Event | None]] = []

    async def connect(self) -> "ScriptedClient":
        self.connects += 1
        self._check("connect")
        return self

    def drop(self) -> None:
        """Ends all watching with an error, as a link that breaks does."""
        self.away = True
        for watcher in self._watchers:
            watcher.put_nowait(None)

    def send(self, *events: pb.Event) -> None:
        """Sends events to all who watch."""
        assert self._watchers, "nobody watches"
        for watcher in self._watchers:
            for event in events:
                watcher.put_nowait(event)

    def device(self, device_id: str, **state: Any) -> None:
        """Sets what one device reports; the next status has it."""
        others = [d for d in self.status_reply.devices if d.device_id != device_id]
        del self.status_reply.devices[:]
        self.status_reply.devices.extend([*others, pb.DeviceStatus(device_id=device_id, **state)])

    def calls(self, name: str) -> list[tuple[Any, ...]]:
        return [call for call in self.asked if call[0] == name]

    # ---- what the screen calls

    async def watch(self) -> AsyncIterator[pb.Event]:
        self._check("watch")
        events: asyncio.Queue[pb.Event | None] = asyncio.Queue()
        self._watchers.append(events)
        try:
            while (event := await events.get()) is not None:
                yield event
            raise gone()
        finally:
            self._watchers.remove(events)

    async def status(self) -> pb.StatusReply:
        self._check("status")
        reply = pb.StatusReply()
        reply.CopyFrom(self.status_reply)
        return reply

    async def transcript(self, *, since_ns: int = 0, until_ns: int = 0, last: int = 0) -> list[pb.Utterance]:
        self._check("transcript", last)
        return self.utterances[-last:] if last else list(self.utterances)

    async def suggestions(self, *, open_only: bool = False) -> list[pb.Suggestion]:
        self._check("suggestions")
        return list(self.offered)

    async def memories(
        self, *, kinds: Sequence[str] = (), include_past: bool = False, limit: int = 0
    ) -> list[pb.Memory]:
        self._check("memories", tuple(kinds), limit)
        return [m for m in self.kept if not kinds or m.kind in kinds]

    async def ask(self, question: str, *, asked_at_ns: int = 0) -> AsyncIterator[pb.AskReply]:
        self._check("ask", question)
        for piece in self.pieces:
            yield piece
            if self.hold_ask is not None and not piece.done:
                await self.hold_ask.wait()
                self._check("ask goes on")

    async def answer(self, suggestion_id: str, state: pb.SuggestionState, text: str = "") -> pb.Suggestion:
        self._check("answer", suggestion_id, state)
        suggestion = next(s for s in self.offered if s.id == suggestion_id)
        suggestion.state = state
        return suggestion

    async def mute(self, muted: bool = True, *, for_ns: int = 0, sensors: Sequence[str] = ()) -> pb.ControlReply:
        self._check("mute", muted, for_ns, *sensors)
        return self.control

    async def off_the_record(self, last_ns: int, *, verify: bool = False) -> pb.EraseReply:
        self._check("off_the_record", last_ns, *(["verify"] if verify else []))
        search = pb.Search(files=45, bytes=12_300_000, phrases=7) if verify else None
        return pb.EraseReply(utterances=2, memories=1, suggestions=0, search=search)

    async def ledger(self) -> list[pb.LedgerRow]:
        self._check("ledger")
        return list(self.rows)

    async def close(self) -> None:
        self.closes += 1

    def _check(self, name: str, *arguments: object) -> None:
        self.asked.append((name, *arguments))
        if self.away:
            raise gone()
        if name in self.fail:
            raise self.fail[name]


Change = Callable[[ScriptedClient], None]

"""What the screen needs of the hub: the part of `sotto_hub.client.Companion` that it uses, and no more."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Protocol, runtime_checkable

from sotto_proto.v1 import companion_pb2 as pb


@runtime_checkable
class CompanionClient(Protocol):
    """One connection to one hub. Every method may raise `sotto_hub.errors.HubError`; `LinkDown` when it is away."""

    def watch(self) -> AsyncIterator[pb.Event]:
        """Everything as it happens."""
        ...

    async def status(self) -> pb.StatusReply:
        """How the hub and its devices are."""
        ...

    async def transcript(self, *, since_ns: int = 0, until_ns: int = 0, last: int = 0) -> list[pb.Utterance]:
        """What was heard, oldest first."""
        ...

    async def suggestions(self, *, open_only: bool = False) -> list[pb.Suggestion]:
        """What was offered, oldest first."""
        ...

    async def memories(
        self, *, kinds: Sequence[str] = (), include_past: bool = False, limit: int = 0
    ) -> list[pb.Memory]:
        """What is kept."""
        ...

    def ask(self, question: str, *, asked_at_ns: int = 0) -> AsyncIterator[pb.AskReply]:
        """An answer in pieces."""
        ...

    async def answer(self, suggestion_id: str, state: pb.SuggestionState, text: str = "") -> pb.Suggestion:
        """The wearer's answer to a suggestion."""
        ...

    async def mute(self, muted: bool = True, *, for_ns: int = 0, sensors: Sequence[str] = ()) -> pb.ControlReply:
        """Mutes or unmutes all devices, or single sensors of them."""
        ...

    async def off_the_record(self, last_ns: int, *, verify: bool = False) -> pb.EraseReply:
        """Takes back the last span, and proves it by a search where that is asked for."""
        ...

    async def ledger(self) -> list[pb.LedgerRow]:
        """What became of every captured millisecond."""
        ...

    async def close(self) -> None:
        """Ends the connection."""
        ...


Connect = Callable[[], Awaitable[CompanionClient]]
"""Makes a new connection; called again after each one that broke."""

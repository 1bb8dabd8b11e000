"""What each key asks of the hub, and the sentence that says what came of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sotto_hub.surfaces.tui.errands import Errand
from sotto_hub.surfaces.tui.local_time import span
from sotto_hub.surfaces.tui.needs import CompanionClient
from sotto_hub.surfaces.tui.rows import Card
from sotto_proto.v1 import companion_pb2 as pb

_ANSWERED: Final[Mapping[int, str]] = {
    pb.SUGGESTION_STATE_ACCEPTED: "Accepted.",
    pb.SUGGESTION_STATE_DISMISSED: "Dismissed.",
    pb.SUGGESTION_STATE_LATER: "Later, then.",
    pb.SUGGESTION_STATE_NEVER: "Never this kind again.",
}


def answer(card: Card, state: pb.SuggestionState, show: Callable[[pb.Event], None]) -> Errand:
    """Answers a suggestion, and shows it as the hub now has it."""

    async def run(client: CompanionClient) -> str:
        show(pb.Event(suggestion=await client.answer(card.id, state)))
        return _ANSWERED.get(state, "Answered.")

    return Errand(topic=f"answer {card.id}", name="your answer", run=run)


def mute(wanted: bool, for_ns: int, names: Mapping[str, str]) -> Errand:
    """Mutes or unmutes; the switch changes only when the devices report it."""

    async def run(client: CompanionClient) -> str:
        return mute_sentence(wanted, for_ns, await client.mute(wanted, for_ns=for_ns), names)

    return Errand(topic="mute", name="mute" if wanted else "unmute", run=run)


def mute_sentence(wanted: bool, for_ns: int, reply: pb.ControlReply, names: Mapping[str, str]) -> str:
    """Which devices have it, and which are still to hear of it (pure)."""
    what = ("Mute" if wanted else "Unmute") + (f" for {span(for_ns)}" if for_ns else "")
    away = _listed(reply.out_of_reach, names)
    if not reply.reached and not away:
        return f"{what}: there is no device."
    reached = (
        f"{what} reached {_listed(reply.reached, names)}." if reply.reached else f"{what} reached no device yet."
    )
    return reached + (f" Out of reach: {away}; it is done on return." if away else "")


def _listed(ids: Sequence[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(i, i) for i in ids)


def off_the_record(last_ns: int, monotonic_s: Callable[[], float]) -> Errand:
    """Takes back the span that ended when the key was pressed: while it waits, it grows to reach back as far."""
    pressed_s = monotonic_s()

    async def run(client: CompanionClient) -> str:
        waited_ns = int(monotonic_s() - pressed_s) * 1_000_000_000
        gone = await client.off_the_record(last_ns + waited_ns)
        counts = f"{gone.utterances} utterances, {gone.memories} memories, {gone.suggestions} suggestions"
        return f"The last {span(last_ns + waited_ns)} are gone: {counts}."

    return Errand(topic="off the record", name="off the record", run=run)

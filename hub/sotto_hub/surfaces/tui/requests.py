"""What each key asks of the hub, and the sentence that says what came of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sotto_hub.surfaces.searched import erased_counts, search_sentence
from sotto_hub.surfaces.sensors import sensor_words
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


def mute(wanted: bool, for_ns: int, names: Mapping[str, str], sensors: Sequence[str] = ()) -> Errand:
    """Mutes or unmutes, all or single sensors; the switch changes only when the devices report it."""
    what = mute_words(wanted, for_ns, sensors)

    async def run(client: CompanionClient) -> str:
        return mute_sentence(what, await client.mute(wanted, for_ns=for_ns, sensors=sensors), names)

    return Errand(topic=" ".join(("mute", *sensors)), name=what[:1].lower() + what[1:], run=run)


def mute_words(wanted: bool, for_ns: int, sensors: Sequence[str]) -> str:
    """What is asked for (pure): "Mute for 10 minutes", "Closing the camera"."""
    if sensors:
        return f"{'Closing' if wanted else 'Opening'} the {sensor_words(sensors)}"
    return ("Mute" if wanted else "Unmute") + (f" for {span(for_ns)}" if for_ns else "")


def mute_sentence(what: str, reply: pb.ControlReply, names: Mapping[str, str]) -> str:
    """Which devices have it, and which are still to hear of it (pure)."""
    away = _listed(reply.out_of_reach, names)
    if not reply.reached and not away:
        return f"{what}: there is no device."
    reached = (
        f"{what} reached {_listed(reply.reached, names)}." if reply.reached else f"{what} reached no device yet."
    )
    return reached + (f" Out of reach: {away}; it is done on return." if away else "")


def _listed(ids: Sequence[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(i, i) for i in ids)


def off_the_record(last_ns: int, monotonic_s: Callable[[], float], *, verify: bool = False) -> Errand:
    """Takes back the span that ended when the key was pressed: while it waits, it grows to reach back as far."""
    pressed_s = monotonic_s()

    async def run(client: CompanionClient) -> str:
        taken_ns = last_ns + int(monotonic_s() - pressed_s) * 1_000_000_000
        gone = await client.off_the_record(taken_ns, verify=verify)
        proof = f" {_sentence(search_sentence(gone))}" if verify else ""
        return f"Gone, of the last {span(taken_ns)}: {erased_counts(gone)}.{proof}"

    return Errand(topic="off the record", name="off the record", run=run)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."

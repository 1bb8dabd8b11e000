"""A memory laid open, as a message; what was heard is told in the words of the transcript, if it has them (pure)."""

from collections.abc import Callable

from sotto_hub.companion import translate
from sotto_hub.records import Utterance
from sotto_memory import Shown
from sotto_memory.showing import Ground
from sotto_proto.v1 import companion_pb2 as pb

Look = Callable[[str], Utterance | None]
"""The utterance with an id, if it is still kept."""


def shown(one: Shown, columns: int, heard: Look) -> pb.ShownMemory:
    """All that a person may know of a memory. `columns`: how wide the plot may be; 0: as wide as it is by itself."""
    record = one.record
    plot = one.plot(columns) if columns else one.plot()
    return pb.ShownMemory(
        memory=translate.memory(record, one.now_ns),
        why=one.why,
        plot=plot,
        curve=[pb.CurvePoint(at_ns=point.at_ns, strength=point.strength) for point in one.points()],
        curve_complete=one.curve.complete,
        uses=[pb.MemoryUse(at_ns=note.at_ns, use=note.use.value) for note in record.history],
        evidence=[ground(each, heard(each.id)) for each in one.evidence],
        resting=[translate.memory(each, one.now_ns) for each in one.resting],
        archive_ns=one.archive_ns or 0,
        prune_ns=one.prune_ns or 0,
    )


def ground(one: Ground, said: Utterance | None) -> pb.Citation:
    """One thing that a memory rests on, in the words of the transcript or of memory; neither: the id alone."""
    if said is None:
        return pb.Citation(id=one.id, at_ns=one.at_ns, text=one.text)
    return pb.Citation(id=one.id, at_ns=said.start_ns, text=said.text)

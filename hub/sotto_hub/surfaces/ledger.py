"""The ledger as it is shown: captured = committed + silent + muted + lost + waiting, stream by stream (pure).

One line a stream of a device's boot. The milliseconds that are shown add up to the captured ones that are shown: what
rounding takes from one part it gives to another.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sotto_hub.surfaces.duration import HOUR_NS, say_exactly
from sotto_hub.surfaces.lines import count
from sotto_hub.surfaces.reasons import reason_word
from sotto_hub.surfaces.sensors import sensor_word
from sotto_proto.v1 import companion_pb2 as pb

_MS: Final = 1_000_000
BOOT_CHARACTERS: Final = 8
"""So much of a boot's id tells it from the others; programs get all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row as it is read. `parts`: what became of the captured span, in ms; `reasons`: why how much was lost."""

    device: str
    boot: str
    sensor: str
    captured_ms: int
    parts: Mapping[str, int]
    reasons: Mapping[str, int]
    unaccounted_ns: int

    @property
    def exact(self) -> bool:
        """Whether it balances to the nanosecond."""
        return self.unaccounted_ns == 0


def unaccounted_ns(row: pb.LedgerRow) -> int:
    """What no column explains; zero when the row balances, negative when more is explained than was captured."""
    known = row.committed_ns + row.silent_ns + row.muted_ns + sum(row.lost_ns.values()) + row.waiting_ns
    return row.captured_ns - known


def balanced(rows: Iterable[pb.LedgerRow]) -> bool:
    """Whether every captured nanosecond of every row is explained."""
    return all(unaccounted_ns(row) == 0 for row in rows)


def losses(rows: Iterable[pb.LedgerRow]) -> Mapping[str, int]:
    """What was lost over all rows, nanoseconds by reason."""
    total: Counter[str] = Counter()
    for row in rows:
        total.update(dict(row.lost_ns))
    return {reason: ns for reason, ns in sorted(total.items()) if ns}


def entry(row: pb.LedgerRow, names: Mapping[str, str]) -> Entry:
    """One row as it is read. `names` gives devices their names by id."""
    reasons = {reason: ns for reason, ns in sorted(row.lost_ns.items()) if ns}
    spans = [row.committed_ns, row.silent_ns, row.muted_ns, row.waiting_ns, *reasons.values()]
    committed, silent, muted, waiting, *lost = whole_ms(spans)
    parts = {"committed": committed, "silent": silent, "muted": muted, "lost": sum(lost), "waiting": waiting}
    return Entry(
        device=names.get(row.device_id, row.device_id),
        boot=row.boot_id[:BOOT_CHARACTERS],
        sensor=sensor_word(row.stream),
        captured_ms=whole_ms([row.captured_ns])[0],
        parts=parts,
        reasons={reason_word(reason): ms for reason, ms in zip(reasons, lost, strict=True)},
        unaccounted_ns=unaccounted_ns(row),
    )


def whole_ms(spans_ns: Sequence[int]) -> list[int]:
    """Spans in whole milliseconds whose sum is the rounded sum: the largest remainders are rounded up."""
    down = [span // _MS for span in spans_ns]
    missing = (sum(spans_ns) + _MS // 2) // _MS - sum(down)
    by_remainder = sorted(range(len(down)), key=lambda i: -(spans_ns[i] % _MS))
    for index in by_remainder[:missing]:
        down[index] += 1
    return down


def entries(rows: Iterable[pb.LedgerRow], names: Mapping[str, str]) -> list[Entry]:
    """All rows in which anything happened, as they are read."""
    return [entry(row, names) for row in rows if row.captured_ns or unaccounted_ns(row)]


def equation(shown: Entry) -> str:
    """The row as an equation, without what is nothing: "10.000 s captured = 4.000 committed + 6.000 lost (…)"."""
    long = shown.captured_ms * _MS >= HOUR_NS
    because = {"lost": _because(shown, long)}
    parts = [f"{say_exactly(ms, long=long)} {name}{because.get(name, '')}" for name, ms in shown.parts.items() if ms]
    unit = "" if long else " s"
    return f"{say_exactly(shown.captured_ms, long=long)}{unit} captured = {' + '.join(parts) or 'nothing'}"


def _because(shown: Entry, long: bool) -> str:
    """The reasons of what was lost; with one alone its time is said already."""
    if len(shown.reasons) < 2:
        return "".join(f" ({words})" for words in shown.reasons)
    return f" ({', '.join(f'{words} {say_exactly(ms, long=long)}' for words, ms in shown.reasons.items())})"


def judgement(shown: Entry) -> str:
    """Whether the row balances, and by how much it does not."""
    if shown.exact:
        return "balanced"
    gap = abs(shown.unaccounted_ns)
    span = f"{say_exactly(whole_ms([gap])[0])} s" if gap >= _MS else f"{gap} ns"
    return f"NOT BALANCED, {span} {'missing' if shown.unaccounted_ns > 0 else 'too much'}"


def identity(row: pb.LedgerRow) -> str:
    """One row as a sentence: the sensor, the equation and the judgement."""
    shown = entry(row, {})
    return f"{shown.sensor}: {equation(shown)}: {judgement(shown)}"


def verdict(rows: Sequence[pb.LedgerRow]) -> str:
    """All rows in one sentence: whether they balance, how much was captured, what was lost and why."""
    total_ms = whole_ms([sum(row.captured_ns for row in rows), *losses(rows).values()])
    lost = [f"{say_exactly(ms)} s {reason_word(why)}" for why, ms in zip(losses(rows), total_ms[1:], strict=True)]
    torn = [f"{sensor_word(row.stream)}: {judgement(entry(row, {}))}" for row in rows if unaccounted_ns(row)]
    state = f"NOT balanced ({'; '.join(torn)})" if torn else "balanced"
    return f"{state}; {say_exactly(total_ms[0])} s captured, {'lost: ' + ', '.join(lost) if lost else 'nothing lost'}"


def ledger_lines(rows: Sequence[pb.LedgerRow], names: Mapping[str, str]) -> list[str]:
    """All rows, a heading a device and boot, and what they come to. `names` gives devices their names by id."""
    shown = entries(rows, names)
    wide = max((len(each.sensor) for each in shown), default=0)
    lines: list[str] = []
    heading = ""
    for each in shown:
        if (here := f"{each.device}, boot {each.boot}") != heading:
            lines.append(here)
            heading = here
        lines.append(f"  {each.sensor:<{wide}}  {equation(each)}: {judgement(each)}")
    return [*lines, conclusion(shown)] if lines else ["nothing was captured yet"]


def conclusion(shown: Sequence[Entry]) -> str:
    """What all rows come to, said plainly."""
    torn = sum(not each.exact for each in shown)
    if not torn:
        return "The ledger balances: every captured millisecond is accounted for."
    verb = "does" if torn == 1 else "do"
    return f"The ledger does NOT balance: {torn} of {count(len(shown), 'line')} {verb} not add up."

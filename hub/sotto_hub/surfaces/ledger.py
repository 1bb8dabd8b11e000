"""The ledger as it is shown: captured = committed + silent + muted + lost + waiting, stream by stream (pure)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sotto_hub.surfaces.duration import say_seconds
from sotto_proto.v1 import companion_pb2 as pb


def unaccounted_ns(row: pb.LedgerRow) -> int:
    """What no column explains; zero when the row balances."""
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


def verdict(rows: Sequence[pb.LedgerRow]) -> str:
    """All rows in one sentence: whether they balance, how much was captured, what was lost and why."""
    lost = [f"{say_seconds(ns)} s {reason}" for reason, ns in losses(rows).items()]
    torn = [f"{row.stream} by {say_seconds(unaccounted_ns(row))} s" for row in rows if unaccounted_ns(row)]
    captured = f"{say_seconds(sum(row.captured_ns for row in rows))} s captured"
    state = f"NOT balanced ({', '.join(torn)})" if torn else "balanced"
    return f"{state}; {captured}, {'lost ' + ', '.join(lost) if lost else 'nothing lost'}"


def identity(row: pb.LedgerRow) -> str:
    """One row as an equation in seconds, with its verdict."""
    lost = ", ".join(f"{reason} {say_seconds(ns)}" for reason, ns in sorted(row.lost_ns.items()) if ns)
    parts = [f"committed {say_seconds(row.committed_ns)}", f"silent {say_seconds(row.silent_ns)}"]
    parts += [f"muted {say_seconds(row.muted_ns)}"]
    parts += [f"lost {say_seconds(sum(row.lost_ns.values()))}" + (f" ({lost})" if lost else "")]
    parts += [f"waiting {say_seconds(row.waiting_ns)}"]
    gap_ns = unaccounted_ns(row)
    verdict = "balanced" if gap_ns == 0 else f"NOT balanced: {say_seconds(gap_ns)} unaccounted"
    return f"{row.stream}: captured {say_seconds(row.captured_ns)} s = {' + '.join(parts)}: {verdict}"


def ledger_lines(rows: Sequence[pb.LedgerRow], names: Mapping[str, str]) -> list[str]:
    """All rows, a heading a device and boot. `names` gives devices their names by id."""
    lines: list[str] = []
    heading = ""
    for row in rows:
        here = f"{names.get(row.device_id, row.device_id)}, boot {row.boot_id}"
        if here != heading:
            lines.append(here)
            heading = here
        lines.append(f"  {identity(row)}")
    return lines or ["nothing was captured yet"]

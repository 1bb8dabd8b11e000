"""What the memory is worth: `python -m tests.bench.memory [--only PART,PART] [--locomo FILE] [--quick] [--plot]`.

Parts: `locomo` (does it find what answers a question), `scale` (what it costs at which size), `distraction` (is it
still found among ever more others), `diary` (thirty simulated days: changes, corrections, never told), `repeated`
(what is told a hundred times costs no more), `survival` (kill -9 in the midst of writing) and `peers` (mem0, chromadb
and langgraph beside ours, see `memory_parts.peers`). About half an hour on two cores; `--quick` takes small sizes,
a few minutes, and its figures are no results. `--plot` draws cost against size into docs/plots. The last line is one
JSON object; a part that could not run is missing from it, and a sentence says why.
"""

import argparse
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from sotto_memory import SottoMemoryError
from tests.bench.memory_parts import diary, distraction, peers, plots, repeated, scale, survival
from tests.bench.shared_data import ROOT, shared

PARTS: Final = ("locomo", "scale", "distraction", "diary", "repeated", "survival", "peers")
PLOTS: Final = ROOT / "docs" / "plots"


def found_locomo(path: Path | None) -> dict[str, object]:
    """Finding what answers a question, measured on LoCoMo or on a file of the same shape."""
    from tests.bench import locomo

    return locomo.figures(path or shared("data", "locomo", "locomo_dev.json"))


def costs(*, quick: bool, plot: bool) -> dict[str, object]:
    """Cost by size; draws it when that is wanted."""
    measured = scale.sized(quick=quick)
    for path in plots.write(PLOTS, measured) if plot else ():
        print(f"drawn: {path.relative_to(ROOT)}", file=sys.stderr, flush=True)
    return scale.figures(measured)


def parts(told: argparse.Namespace) -> dict[str, Callable[[], dict[str, object]]]:
    """What each part runs."""
    return {
        "locomo": partial(found_locomo, told.locomo),
        "scale": partial(costs, quick=told.quick, plot=told.plot),
        "distraction": partial(distraction.figures, quick=told.quick),
        "diary": partial(diary.figures, quick=told.quick, explain=told.explain),
        "repeated": partial(repeated.figures, quick=told.quick),
        "survival": partial(survival.figures, quick=told.quick),
        "peers": partial(peers.figures, quick=told.quick),
    }


def chosen(listed: str) -> tuple[str, ...]:
    """The parts that `--only` names."""
    names = tuple(name.strip() for name in listed.split(",") if name.strip())
    if unknown := set(names) - set(PARTS):
        raise argparse.ArgumentTypeError(f"no part is called {unknown.pop()}; there are {', '.join(PARTS)}")
    return names


def _ran(name: str, run: Callable[[], dict[str, object]]) -> dict[str, object]:
    try:
        return run()
    except (SystemExit, OSError, SottoMemoryError) as problem:
        print(f"NOTICE: no figures of {name}: {problem}", file=sys.stderr, flush=True)
        return {}


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--only", type=chosen, default=PARTS, metavar="PART,PART", help="these parts alone")
    words.add_argument("--locomo", type=Path, metavar="FILE", help="another file of the shape of LoCoMo")
    words.add_argument("--quick", action="store_true", help="small sizes")
    words.add_argument("--plot", action="store_true", help="draw cost against size into docs/plots")
    words.add_argument(
        "--explain", action="store_true", help="say which questions of the development diary went wrong"
    )
    told = words.parse_args()
    figures: dict[str, object] = {"quick": True} if told.quick else {}
    runs = parts(told)
    for name in told.only:
        figures |= _ran(name, runs[name])
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())

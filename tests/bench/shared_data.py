"""Where benchmarks find their data: `SOTTO_SHARED`, by default the folder `shared` beside the project."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def shared(*parts: str) -> Path:
    """The path below the shared data; stops the program with one sentence where it is absent."""
    base = Path(os.environ.get("SOTTO_SHARED", ROOT.parent / "shared"))
    path = base.joinpath(*parts)
    if not path.exists():
        wanted = "/".join(parts)
        sys.exit(f"This benchmark needs {wanted}, which is not below {base}. Name the folder with SOTTO_SHARED.")
    return path

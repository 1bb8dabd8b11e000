"""Writes the generated code of the link: `python -m tests.architecture.generate FOLDER` (what `make proto` runs)."""

import sys
from pathlib import Path

from grpc_tools import protoc

ROOT = Path(__file__).parents[2]
SCHEMAS = ("link.proto", "companion.proto")


def generate(into: Path) -> None:
    """Writes the Python code and its types for every schema below `into`; raises `SystemExit` when protoc fails."""
    kinds = ("python", "pyi", "grpc_python", "mypy_grpc")
    outputs = [f"--{kind}_out={'quiet:' if kind == 'mypy_grpc' else ''}{into}" for kind in kinds]
    schemas = [str(ROOT / "proto/sotto_proto/v1" / name) for name in SCHEMAS]
    status = protoc.main(["protoc", f"-I{ROOT / 'proto'}", *outputs, *schemas])
    if status:
        raise SystemExit(status)


if __name__ == "__main__":
    generate(Path(sys.argv[1]).resolve())

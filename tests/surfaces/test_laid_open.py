"""`sotto memory show`, in lines no wider than the terminal."""

from datetime import UTC

import pytest

from sotto_hub.surfaces.laid_open import laid_open
from sotto_proto.v1 import companion_pb2 as pb

LONG = "Anna keeps the spare key of the summer house under the third stone behind the boat shed by the lake"


@pytest.mark.parametrize("width", [42, 60, 100])
def test_the_head_is_as_wide_as_the_rest(width: int) -> None:
    memory = pb.Memory(id="01MCC5RM00VVRP1TXEYP34TH9N", kind="fact", text=LONG, source="wearer", confidence=0.9)
    shown = pb.ShownMemory(memory=memory, why=["The wearer stated it: it fades in rank, never out of reach."])
    lines = list(laid_open(shown, UTC, width))
    assert max(map(len, lines)) <= width
    head = " ".join(line.strip() for line in lines)
    assert head.startswith(f"fact: {LONG} {memory.id}, kept 1970-01-01")
    assert lines[0] == lines[0].strip()
    assert lines[1].startswith("  ")

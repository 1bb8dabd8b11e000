"""What a client may be allowed to do: five words, for the hub's gate and for whoever shows or names them (pure)."""

from collections.abc import Iterable
from typing import Final

from sotto_proto.errors import LinkError

WATCH: Final = "watch"
ASK: Final = "ask"
MEMORY: Final = "memory"
CONTROL: Final = "control"
KEEP: Final = "keep"

ALL_SCOPES: Final = (WATCH, ASK, MEMORY, CONTROL, KEEP)
DEFAULT_SCOPES: Final = (WATCH, ASK, MEMORY, CONTROL)
"""Of a new client. Keeping the hub (pairing, revoking, audit, backup) has to be named."""


def checked_scopes(names: Iterable[str]) -> tuple[str, ...]:
    """These scopes, each once, in their usual order; none named: the default. Raises `LinkError` (`scope`)."""
    wanted = set(names)
    if unknown := sorted(wanted - set(ALL_SCOPES)):
        raise LinkError("scope", f"there is no scope '{unknown[0][:40]}': there are {', '.join(ALL_SCOPES)}")
    return tuple(scope for scope in ALL_SCOPES if scope in wanted) or DEFAULT_SCOPES

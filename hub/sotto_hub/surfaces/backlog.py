"""What a device still has to send from when its hub was away (pure): what it owed when it connected, less what came.

A device says once, when it connects, how much waits. What is still to come is at most that, and at most the time
since the last instant of which everything is committed.
"""

from typing import Final

OWED_NS: Final = 30_000_000_000
"""Less than this is how a link always is: an utterance is committed when it ends."""


def still_owed_ns(owed_ns: int, heard_until_ns: int, now_ns: int) -> int:
    """How much is still to come, nanoseconds; 0 when it is not worth a word. `now_ns`: wall clock."""
    behind_ns = now_ns - heard_until_ns
    left_ns = min(owed_ns, behind_ns) if heard_until_ns and behind_ns >= 0 else owed_ns
    return left_ns if left_ns >= OWED_NS else 0

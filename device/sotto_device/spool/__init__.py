"""What waits for the hub: in memory first, and, sealed, on the disk when it waits for longer.

memory (`memory`, `lane`) ── too long ──► `cellar` ──► `shelf` ─ a folder a boot ─► `disk`, `segment`, `tally`
    │                                        │
    └──────────────── `bridge` ◄─────────────┘  on the wire: in order, without holes
"""

from sotto_device.spool.lane import BUFFER_FULL, FRAME_BYTES, weight
from sotto_device.spool.memory import Spool

__all__ = ["BUFFER_FULL", "FRAME_BYTES", "Spool", "weight"]

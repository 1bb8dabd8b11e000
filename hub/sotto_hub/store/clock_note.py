"""Where the hub's clock finds its note again: among the hub's small facts."""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Final

from sotto_hub.clock import HubClock, Reading, Stored
from sotto_hub.errors import HomeError
from sotto_hub.store.notes import Notes

LOG: Final = logging.getLogger("sotto.clock")
CLOCK: Final = "clock"


def open_clock(notes: Notes, read: Callable[[], Reading]) -> HubClock:
    """The hub's clock, going on from its note."""
    note = notes.get(CLOCK)
    return HubClock(read, Stored(**json.loads(note)) if note else None, partial(_keep, notes))


def _keep(notes: Notes, stored: Stored) -> None:
    """Writes the note. A full disk does not stop time: the next note may succeed."""
    try:
        notes.put(CLOCK, json.dumps(asdict(stored)))
    except HomeError as error:
        LOG.warning("the time could not be noted: %s", error.code)

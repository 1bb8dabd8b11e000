"""What every recogniser looks like to the ear. Adapters are named after the engine they wrap."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sotto_hub.records import Word

Pcm = NDArray[np.int16]
"""Sound: 16 kHz mono samples, one dimension."""


class Decoding(Protocol):
    """One utterance being decoded. Blocking: runs on the decode worker only."""

    def feed(self, pcm: Pcm) -> str | None:
        """Takes more sound; returns the words so far when they changed. Raises `DecodeFailed`."""
        ...

    def finish(self) -> tuple[Word, ...]:
        """Decodes all sound that was fed and returns the final words with absolute times. Raises `DecodeFailed`."""
        ...


class Engine(Protocol):
    """A recogniser, loaded once for the whole hub."""

    @property
    def name(self) -> str:
        """The engine and its model, as an utterance names them."""
        ...

    def open(self, start_ns: int, hints: Sequence[str] = (), *, partials: bool = True) -> Decoding:
        """Begins an utterance whose sound starts at `start_ns`. `hints`: names that may be said.

        Without `partials` feeding only collects, so that finals cost one pass.
        """
        ...

    def close(self) -> None:
        """Lets go of models and memory."""
        ...

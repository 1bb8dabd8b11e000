"""One lane per stream: frames go in one by one, decisions come out. Only the audio lane has an ear.

Pictures and gaze are held in RAM for a short while and then dropped: this hub has no eyes yet, and the ledger says so
(`not_understood`).
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from sotto_hub.ingest.tide import Tide
from sotto_hub.perception.hear.ear import Heard
from sotto_hub.perception.settling import fate_of, settle
from sotto_hub.records import Fate, Settled
from sotto_hub.store.spans import OFF_THE_RECORD
from sotto_proto.records import Audio, Control, Frame, Gap, GapKind, MuteState

RECENT_FRAMES: Final = 64
RECENT_NS: Final = 30_000_000_000
IsWithheld = Callable[[int, int], bool]


class EarLike(Protocol):
    """What the audio lane needs of an ear."""

    async def take(self, frame: Frame) -> Heard:
        """Hears the next frame."""
        ...

    async def end(self) -> Heard:
        """Decides about all that is held: nothing follows."""
        ...

    def withhold(self, from_ns: int, to_ns: int) -> None:
        """Lets go at once of all sound that touches a span taken back."""
        ...

    @property
    def settled_until_ns(self) -> int:
        """End of the last settled frame, hub time; 0 before the first."""
        ...


class OpenEar(Protocol):
    """Makes an ear for one audio stream of one device."""

    def __call__(self, device_id: str, stream: str, offset_ns: int, behind: Callable[[], bool]) -> EarLike:
        """`behind` tells whether more sound waits already."""
        ...


class Lane(Protocol):
    """One stream of one device."""

    async def take(self, frame: Frame) -> Heard:
        """Decides about the frame, or about earlier ones, or later."""
        ...

    def withhold(self, from_ns: int, to_ns: int) -> None:
        """Lets go of what it holds in RAM of a span taken back."""
        ...


def is_unsensed(frame: Frame) -> bool:
    """Whether nobody knows what was to be heard in the frame's span: its silence proves nothing."""
    return isinstance(frame.body, Gap) and frame.body.kind is not GapKind.SILENT


def taken_back(frame: Frame) -> Frame:
    """The frame without what was sensed in it (pure)."""
    return replace(frame, body=Gap(kind=GapKind.LOST, reason=OFF_THE_RECORD))


def heard(*settled: Settled) -> Heard:
    """Decisions without words."""
    return Heard(partial=None, utterances=(), settled=settled)


class AudioLane:
    """Sound: what was taken back never reaches the ear, everything else does."""

    def __init__(self, ear: EarLike, offset_ns: int, is_withheld: IsWithheld) -> None:
        self._ear = ear
        self._offset_ns = offset_ns
        self._is_withheld = is_withheld
        self._off_since_ns: int | None = 0
        self._first_ns: int | None = None
        self._until_ns = 0

    @property
    def tide(self) -> Tide | None:
        """How far this stream is decided and handed on; `None` before its first frame."""
        if self._first_ns is None:
            return None
        return Tide(until_ns=max(self._until_ns, self._first_ns), off_since_ns=self._off_since_ns)

    def wakes(self, frame: Frame) -> bool:
        """Whether sensing begins with this frame: what came before must be closed as not sensed first."""
        if self._first_ns is None:
            self._first_ns = frame.at.wall_ns + self._offset_ns
        return self._off_since_ns is not None and not is_unsensed(frame)

    async def take(self, frame: Frame) -> Heard:
        """Hears the frame."""
        start_ns = frame.at.wall_ns + self._offset_ns
        if not is_unsensed(frame):
            self._off_since_ns = None
        elif self._off_since_ns is None:
            self._off_since_ns = start_ns
        heard = await self._ear.take(self._without_withheld(frame, start_ns))
        self._until_ns = self._ear.settled_until_ns
        return heard

    async def end(self) -> Heard:
        """Decides about all that the ear holds: nothing follows."""
        heard = await self._ear.end()
        self._until_ns = self._ear.settled_until_ns
        return heard

    def withhold(self, from_ns: int, to_ns: int) -> None:
        """The ear lets go of it."""
        self._ear.withhold(from_ns, to_ns)

    def _without_withheld(self, frame: Frame, start_ns: int) -> Frame:
        if isinstance(frame.body, Audio) and self._is_withheld(start_ns, start_ns + frame.duration_ns):
            return taken_back(frame)
        return frame


class RecentLane:
    """Pictures or gaze: the newest are held in RAM, bounded by number and age, and never written."""

    def __init__(self, offset_ns: int, is_withheld: IsWithheld = lambda from_ns, to_ns: False) -> None:
        self._offset_ns = offset_ns
        self._is_withheld = is_withheld
        self.recent: deque[Frame] = deque(maxlen=RECENT_FRAMES)

    async def take(self, frame: Frame) -> Heard:
        """Holds the frame for a while; settles it as not understood."""
        start_ns = frame.at.wall_ns + self._offset_ns
        if not isinstance(frame.body, Gap) and self._is_withheld(start_ns, start_ns + max(frame.duration_ns, 1)):
            frame = taken_back(frame)
        if not isinstance(frame.body, Gap):
            self.recent.append(frame)
        return heard(settle(frame, self._offset_ns, *fate_of(frame)))

    def let_go(self, wall_ns: int) -> None:
        """Drops what is too old. `wall_ns`: how far the device's streams have come, whichever of them."""
        while self.recent and self.recent[0].at.wall_ns < wall_ns - RECENT_NS:
            self.recent.popleft()

    def withhold(self, from_ns: int, to_ns: int) -> None:
        """Drops all that is held: it is worth little, and the newest at that."""
        self.recent.clear()


class ControlLane:
    """What the wearer did on the device: done at once, settled as committed."""

    def __init__(
        self,
        offset_ns: int,
        note_mute: Callable[[MuteState, int], None],
        withhold: Callable[[int, int], None],
    ) -> None:
        self._offset_ns = offset_ns
        self._note_mute = note_mute
        self._withhold = withhold

    async def take(self, frame: Frame) -> Heard:
        """Does what the control says."""
        if isinstance(frame.body, Gap):
            return heard(settle(frame, self._offset_ns, *fate_of(frame)))
        if isinstance(frame.body, Control):
            self._do(frame.body, frame.at.wall_ns + self._offset_ns)
        return heard(settle(frame, self._offset_ns, Fate.COMMITTED))

    def withhold(self, from_ns: int, to_ns: int) -> None:
        """Nothing is held."""

    def _do(self, control: Control, at_ns: int) -> None:
        if isinstance(control, MuteState):
            self._note_mute(control, at_ns)
        else:
            self._withhold(at_ns - control.last_ns, at_ns)

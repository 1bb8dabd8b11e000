"""One open microphone: PortAudio's thread puts blocks into a bounded queue, the event loop takes them out.

`sounddevice` is imported when the microphone is opened. It raises `OSError` where PortAudio is missing and its own
error where there is no device; both become one sentence.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sotto_device.clock import asleep_ns
from sotto_device.errors import MicrophoneError
from sotto_device.samples import SAMPLE_BYTES, SAMPLE_NS
from sotto_proto.records import SAMPLE_RATE_HZ

BLOCK_SAMPLES: Final = 1_600
QUEUE_BLOCKS: Final = 50
"""Five seconds. When the loop is later than that, new blocks are dropped and counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Sound as it came: when it was complete (monotonic), whether PortAudio lost some before it, what the queue had
    to drop before it, and how long the machine had slept by then.
    """

    pcm: bytes
    arrived_ns: int
    overflowed: bool
    dropped_ns: int
    slept_ns: int | None = None

    @property
    def duration_ns(self) -> int:
        """How long it lasts."""
        return len(self.pcm) // SAMPLE_BYTES * SAMPLE_NS

    @property
    def begun_ns(self) -> int:
        """When it began (monotonic), at the latest."""
        return self.arrived_ns - self.duration_ns


class Capture:
    """A running input stream. Made on the event loop; `open` and `close` block and belong on a worker."""

    def __init__(self, *, device: str, read_ns: Callable[[], int], slept_ns: Callable[[], int] = asleep_ns) -> None:
        self._device = device
        self._read_ns = read_ns
        self._slept_ns = slept_ns
        self._loop = asyncio.get_running_loop()
        self._blocks: deque[Block] = deque()
        self._arrived = asyncio.Event()
        self._dropped_ns = 0
        self._stream: Any = None
        self._shut = False

    def open(self) -> None:
        """Starts to sense. Raises `MicrophoneError`."""
        sounddevice = _portaudio()
        if self._shut:
            return
        try:
            self._stream = sounddevice.RawInputStream(
                samplerate=SAMPLE_RATE_HZ,
                channels=1,
                dtype="int16",
                blocksize=BLOCK_SAMPLES,
                device=self._device or None,
                callback=self._callback,
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            self.close()
            raise _no_microphone(self._device, error) from error

    def shut(self) -> None:
        """From this instant on nothing is taken in any more, and what waits is dropped."""
        self._shut = True
        self._blocks.clear()
        self._arrived.set()

    def close(self) -> None:
        """Gives the microphone back."""
        self.shut()
        if self._stream is not None:
            self._stream.close(ignore_errors=True)

    @property
    def alive(self) -> bool:
        """Whether PortAudio still believes in the stream."""
        return self._stream is not None and bool(self._stream.active)

    async def block(self, timeout_s: float) -> Block | None:
        """The next block, or `None` when none comes in time or the capture is shut."""
        if not self._blocks and not self._shut:
            try:
                async with asyncio.timeout(timeout_s):
                    await self._arrived.wait()
            except TimeoutError:
                return None
        self._arrived.clear()
        return self._blocks.popleft() if self._blocks else None

    def _callback(self, indata: Any, frames: int, _: Any, status: Any) -> None:
        """Runs on PortAudio's thread: copies, never waits."""
        if self._shut:
            return
        if len(self._blocks) >= QUEUE_BLOCKS:
            self._dropped_ns += frames * SAMPLE_NS
            return
        dropped_ns, self._dropped_ns = self._dropped_ns, 0
        self._blocks.append(
            Block(
                pcm=bytes(indata),
                arrived_ns=self._read_ns(),
                overflowed=bool(status.input_overflow),
                dropped_ns=dropped_ns,
                slept_ns=self._slept_ns(),
            )
        )
        self._loop.call_soon_threadsafe(self._arrived.set)


def look_again() -> None:
    """Makes PortAudio list the devices anew: without it, one that was plugged in again is never found."""
    sounddevice = _portaudio()
    sounddevice._terminate()
    sounddevice._initialize()


def _portaudio() -> Any:
    try:
        import sounddevice  # heavy, and fails where PortAudio is missing
    except (OSError, ImportError) as error:
        raise MicrophoneError(
            "portaudio",
            "sound cannot be captured: PortAudio is not installed here."
            " On Debian and Raspberry Pi OS: sudo apt install libportaudio2",
        ) from error
    return sounddevice


def _no_microphone(device: str, error: Exception) -> MicrophoneError:
    which = f"the microphone {device!r}" if device else "a microphone"
    return MicrophoneError(
        "microphone", f"{which} cannot be opened ({error}): is one plugged in, and is no other program using it?"
    )

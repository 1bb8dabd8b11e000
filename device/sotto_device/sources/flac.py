"""Sound files of a recorded day, read in blocks by PyAV: 16 kHz, mono, 16 bit, as they were rendered."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from sotto_device.errors import RecordingError
from sotto_device.samples import SAMPLE_BYTES, SAMPLE_NS
from sotto_proto.records import SAMPLE_RATE_HZ

ADVICE: Final = "repair the file, or render the day again"


def read_sound(path: Path, cuts_ns: Sequence[int], block_ns: int) -> Iterator[bytes]:
    """Blocks of at most `block_ns` that end at every cut (time since the file's start). Raises `RecordingError`."""
    cuts = iter(sorted(cuts_ns))
    cut = next(cuts, None)
    done, waiting, block = 0, b"", block_ns // SAMPLE_NS * SAMPLE_BYTES
    for pcm in _decoded(path):
        waiting += pcm
        while waiting:
            while cut is not None and cut // SAMPLE_NS * SAMPLE_BYTES <= done:
                cut = next(cuts, None)
            size = block if cut is None else min(block, cut // SAMPLE_NS * SAMPLE_BYTES - done)
            if len(waiting) < size:
                break
            yield waiting[:size]
            waiting, done = waiting[size:], done + size
    if waiting:
        yield waiting


def _decoded(path: Path) -> Iterator[bytes]:
    import av  # heavy: only where a file is decoded

    try:
        with av.open(str(path)) as container:
            stream = container.streams.audio[0]
            _require(stream.rate == SAMPLE_RATE_HZ and stream.channels == 1, path)
            for frame in container.decode(stream):
                _require(frame.format.name in {"s16", "s16p"}, path)
                yield bytes(frame.planes[0])[: frame.samples * SAMPLE_BYTES]
    except (av.error.FFmpegError, IndexError) as error:
        raise RecordingError("audio", f"{path} cannot be decoded as sound: {ADVICE}") from error


def _require(holds: bool, path: Path) -> None:
    if not holds:
        raise RecordingError("audio", f"{path} is not 16 kHz mono with 16 bits: {ADVICE}")

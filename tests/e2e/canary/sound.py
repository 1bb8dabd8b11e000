"""Finds sound: by correlation in whatever bytes could be samples, in containers of any kind, and as Opus packets.

Not samples are correlated but their differences: the low voice that all speech shares would make strangers alike
(0.75; differences 0.3). What has been through Opus is still alike (0.85).
"""

import io
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from tests.e2e.canary.correlation import Templates, Wave, numbers
from tests.e2e.canary.haystack import Piece

ALIKE: Final = 0.5
WINDOW: Final = 9_600
"""Samples of a template: 0.6 s at 16 kHz, 0.2 s at 48 kHz. A shorter stretch of sound is not found."""

PER_CLIP: Final = 3
SAMPLES: Final = ("<i2", ">i2", "<f4")
MAGIC: Final = (b"RIFF", b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"ftyp", b"caff", b"FORM")
TRIES: Final = 20
LEAST_PACKET: Final = 16


class Clips:
    """The sounds to look for, 16 kHz s16, by name."""

    def __init__(self, clips: dict[str, bytes]) -> None:
        stretches = [(name, stretch) for name, pcm in clips.items() for stretch in _stretches(pcm)]
        self._names = [name for name, _ in stretches]
        self._templates = Templates([stretch for _, stretch in stretches])

    def heard(self, wave: Wave) -> set[str]:
        """Which of them are in a wave."""
        found = self._templates.highest(np.diff(wave)) >= ALIKE
        return {name for name, there in zip(self._names, found, strict=True) if there}


def find_sound(pieces: Iterable[Piece], clips: dict[str, bytes]) -> list[str]:
    """Where which of the clips is, as samples or in a container."""
    wanted = Clips(clips)
    found: set[str] = set()
    for piece in pieces:
        for how, wave in readings(piece.data):
            found.update(f"{name} in {piece.name} as {how}" for name in wanted.heard(wave))
    return sorted(found)


def find_packets(pieces: Iterable[Piece], packets: Iterable[bytes]) -> list[str]:
    """Where any of the Opus packets is, byte for byte."""
    distinct = [packet for packet in set(packets) if len(packet) >= LEAST_PACKET]
    return sorted({piece.name for piece in pieces if any(packet in piece.data for packet in distinct)})


def readings(data: bytes) -> Iterator[tuple[str, Wave]]:
    """All that the bytes could be as sound."""
    for form in SAMPLES:
        for offset in range(np.dtype(form).itemsize):
            yield from ((f"{form} from {offset}", wave) for wave in numbers(data, form, offset))
    yield from ((f"container at {place}", wave) for place, wave in _containers(data))


def _stretches(pcm: bytes) -> list[Wave]:
    """The loudest stretches of a clip, as they are and at 48 kHz, which is what Opus decodes to."""
    sound = np.frombuffer(pcm, dtype="<i2").astype(np.float64)
    fine = np.interp(np.arange(len(sound) * 3) / 3, np.arange(len(sound)), sound)
    return [stretch for wave in (sound, fine) for stretch in _loudest(np.diff(wave))]


def _loudest(wave: Wave) -> list[Wave]:
    stretches = [wave[at : at + WINDOW] for at in range(0, len(wave) - WINDOW + 1, WINDOW // 2)]
    return sorted(stretches, key=lambda stretch: -float(np.var(stretch)))[:PER_CLIP]


def _containers(data: bytes) -> Iterator[tuple[int, Wave]]:
    for magic in MAGIC:
        place, tries = data.find(magic), 0
        while place >= 0 and tries < TRIES:
            wave = _decoded(data[place - 4 if magic == b"ftyp" and place >= 4 else place :])
            if len(wave) >= WINDOW:
                yield place, wave
            place, tries = data.find(magic, place + 1), tries + 1


def _decoded(data: bytes) -> Wave:
    """The sound of a container, 16 kHz mono; nothing where it is none."""
    import av

    sound: list[Wave] = []
    resampler = av.AudioResampler(format="s16", layout="mono", rate=16_000)
    try:
        with av.open(io.BytesIO(data), "r") as container:
            for frame in container.decode(audio=0):
                sound += [part.to_ndarray().reshape(-1).astype(np.float64) for part in resampler.resample(frame)]
    except (av.error.FFmpegError, IndexError, ValueError):
        pass  # no sound: not every four bytes that look so begin a container
    return np.concatenate([np.zeros(0), *sound])

"""What is worn, in people's words: the names of sensors on the link, and what a person calls them (pure)."""

from collections.abc import Iterable
from typing import Final

SENSORS: Final = ("mic", "camera", "eyes")
"""The sensors that a person can name, as the link names their streams."""

_WORDS: Final = {"mic": "microphone", "camera": "camera", "eyes": "eye tracker", "control": "controls"}
_TYPED: Final = {"microphone": "mic", "cam": "camera", "eye": "eyes", "gaze": "eyes"}


def sensor_word(stream: str) -> str:
    """What a person calls a stream: "microphone" for "mic"; an unknown one keeps its name."""
    return _WORDS.get(stream, stream)


def sensor_named(typed: str) -> str:
    """The stream that a person means: "mic" for "Microphone"; what is not known comes back as it is."""
    plain = typed.strip().lower()
    return _TYPED.get(plain, plain)


def sensor_words(streams: Iterable[str]) -> str:
    """Several sensors in one breath: "microphone and camera"."""
    return listed([sensor_word(stream) for stream in streams])


def listed(words: Iterable[str]) -> str:
    """Words as a person lists them: "a", "a and b", "a, b and c"."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last

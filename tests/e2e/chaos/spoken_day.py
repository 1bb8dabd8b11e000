"""A recorded day of many short utterances, made from one spoken sentence, and the words that a scripted engine hears.

Every word of the day is another one, lasts 200 ms and has its middle in the middle of a packet: each frame that is
acknowledged therefore says exactly which words have to be in the transcript, once.
"""

import json
import random
import wave
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.device.recorded_day import START_NS, write_day

SPOKEN: Final = Path(__file__).parents[2] / "data/speech/flite-dentist.wav"
PACKET_BYTES: Final = 640
PACKET_NS: Final = 20_000_000
WORD_NS: Final = 200_000_000
HALF_PACKET_NS: Final = 10_000_000
LETTERS: Final = "bcdfghklmnprstvz"
TAIL_S: Final = 2.0
PAUSES_S: Final = (0.7, 0.9, 1.2, 2.5)
ROOM_LEVEL: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWord:
    """One word and the middle of its time."""

    text: str
    middle_ns: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenDay:
    """The folder of the day, the script of its words, and how long its microphone was open."""

    folder: Path
    script: Path
    words: tuple[SpokenWord, ...]
    captured_ns: int
    taken_back: tuple[tuple[int, int], ...]
    """From and to, wall time: what the wearer said is off the record."""

    @property
    def engine(self) -> str:
        """What the hub hears with."""
        return f"scripted:{self.script}"


def name_of(number: int) -> str:
    """A word that no other number has."""
    letters = ""
    for _ in range(5):
        number, digit = divmod(number, len(LETTERS))
        letters += LETTERS[digit] + "aeiou"[digit % 5]
    return letters


def voiced(pcm: bytes) -> tuple[int, int]:
    """First and one past the last packet of a clip that the device's own model takes for speech."""
    from sotto_device.vad import SileroVoice

    voice = SileroVoice()
    packets = [pcm[at : at + PACKET_BYTES] for at in range(0, len(pcm) - PACKET_BYTES + 1, PACKET_BYTES)]
    heard = b"".join([voice.judge(packet) for packet in packets] + [voice.finish()])
    loud = [number for number, value in enumerate(heard) if value >= 128]
    return loud[0], loud[-1] + 1


def sentence() -> bytes:
    """The spoken sentence, in whole packets."""
    with wave.open(str(SPOKEN)) as file:
        pcm: bytes = file.readframes(file.getnframes())
    return pcm[: len(pcm) // PACKET_BYTES * PACKET_BYTES]


def quiet(chance: random.Random, seconds: float) -> bytes:
    """A still room, in whole packets."""
    packets = round(seconds * 50)
    return array("h", [chance.randint(-ROOM_LEVEL, ROOM_LEVEL) for _ in range(packets * 320)]).tobytes()


def make_day(
    folder: Path, *, scenes: int, lines: int, seed: int = 1, pauses_s: Sequence[float] = PAUSES_S
) -> SpokenDay:
    """Writes a day of `scenes` stretches of `lines` utterances each, with pauses, and nothing captured in between."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    clip = sentence()
    span = voiced(clip)
    at_s, sounds, spoken = 1.0, [], []
    for _ in range(scenes):
        sound, starts = _scene(chance, clip, lines, pauses_s)
        spoken += [START_NS + round(at_s * 1e9) + start for start in starts]
        sounds.append((at_s, sound))
        at_s = round(at_s + len(sound) / 32_000 + TAIL_S, 3)
    words = tuple(_words([start + span[0] * PACKET_NS for start in spoken], (span[1] - span[0]) * PACKET_NS))
    presses = _presses(sounds)
    write_day(folder / "day", sounds, controls=presses, pictures_s=_every(at_s, 20), gaze_s=_every(at_s, 2))
    _write_script(folder / "words.jsonl", words)
    captured = sum(len(sound) // 2 * 62_500 for _, sound in sounds)
    return SpokenDay(
        folder=folder / "day",
        script=folder / "words.jsonl",
        words=words,
        captured_ns=captured,
        taken_back=tuple(_taken_back(presses)),
    )


def _scene(chance: random.Random, clip: bytes, lines: int, pauses_s: Sequence[float]) -> tuple[bytes, list[int]]:
    """The sound of one scene, and when each clip begins in it (ns)."""
    sound, starts = quiet(chance, 0.6), []
    for _ in range(lines):
        starts.append(len(sound) // 2 * 62_500)
        sound += clip + quiet(chance, chance.choice(pauses_s))
    return sound, starts


def _words(starts: Sequence[int], span_ns: int) -> Iterator[SpokenWord]:
    """The words of each utterance, one after another from its first voiced packet on."""
    for line, start_ns in enumerate(starts):
        for place in range(span_ns // WORD_NS):
            middle = start_ns + HALF_PACKET_NS + place * WORD_NS + WORD_NS // 2
            yield SpokenWord(text=name_of(line * 64 + place), middle_ns=middle, line=line)


def _presses(sounds: Sequence[tuple[float, bytes]]) -> list[dict[str, object]]:
    """The wearer mutes twice and takes back a few seconds once, in the middle of talk."""
    third, half = sounds[len(sounds) // 3], sounds[len(sounds) // 2]
    muted, back = round(third[0] + 5, 3), round(half[0] + 15, 3)
    presses: list[dict[str, object]] = [
        {"at_s": muted, "do": "mute", "for_s": 6},
        {"at_s": back, "do": "off_the_record", "last_s": 5},
    ]
    return sorted(presses, key=lambda press: float(str(press["at_s"])))


def _taken_back(presses: Sequence[dict[str, object]]) -> Iterator[tuple[int, int]]:
    for press in presses:
        if "last_s" in press:
            end_ns = START_NS + round(float(str(press["at_s"])) * 1e9)
            yield end_ns - round(float(str(press["last_s"])) * 1e9), end_ns


def _every(until_s: float, step_s: int) -> list[float]:
    return [float(at) for at in range(1, int(until_s), step_s)]


def _write_script(path: Path, words: Sequence[SpokenWord]) -> None:
    half = WORD_NS // 2
    rows = ({"start_ns": w.middle_ns - half, "end_ns": w.middle_ns + half, "text": w.text} for w in words)
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))

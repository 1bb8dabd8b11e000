"""The canaries: sentences that nobody says, a picture that nobody has, and a recorded day that brings them by.

    0:00 kept
    0:30 said, and taken back on the device
    1:00 said while muted
    1:20 said, and taken back by a client when it was stored     1:35 the hub goes away
    2:00 kept
    2:30 said, and taken back on the device
    3:00 said while muted
    6:40 said, and taken back by saying so
    7:10 kept

The picture is shown at every one of them.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.device.recorded_day import SESSION, write_flac, write_rows
from tests.e2e.canary.pictures import HEIGHT, WIDTH, Picture, as_jpeg, picture

SPEECH: Final = Path(__file__).parents[2] / "data/speech"
KEPT, CLOSED, WITHHELD, ERASED, PHRASE = "kept", "closed", "withheld", "erased", "phrase"
CLIPS: Final = (KEPT, CLOSED, WITHHELD, ERASED, PHRASE)
WORDS: Final = {
    KEPT: ("tractor", "parked", "library"),
    CLOSED: ("purple", "elephant", "saxophone", "winter"),
    WITHHELD: ("password", "strawberry", "telescope"),
    ERASED: ("submarine", "lemons"),
}
"""The words by which a clip is known; a recogniser hears them in these clips, and nobody else says them."""

SCENES: Final = (
    (0, KEPT),
    (30, WITHHELD),
    (61, CLOSED),
    (80, ERASED),
    (120, KEPT),
    (150, WITHHELD),
    (181, CLOSED),
    (400, WITHHELD),
    (407, PHRASE),
    (430, KEPT),
)
CONTROLS: Final = (
    {"at_s": 37, "do": "off_the_record", "last_s": 8},
    {"at_s": 60, "do": "mute", "for_s": 10},
    {"at_s": 157, "do": "off_the_record", "last_s": 8},
    {"at_s": 180, "do": "mute", "for_s": 10},
)
AWAY_S: Final = 95
"""From here on the hub is away."""

QUIET: Final = bytes(32_000)
SECOND_BYTES: Final = 32_000
SEED: Final = 20_260_309


@dataclass(frozen=True, slots=True, kw_only=True)
class Canaries:
    """What must be found nowhere: sound by name (16 kHz, s16), its Opus packets, and the picture."""

    clips: dict[str, bytes]
    packets: frozenset[bytes]
    picture: Picture


def write_day(folder: Path, canaries: Canaries) -> Path:
    """The recorded day."""
    folder.mkdir()
    (folder / "session.toml").write_text(SESSION.replace("[64, 48]", f"[{WIDTH}, {HEIGHT}]"))
    rows, shots = [], []
    for number, (at_s, name) in enumerate(SCENES):
        pcm = QUIET[:16_000] + canaries.clips[name] + QUIET + QUIET
        write_flac(folder / f"audio/{number}.flac", pcm)
        rows.append({"at_s": at_s, "file": f"audio/{number}.flac", "seconds": len(pcm) / SECOND_BYTES})
        (folder / f"{number}.jpg").write_bytes(as_jpeg(canaries.picture))
        shots.append({"at_s": at_s + 1, "file": f"{number}.jpg"})
    write_rows(folder / "audio.jsonl", rows)
    write_rows(folder / "frames.jsonl", shots)
    write_rows(folder / "controls.jsonl", CONTROLS)
    (folder / "gaze.csv").write_text("at_s,x,y,confidence\n")
    return folder


@cache
def canaries() -> Canaries:
    """All of them."""
    clips = {name: pcm_of(SPEECH / f"flite-canary-{name}.flac") for name in CLIPS}
    packets = frozenset(packet for pcm in clips.values() for packet in packets_of(QUIET[:16_000] + pcm + QUIET))
    return Canaries(clips=clips, packets=packets, picture=picture(SEED))


def pcm_of(path: Path) -> bytes:
    """The samples of a recording, 16 kHz s16."""
    import av

    with av.open(str(path), "r") as container:
        return b"".join(bytes(frame.planes[0])[: frame.samples * 2] for frame in container.decode(audio=0))


def packets_of(pcm: bytes) -> list[bytes]:
    """The Opus packets that a device makes of a scene, through its own gate and coder."""
    from sotto_device.framer import AudioFramer
    from sotto_device.gate import Gate, GateRules
    from sotto_device.listening import Listening
    from sotto_device.opus import OpusCoder
    from sotto_device.samples import AudioSample
    from sotto_device.vad import SileroVoice
    from sotto_proto.records import Audio, CaptureTime

    framer = AudioFramer("mic", longest_gap_ns=1_000_000_000)
    listening = Listening(voice=SileroVoice(), gate=Gate(GateRules()), coder=OpusCoder(), framer=framer)
    frames = []
    for at in range(0, len(pcm), 3_200):
        now = CaptureTime(monotonic_ns=at * 31_250, wall_ns=at * 31_250)
        frames += listening.hear(AudioSample(at=now, pcm=pcm[at : at + 3_200]))
    frames += listening.cut()
    return [packet for frame in frames if isinstance(frame.body, Audio) for packet in frame.body.packets]

"""The real voice model and the real codec, on a real voice."""

from array import array
from pathlib import Path

import pytest

from sotto_device.framer import AudioFramer
from sotto_device.gate import Gate, GateRules
from sotto_device.listening import Listening
from sotto_device.opus import PACKET_SAMPLES, OpusCoder
from sotto_device.samples import AudioSample
from sotto_device.sources.flac import read_sound
from sotto_device.vad import PACKET_BYTES, SileroVoice
from sotto_proto.records import Audio, Frame
from tests.device.sensed import MS, at, ms_of, sound, tone

DEMO = Path(__file__).parents[2] / "hub/sotto_hub/surfaces/demo_day/audio/0001.flac"
SAID_MS = [(600, 2457), (3057, 4696), (8696, 11954)]
"""When the first lines of the demo day are said."""

LOOK_AHEAD = 104


@pytest.fixture(scope="module")
def speech() -> bytes:
    """The first twelve seconds of the demo day."""
    return b"".join(read_sound(DEMO, [], 100 * MS))[: 12 * 32_000]


def packets(pcm: bytes) -> list[bytes]:
    return [pcm[i : i + PACKET_BYTES] for i in range(0, len(pcm) - PACKET_BYTES + 1, PACKET_BYTES)]


def decoded(encoded: list[bytes]) -> "list[array[int]]":
    """16 kHz samples of each packet, from a plain decoder that drops nothing."""
    import av

    codec = av.CodecContext.create("libopus", "r")
    codec.extradata = b"OpusHead" + bytes((1, 1, 0, 0, 0x80, 0x3E, 0, 0, 0, 0, 0))
    out: list[array[int]] = []
    for packet in encoded:
        (frame,) = codec.decode(av.Packet(packet))
        out.append(array("h", bytes(frame.planes[0])[: frame.samples * 2])[::3])
    return out


def test_every_packet_gets_a_voice_byte(speech: bytes) -> None:
    voice = SileroVoice()
    given = packets(speech[: 32_000 * 3])
    voices = b"".join(voice.judge(packet) for packet in given)
    assert len(given) - 2 <= len(voices) < len(given)
    assert len(voices + voice.finish()) == len(given)


def test_voices_are_high_where_somebody_speaks(speech: bytes) -> None:
    voice = SileroVoice()
    voices = b"".join(voice.judge(packet) for packet in packets(speech)) + voice.finish()
    spoken = [voices[ms // 20] for begin, end in SAID_MS for ms in range(begin + 100, end - 100, 20)]
    quiet = voices[5200 // 20 : 8400 // 20]
    assert sum(v >= GateRules().threshold for v in spoken) > 0.85 * len(spoken)
    assert max(quiet) < GateRules().threshold


def test_after_a_finish_the_model_begins_anew(speech: bytes) -> None:
    voice = SileroVoice()
    once = b"".join(voice.judge(packet) for packet in packets(speech[:64_000])) + voice.finish()
    again = b"".join(voice.judge(packet) for packet in packets(speech[:64_000])) + voice.finish()
    assert once == again


def test_silence_needs_no_model() -> None:
    voice = SileroVoice()
    voices = b"".join(voice.judge(packet) for packet in packets(sound(1000, 30))) + voice.finish()
    assert voices == bytes(50)
    assert vars(voice)["_model"] is None
    assert voice.finish() == b""


def test_one_packet_of_20_ms_for_one_packet(speech: bytes) -> None:
    coder = OpusCoder()
    encoded = [coder.encode(packet) for packet in packets(speech)]
    assert len(encoded) == len(packets(speech))
    assert {len(samples) for samples in decoded(encoded)} == {PACKET_SAMPLES}
    rate = sum(map(len, encoded)) * 8 / 12
    assert 16_000 < rate < 34_000


def energy(samples: "array[int]") -> float:
    return sum(float(s) * s for s in samples) / max(1, len(samples))


def test_words_are_not_shifted() -> None:
    """A tone that begins at 200 ms begins there after decoding, but for the 6.5 ms that the encoder looks ahead."""
    coder = OpusCoder()
    pcm = sound(200) + tone(200)
    out = array("h", [s for samples in decoded([coder.encode(p) for p in packets(pcm)]) for s in samples])
    loud = max(energy(out[n : n + 16]) for n in range(0, len(out) - 16, 16))
    onset = next(n for n in range(0, len(out) - 16, 4) if energy(out[n : n + 16]) > loud / 8)
    assert 3200 - 32 <= onset <= 3200 + LOOK_AHEAD + 48


def test_a_new_run_remembers_nothing(speech: bytes) -> None:
    coder = OpusCoder()
    fresh = [coder.encode(p) for p in packets(speech[:32_000])]
    coder.restart()
    assert [coder.encode(p) for p in packets(speech[:32_000])] == fresh


def test_speech_comes_out_whole(speech: bytes) -> None:
    """All lines lie inside what is sent, and the pause of three seconds does not."""
    framer = AudioFramer("mic", longest_gap_ns=60_000 * MS)
    listening = Listening(voice=SileroVoice(), gate=Gate(GateRules()), coder=OpusCoder(), framer=framer)
    frames: list[Frame] = []
    for n in range(0, len(speech), 3200):
        frames += listening.hear(AudioSample(at=at(n // 32), pcm=speech[n : n + 3200]))
    frames += listening.cut()
    sent = [(ms_of(f.at), ms_of(f.at) + f.duration_ns / MS) for f in frames if isinstance(f.body, Audio)]
    for begin, end in SAID_MS:
        for ms in range(begin, min(end, 12_000) - 20, 20):
            assert any(a <= ms < b for a, b in sent), ms
    assert not [span for span in sent if 6000 < span[0] < 7900]

"""Opus: right length, right sound, and nothing that comes over the link can stop it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sotto_hub.perception.hear.opus import PACKET_SAMPLES, OpusDecoder, low_pass
from tests.hub.perception.recorded_sound import FIXTURE, Pcm, encode, read_sound


@pytest.fixture(scope="module")
def speech() -> Pcm:
    return read_sound(FIXTURE / "clips" / "flite-dentist.wav")


@pytest.fixture(scope="module")
def packets(speech: Pcm) -> list[bytes]:
    return encode(speech)


def test_every_packet_is_twenty_milliseconds(packets: list[bytes]) -> None:
    decoder = OpusDecoder()
    assert [len(decoder.decode([packet])) for packet in packets[:20]] == [PACKET_SAMPLES] * 20
    assert decoder.decode([]).shape == (0,)
    assert decoder.corrupt == 0


def test_the_sound_is_that_of_the_speaker(speech: Pcm, packets: list[bytes]) -> None:
    heard = OpusDecoder().decode(packets).astype(float)
    said = speech[: len(heard)].astype(float)
    likeness = max(np.corrcoef(said[:-lag], heard[lag:])[0, 1] for lag in range(60, 140))
    assert likeness > 0.9


def test_how_packets_are_grouped_changes_nothing(packets: list[bytes]) -> None:
    whole = OpusDecoder().decode(packets[:30])
    decoder = OpusDecoder()
    parts = [decoder.decode(packets[at : at + 5]) for at in range(0, 30, 5)]
    assert np.array_equal(whole, np.concatenate(parts))


@pytest.mark.parametrize("broken", [b"", b"\xff", b"\x00" * 3, b"\x18" + bytes(20)])
def test_a_broken_packet_is_silence_and_counted(packets: list[bytes], broken: bytes) -> None:
    decoder = OpusDecoder()
    sound = decoder.decode([*packets[:40], broken, *packets[41:80]])
    assert len(sound) == 80 * PACKET_SAMPLES
    assert decoder.corrupt == 1
    assert np.abs(sound[50 * PACKET_SAMPLES :]).max() > 500


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=120), max_size=8))
def test_garbage_is_always_sound_of_the_right_length(garbage: list[bytes]) -> None:
    assert OpusDecoder().decode(garbage).shape == (PACKET_SAMPLES * len(garbage),)


def test_the_filter_keeps_speech_and_stops_what_would_fold() -> None:
    shape = np.abs(np.fft.rfft(low_pass(), 48_000))
    assert shape[0] == pytest.approx(1.0, abs=1e-4)
    assert shape[300:6_000].min() > 0.95
    assert shape[9_700:].max() < 0.01

"""Each detector of the canary test finds what is planted for it: that it finds nothing elsewhere means something."""

import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlcipher3 import dbapi2 as sqlcipher

from sotto_hub.perception.hear.engine import Pcm
from tests.e2e.canary.correlation import Wave
from tests.e2e.canary.haystack import Piece, Watchman, databases, files
from tests.e2e.canary.material import Canaries, canaries
from tests.e2e.canary.pictures import as_jpeg, as_png, find_pictures
from tests.e2e.canary.sound import find_packets, find_sound
from tests.e2e.canary.words import find_words

KEY = bytes(range(32))
CHANCE = np.random.default_rng(7)


def noise(size: int) -> bytes:
    return CHANCE.integers(0, 256, size, dtype=np.uint8).tobytes()


def hidden(data: bytes) -> list[Piece]:
    """The data at an odd place among other bytes, and something else beside it."""
    return [Piece("other", noise(40_000)), Piece("here", noise(10_001) + data + noise(5_003))]


# ---- words


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("spelt", [str.lower, str.upper, str.title])
def test_words_are_found(encoding: str, spelt: Callable[[str], str]) -> None:
    pieces = hidden(spelt("the purple elephant").encode(encoding))
    assert find_words(pieces, ["elephant", "tractor"]) == ["elephant in here"]


def test_words_are_found_in_a_database_and_in_what_was_deleted_from_it(tmp_path: Path) -> None:
    for name in ("hub.db", "memory.db"):
        connection = sqlcipher.connect(str(tmp_path / name))
        connection.execute(f"pragma key = \"x'{KEY.hex()}'\"")
        connection.execute("pragma secure_delete = off").fetchone()
        connection.execute("create table talk (words text, sound blob)")
        connection.execute("insert into talk values ('a purple elephant', ?)", [canaries().clips["kept"]])
        connection.commit()
        connection.execute("delete from talk where ? = 'hub.db'", [name])
        connection.commit()
        connection.close()
    assert find_words(files([tmp_path]), ["elephant"]) == []
    pieces = list(databases(tmp_path, KEY))
    found = find_words(pieces, ["elephant"])
    assert found == ["elephant in hub.db pages", "elephant in memory.db pages", "elephant in memory.db talk.words"]
    heard = find_sound([p for p in pieces if "talk" in p.name], canaries().clips)
    assert "kept in memory.db talk.sound as <i2 from 0" in heard


# ---- sound


def samples(name: str = "withheld") -> Pcm:
    return np.frombuffer(canaries().clips[name], dtype=np.int16)


def at_48_khz() -> bytes:
    pcm = samples().astype(np.float64)
    fine = np.interp(np.arange(len(pcm) * 3) / 3, np.arange(len(pcm)), pcm) / 32_768
    return bytes(fine.astype("<f4").tobytes())


def decoded() -> bytes:
    """The sound as the hub decodes it, after Opus."""
    from sotto_hub.perception.hear.opus import OpusDecoder
    from tests.e2e.canary.material import QUIET, packets_of

    pcm = OpusDecoder().decode(packets_of(QUIET + canaries().clips["withheld"] + QUIET))
    return pcm.tobytes()


def contained(form: str, codec: str) -> bytes:
    import av

    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        stream: Any = container.add_stream(codec, rate=16_000)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(samples().reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = 16_000, Fraction(1, 16_000), 0
        resampler = av.AudioResampler(
            format=stream.format.name, layout="mono", rate=16_000, frame_size=stream.frame_size
        )
        for part in [*resampler.resample(frame), None]:
            container.mux(stream.encode(part))
    return file.getvalue()


FORMS: dict[str, Callable[[], bytes]] = {
    "s16": lambda: samples().tobytes(),
    "s16, other order": lambda: samples().astype(">i2").tobytes(),
    "quiet s16": lambda: np.floor_divide(samples(), 20).tobytes(),
    "a second of s16": lambda: samples().tobytes()[32_000:64_000],
    "f32": lambda: (samples() / 32_768).astype("<f4").tobytes(),
    "f32 at 48 kHz": at_48_khz,
    "after Opus": decoded,
    "WAV": lambda: contained("wav", "pcm_s16le"),
    "FLAC": lambda: contained("flac", "flac"),
    "Ogg Opus": lambda: contained("ogg", "libopus"),
    "Matroska": lambda: contained("matroska", "flac"),
}


@pytest.mark.parametrize("form", FORMS)
def test_sound_is_found(form: str) -> None:
    found = find_sound(hidden(FORMS[form]()), canaries().clips)
    assert found
    assert all(where.startswith("withheld in here") for where in found)


def test_other_sound_and_noise_are_not_taken_for_it() -> None:
    from tests.e2e.canary.material import SPEECH

    speech = (SPEECH / "flite-dentist.wav").read_bytes()
    quiet = np.zeros(50_000, dtype=np.int16).tobytes()
    ramp = np.arange(60_000, dtype=np.int16).tobytes()
    text = b"the log says: frame 17 of 20 is committed\n" * 3_000
    pieces = [Piece("noise", noise(300_000)), *(Piece(n, d) for n, d in (("speech", speech), ("quiet", quiet)))]
    assert find_sound([*pieces, Piece("ramp", ramp), Piece("text", text)], canaries().clips) == []


def test_opus_packets_are_found_byte_for_byte() -> None:
    packet = max(canaries().packets, key=len)
    assert find_packets(hidden(packet), canaries().packets) == ["here"]
    assert find_packets(hidden(packet[:-1]), canaries().packets) == []


# ---- pictures


def shrunk(width: int, height: int) -> Wave:
    pixels = canaries().picture
    ys = (np.arange(height) * pixels.shape[0]) // height
    xs = (np.arange(width) * pixels.shape[1]) // width
    small: Wave = pixels[ys][:, xs].astype(np.float64)
    return small


PICTURES: dict[str, Callable[[Canaries], bytes]] = {
    "the JPEG itself": lambda c: as_jpeg(c.picture),
    "a third of it": lambda c: as_jpeg(c.picture)[5_000:9_000],
    "another JPEG": lambda c: as_jpeg(c.picture[::2, ::2].copy()),
    "PNG": lambda c: as_png(c.picture),
    "small, colour": lambda c: shrunk(32, 24).astype(np.uint8).tobytes(),
    "small, grey": lambda c: shrunk(64, 48).mean(axis=2).astype(np.uint8).tobytes(),
    "small, floats": lambda c: (shrunk(32, 24).mean(axis=2) / 255).astype("<f4").tobytes(),
}


@pytest.mark.parametrize("form", PICTURES)
def test_a_picture_is_found(form: str) -> None:
    found = find_pictures(hidden(PICTURES[form](canaries())), canaries().picture)
    assert found
    assert all(where.endswith(" in here") for where in found)


def test_noise_and_text_are_no_picture() -> None:
    text = b"the log says: frame 17 of 20 is committed\n" * 3_000
    marked = noise(500) + b"\xff\xd8\xff\xe0" + noise(500) + b"\xff\xd9" + noise(500)
    pieces = [Piece("noise", noise(200_000)), Piece("text", text), Piece("marked", marked), Piece("none", b"")]
    assert find_pictures(pieces, canaries().picture) == []


# ---- what is deleted


def test_what_was_deleted_can_still_be_searched(tmp_path: Path) -> None:
    home, kept = tmp_path / "home", tmp_path / "kept"
    home.mkdir()
    with Watchman([home], kept):
        (home / "fleeting.tmp").write_text("elephant")
        while not any(kept.iterdir()):
            pass
        (home / "fleeting.tmp").unlink()
    assert find_words(files([home, kept]), ["elephant"]) == ["elephant in kept/0000-fleeting.tmp"]

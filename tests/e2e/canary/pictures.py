"""Finds pictures: any JPEG or PNG that can be decoded, pieces of the very bytes, and small pictures of raw pixels."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tests.e2e.canary.correlation import Templates, Wave, numbers
from tests.e2e.canary.haystack import Piece

WIDTH, HEIGHT = 320, 240
BLOCKS: Final = (8, 6)
SMALL: Final = ((16, 12), (32, 24), (64, 48))
SLICE: Final = 24
STEP: Final = 256
ALIKE: Final = 0.75
PIXELS: Final = ("u1", "<f4")
Picture = NDArray[np.uint8]


def picture(seed: int) -> Picture:
    """Blocks of colour that no other seed has, (240, 320, 3), with a little noise."""
    chance = np.random.default_rng(seed)
    blocks = chance.integers(0, 256, (BLOCKS[1], BLOCKS[0], 3))
    large = blocks.repeat(HEIGHT // BLOCKS[1], axis=0).repeat(WIDTH // BLOCKS[0], axis=1)
    noisy = large + chance.normal(0, 6, large.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def as_jpeg(pixels: Picture) -> bytes:
    """The picture as a camera would send it."""
    return _encoded(pixels, "mjpeg", "yuvj420p")


def as_png(pixels: Picture) -> bytes:
    """The picture, lossless."""
    return _encoded(pixels, "png", "rgb24")


def _encoded(pixels: Picture, name: str, form: str) -> bytes:
    import av

    codec: Any = av.CodecContext.create(name, "w")
    codec.width, codec.height, codec.pix_fmt = pixels.shape[1], pixels.shape[0], form
    codec.time_base = Fraction(1)
    frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format=form)
    return b"".join(bytes(packet) for packet in [*codec.encode(frame), *codec.encode(None)])


def find_pictures(pieces: Iterable[Piece], pixels: Picture) -> list[str]:
    """Where a picture is: any that can be decoded, and this one in any form."""
    jpeg, thumbnails = as_jpeg(pixels), list(_thumbnails(pixels))
    found: set[str] = set()
    for piece in pieces:
        shown = (*_markers(piece.data), *_slices(piece.data, jpeg), *_shown(piece.data, thumbnails))
        found.update(f"{how} in {piece.name}" for how in shown)
    return sorted(found)


def _markers(data: bytes) -> Iterator[str]:
    """A JPEG from its first marker to its last, a PNG from its signature."""
    for magic, end, codec in ((b"\xff\xd8\xff", b"\xff\xd9", "mjpeg"), (b"\x89PNG\r\n\x1a\n", b"IEND", "png")):
        place = data.find(magic)
        while place >= 0:
            close = data.find(end, place)
            if close >= 0 and _decodes(data[place : close + len(end) + 4 * (codec == "png")], codec):
                yield codec
            place = data.find(magic, place + 1)


def _decodes(data: bytes, name: str) -> bool:
    import av

    codec: Any = av.CodecContext.create(name, "r")
    try:
        return any(frame.width > 1 for frame in [*codec.decode(av.Packet(data)), *codec.decode(None)])
    except (av.error.FFmpegError, EOFError):
        return False


def _slices(data: bytes, jpeg: bytes) -> Iterator[str]:
    """Short runs of the very bytes, taken from all over the picture: a part of it is enough."""
    scan = jpeg.index(b"\xff\xda")
    if any(jpeg[at : at + SLICE] in data for at in range(scan, len(jpeg) - SLICE, STEP)):
        yield "bytes"


def _thumbnails(pixels: Picture) -> Iterator[tuple[str, Templates]]:
    """The picture at small sizes, each pixel the mean of what it covers: grey, and colours pixel by pixel."""
    for width, height in SMALL:
        blocks = pixels.reshape(height, pixels.shape[0] // height, width, pixels.shape[1] // width, 3)
        colours = blocks.mean(axis=(1, 3))
        yield f"{width}x{height} grey", Templates([(colours @ np.array([0.299, 0.587, 0.114])).reshape(-1)])
        yield f"{width}x{height} colour", Templates([colours.reshape(-1)])


def _shown(data: bytes, thumbnails: Sequence[tuple[str, Templates]]) -> Iterator[str]:
    for wave in _streams(data):
        for how, template in thumbnails:
            if template.highest(wave)[0] >= ALIKE:
                yield how


def _streams(data: bytes) -> Iterator[Wave]:
    """All that the bytes could be as pixels."""
    for form in PIXELS:
        for offset in range(np.dtype(form).itemsize):
            yield from numbers(data, form, offset)

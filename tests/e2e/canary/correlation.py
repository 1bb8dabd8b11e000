"""Normalised cross-correlation of a long wave with short templates, at every place, block by block.

The correlation of a stretch x with a template t of the same length is <x - mean, t - mean> / (|x - mean| |t - mean|):
1 for the same thing at any size and level, about 1/sqrt(length) for anything else. The sums of products are computed
with the Fourier transform.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

BLOCK: Final = 1 << 16
SMALL: Final = 8.0
LARGE: Final = 100_000.0
Wave = NDArray[np.float64]


def numbers(data: bytes, form: str, offset: int) -> list[Wave]:
    """The bytes from an offset on as numbers of a form; floats in two ranges, for large ones drown small ones."""
    count = (len(data) - offset) // np.dtype(form).itemsize
    if count <= 0:
        return []
    with np.errstate(all="ignore"):
        wave = np.frombuffer(data, form, count, offset).astype(np.float64)
        if "f" not in form:
            return [wave]
        size = np.abs(wave)
        return [np.where(size <= SMALL, wave, 0.0), np.where((size > SMALL) & (size <= LARGE), wave, 0.0)]


class Templates:
    """Templates of one length, ready to be looked for."""

    def __init__(self, templates: list[Wave]) -> None:
        even = np.stack([template - template.mean() for template in templates])
        self.length = even.shape[1]
        self._spectra = np.conj(np.fft.rfft(even / np.linalg.norm(even, axis=1, keepdims=True), BLOCK))

    def highest(self, wave: Wave) -> Wave:
        """For each template the highest correlation with any stretch of the wave, without regard to its sign."""
        best = np.zeros(len(self._spectra))
        step = BLOCK - self.length + 1
        for at in range(0, max(len(wave) - self.length + 1, 0), step):
            block = wave[at : at + BLOCK]
            if block.any():
                best = np.maximum(best, self._within(block))
        return best

    def _within(self, block: Wave) -> Wave:
        spread = _spread(block, self.length)
        products = np.fft.irfft(np.fft.rfft(block - block.mean(), BLOCK) * self._spectra, BLOCK)[:, : len(spread)]
        alike = np.abs(products) / np.where(spread > 0, spread, np.inf)
        highest: Wave = alike.max(axis=1)
        return highest


def _spread(block: Wave, length: int) -> Wave:
    """For every place the norm of what lies there, without its mean; 0 where there is only the noise of rounding."""
    even = block - block.mean()
    sums = np.concatenate([[0.0], np.cumsum(even)])
    squares = np.concatenate([[0.0], np.cumsum(even**2)])
    total, power = sums[length:] - sums[:-length], squares[length:] - squares[:-length]
    variance = power - total**2 / length
    least = max(1e-9 * float(squares[-1]), 1e-300)
    return np.sqrt(np.where(variance > least, variance, 0.0))

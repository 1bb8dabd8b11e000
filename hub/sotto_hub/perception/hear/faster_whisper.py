"""faster-whisper: the best ears a hub can have today. Its model is a folder on this machine, or it is not used.

Nothing here reaches the network: a model is looked for in its folder, among the hub's own and in the cache of the
Hugging Face client, and `sotto models pull` is the only thing that fetches one.

Decoding never samples (temperature 0, no fall-back), so that a day replayed gives the same words. The engine's own
voice filter stays off: device and endpointing have done that work, and it moves word times.
"""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sotto_hub.errors import DecodeFailed, ModelMissing
from sotto_hub.models import complete, pull_command
from sotto_hub.perception.hear.agreement import Agreement, agree
from sotto_hub.perception.hear.engine import Pcm
from sotto_hub.records import Word

RATE_HZ: Final = 16_000


def find_model(model: str, models_folder: Path | None) -> Path:
    """The folder of a model that is already here: a folder, a name among the hub's models, a name in the cache.

    Raises `ModelMissing` with the command that fetches it.
    """
    own = (models_folder / model,) if models_folder is not None and model else ()
    places: tuple[Path | None, ...] = (Path(model).expanduser(), *own, _cached(model))
    for folder in places:
        if folder is not None and complete(folder):
            return folder
    raise ModelMissing("model_missing", f"the model {model} is not on this machine: {pull_command(model)}")


def _cached(model: str) -> Path | None:
    """Where the Hugging Face client keeps a model, when it does. Looks at files only."""
    from faster_whisper.utils import download_model  # heavy: only where it is used
    from huggingface_hub.errors import HFValidationError  # heavy: only where it is used

    try:
        return Path(str(download_model(model, local_files_only=True)))
    except (OSError, ValueError, HFValidationError):
        return None


class FasterWhisper:
    """The engine: one model in memory, int8, on a GPU when there is one."""

    def __init__(self, folder: Path, *, language: str = "en") -> None:
        self.name = f"faster-whisper {folder.name}"
        self._language = None if language == "auto" else language
        self._model = _load(folder)

    def open(self, start_ns: int, hints: Sequence[str] = (), *, partials: bool = True) -> "WhisperDecoding":
        """Begins an utterance; hints bias the decoder towards names."""
        return WhisperDecoding(self, start_ns, " ".join(hints) or None, partials=partials)

    def close(self) -> None:
        """Lets go of the model."""
        self._model = None

    def segments(self, pcm: Pcm, hotwords: str | None, *, words: bool) -> list[Any]:
        """One pass over all of the sound. The generator is drained here: decoding happens while iterating."""
        try:
            found, _ = self._model.transcribe(
                _samples(pcm),
                language=self._language,
                beam_size=5 if words else 1,
                temperature=0.0,
                condition_on_previous_text=False,
                no_speech_threshold=0.6,
                log_prob_threshold=-1.0,
                word_timestamps=words,
                hotwords=hotwords,
                vad_filter=False,
            )
            return list(found)
        except (RuntimeError, ValueError) as broken:
            seconds = len(pcm) / RATE_HZ
            raise DecodeFailed("decode_failed", f"faster-whisper broke on {seconds:.1f} s of sound.") from broken


class WhisperDecoding:
    """One utterance. A pass for partials runs at most once per as much sound as the last pass took time."""

    def __init__(self, engine: FasterWhisper, start_ns: int, hotwords: str | None, *, partials: bool) -> None:
        self._engine = engine
        self._start_ns = start_ns
        self._hotwords = hotwords
        self._partials = partials
        self._sound: list[Pcm] = []
        self._waiting_s = 0.0
        self._pass_s = 0.5
        self._agreement = Agreement()

    def feed(self, pcm: Pcm) -> str | None:
        """Takes more sound; the words that two passes in a row agree on, when they changed."""
        self._sound.append(pcm)
        self._waiting_s += len(pcm) / RATE_HZ
        if not self._partials or self._waiting_s < self._pass_s:
            return None
        before = self._agreement.agreed
        self._agreement = agree(self._agreement, self._guess())
        return self._agreement.text if self._agreement.agreed != before else None

    def finish(self) -> tuple[Word, ...]:
        """Decodes the whole utterance."""
        if not self._sound:
            return ()
        segments = self._engine.segments(np.concatenate(self._sound), self._hotwords, words=True)
        found = [word for segment in segments for word in segment.words or ()]
        return tuple(self._word(word) for word in found if word.word.strip())

    def _guess(self) -> list[str]:
        begun = time.perf_counter()
        segments = self._engine.segments(np.concatenate(self._sound), self._hotwords, words=False)
        self._pass_s = max(0.5, time.perf_counter() - begun)
        self._waiting_s = 0.0
        return " ".join(segment.text for segment in segments).split()

    def _word(self, word: Any) -> Word:
        return Word(
            text=word.word.strip(),
            start_ns=self._start_ns + round(float(word.start) * 1e9),
            end_ns=self._start_ns + round(float(max(word.start, word.end)) * 1e9),
            confidence=min(1.0, max(0.0, float(word.probability))),
        )


def _samples(pcm: Pcm) -> NDArray[np.float32]:
    return (pcm / np.float32(32_768)).astype(np.float32)


def _load(folder: Path) -> Any:
    """The model on the GPU when there is one that works, else on the processor."""
    from ctranslate2 import get_cuda_device_count  # heavy: only where it is used

    for device in ("cuda", "cpu") if get_cuda_device_count() else ("cpu",):
        try:
            return _tried(folder, device)
        except (RuntimeError, ValueError, OSError) as broken:
            failure = broken
    raise ModelMissing("model_broken", f"the model in {folder} cannot be loaded; fetch it again.") from failure


def _tried(folder: Path, device: str) -> Any:
    """Loads the model; on a GPU it also decodes once, because missing libraries show only then."""
    from faster_whisper import WhisperModel  # heavy: only where it is used

    threads = min(8, os.cpu_count() or 1)
    model = WhisperModel(
        str(folder), device=device, compute_type="int8", cpu_threads=threads, num_workers=1, local_files_only=True
    )
    if device == "cuda":
        list(model.transcribe(np.zeros(RATE_HZ, dtype=np.float32), language="en")[0])
    return model

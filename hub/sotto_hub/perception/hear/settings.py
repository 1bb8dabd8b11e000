"""How the hub hears: every number of this room that a keeper may turn, in one immutable record (pure).

The defaults were chosen on recorded days with `python -m tests.bench.hearing_days`.
"""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRules:
    """When speech begins and ends. Voice is a byte, 0..255, as frames carry it.

    Speech begins at `onset`, the device's own threshold, and goes on while voice reaches `offset`.
    `pre_roll_ms` and `post_roll_ms` of quiet are given to the recogniser before and after speech.
    """

    onset: int = 102
    offset: int = 102
    pre_roll_ms: int = 300
    post_roll_ms: int = 250
    end_pause_ms: int = 450
    min_speech_ms: int = 100
    cap_ms: int = 20_000
    cut_window_ms: int = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HearSettings:
    """Which recogniser hears, and how.

    `engine`: auto, pocketsphinx, faster-whisper or scripted:FILE. `model`: a name of the catalogue or a model folder.
    `language`: a code such as "en", or "auto" where the engine can tell. `partials`: show words while they are said;
    without them a replay runs faster and gives the same finals.
    """

    engine: str = "auto"
    model: str = ""
    models_folder: Path | None = None
    language: str = "en"
    partials: bool = True
    turn_pause_ms: int = 400
    endpoint: EndpointRules = field(default_factory=EndpointRules)

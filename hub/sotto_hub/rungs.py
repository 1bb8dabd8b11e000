"""The ladders of this hub: how well each ability is served here and now, and the command that climbs, if one does."""

from typing import Final

from sotto_hub.embedding.ladder import BY_WORDS
from sotto_hub.perception.hear.ladder import describe
from sotto_hub.perception.hear.settings import HearSettings
from sotto_hub.records import Rung

_FIXED: Final = (
    Rung(ability="think", rung="rules", better="a local language model (not in this version)"),
    Rung(ability="see", rung="nothing: pictures and gaze are dropped", better="text in view (not in this version)"),
    BY_WORDS,
    Rung(ability="who", rung="one unknown speaker", better="enrolled voices (not in this version)"),
    Rung(ability="speak", rung="text", better="espeak-ng (not in this version)"),
)


def rungs(hear: HearSettings) -> tuple[Rung, ...]:
    """Every ability, hearing first. Loads nothing."""
    return (describe(hear), *_FIXED)

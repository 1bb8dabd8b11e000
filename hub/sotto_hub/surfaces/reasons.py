"""Why something captured was lost (pure): from the stable words of the ledger to those of a person."""

from typing import Final

_WORDS: Final = {
    "buffer_full": "no room in the device's memory",
    "spool_full": "no room on the device's disk",
    "spool_old": "waited too long on the device",
    "killed": "the device stopped without warning",
    "stopped": "the device was stopped",
    "suspended": "the device was asleep",
    "hub_restored": "the hub was restored from a backup",
    "off_the_record": "taken back",
    "device_error": "the sensor failed",
    "device_stalled": "the sensor stopped answering",
    "device_overrun": "the device was too slow",
    "not_understood": "nothing here understands it",
    "undecodable": "could not be decoded",
    "decode_failed": "the recogniser failed",
    "cut": "cut off in mid-word",
    "other": "other reasons",
}


def reason_word(reason: str) -> str:
    """The words for a reason; one that is not known is read as it is written: "hub_on_fire" as "hub on fire"."""
    return _WORDS.get(reason) or reason.replace("_", " ") or "no reason given"

"""Talk that ends a commitment (pure): "the choir is cancelled", "i have sent the report"."""

import re
from typing import Final

from sotto_hub.language.english.clauses import Reading, best_time, hedged, questioned, told
from sotto_hub.language.records import Finding, FindingKind

CANCELLED: Final = re.compile(
    r"\b(?:is|are|was|has been|have been|got) (?:cancelled|canceled|called off)\b|\bwill not take place\b"
    r"|\b(?:is|are) not happening\b"
)
PENDING: Final = (
    "need|promis|want|plann|hop|agre|offer|tri|decid|ask|book|schedul|arrang|mov|postpon|reserv|remind|miss|mention|"
    "talk|discuss|expect|intend|refus|fail|wish|wait|start|us"
)
"""Verbs whose past says that something is still to come, or came to nothing."""
DONE: Final = re.compile(
    rf"\bi (?:have )?(?:just |already |finally )?(?:(?!(?:{PENDING})\w*ed\b)\w+ed|"
    r"sent|bought|brought|paid|gave|given|took|taken|met|wrote|written|made|got|lent|told|did|done|found)\b"
)
CAME: Final = re.compile(r"\b(?:came|arrived|was delivered|is here|has arrived)\b(?:.*<\d+>)?")


def ended(read: Reading) -> Finding | None:
    """What the utterance says is cancelled or done, in its own words; memory decides whether anything matches."""
    if questioned(read.plain):
        return None
    if (match := CANCELLED.search(read.plain)) and not hedged(read.plain, match.start()):
        return ending(read, FindingKind.CANCELLED, read.plain[: match.start()])
    match = DONE.search(read.plain) or CAME.search(read.plain)
    if match is None or hedged(read.plain, match.start()):
        return None
    return ending(read, FindingKind.DONE, told(read.said.text))


def ending(read: Reading, kind: FindingKind, what: str) -> Finding:
    """A finding that may end a commitment."""
    bare = re.sub(r"<\d+>", "", what).strip()
    return Finding(kind=kind, what=bare, evidence=(read.said.id,), when=best_time(read, 0))

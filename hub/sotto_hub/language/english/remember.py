"""What somebody asks to be remembered (pure): "please remember that …", "note to self …", "keep in mind that …"."""

import re
from typing import Final

from sotto_hub.language.english.clauses import Reading, hedged, told
from sotto_hub.language.records import Finding, FindingKind

REMEMBER: Final = re.compile(
    r"(?:^|\bplease |\band |\bso |\bbut |\bjust |\balways )remember (?:that |this )?"
    r"|(?:^|\bplease |\band |\bso |\bbut )do not forget that |\bnote to self(?: that)? "
    r"|\b(?:please )?(?:keep in mind|bear in mind|make a note|take note) that "
)
LEAST_WORDS: Final = 3


def remembered(read: Reading) -> Finding | None:
    """The fact that follows "please remember that", in the words that were said."""
    match = REMEMBER.search(read.plain)
    if match is None or hedged(read.plain, match.start()):
        return None
    first = read.token(len(read.plain[: match.end()].split()))
    if len(read.words) - first < LEAST_WORDS:
        return None
    what = told(read.said.text[read.words[first].start :])
    return Finding(kind=FindingKind.FACT, what=what, evidence=(read.said.id,), confidence=0.8)

"""How much of a text is embedded (pure): models read a few hundred tokens, and servers refuse what is longer."""

from typing import Final

TEXT_BYTES: Final = 2_000


def clipped(text: str, most_bytes: int = TEXT_BYTES) -> str:
    """The beginning of a text, at most so many bytes of UTF-8, no character cut."""
    return text.encode(errors="ignore")[:most_bytes].decode(errors="ignore")

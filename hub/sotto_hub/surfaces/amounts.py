"""Amounts of data as they are read: "512 B", "3.4 kB", "1.2 GB" (pure). A thousand to the kilo, as disks are sold."""

from typing import Final

_UNITS: Final = ("B", "kB", "MB", "GB", "TB", "PB")


def say_bytes(count: int) -> str:
    """A number of bytes in the unit that leaves one to three digits before the point."""
    value, unit = float(count), 0
    while round(value, 1 if unit else 0) >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit else f"{count} B"

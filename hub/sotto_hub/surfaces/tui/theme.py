"""The colours of the screen: few, quiet, and never the only sign of anything."""

import os

from textual.theme import Theme


def sotto_theme() -> Theme:
    """A dark, restrained theme: one green for listening, one amber for muted, one red for what is wrong."""
    return Theme(
        name="sotto",
        primary="#8fb4d8",
        secondary="#5f7388",
        accent="#c9a9d6",
        success="#93c49a",
        warning="#dcb06a",
        error="#dd7d7d",
        foreground="#d6dae0",
        background="#15181d",
        surface="#1b1f26",
        panel="#262b34",
        dark=True,
        variables={"quiet": "#858d99", "faint": "#4d5561", "input-cursor-background": "#d6dae0"},
    )


def wants_no_colour() -> bool:
    """Whether NO_COLOR asks for the terminal's own two colours (https://no-color.org: present and not empty)."""
    return bool(os.environ.get("NO_COLOR"))

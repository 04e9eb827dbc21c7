"""What every command needs: the lab, exit codes, and words that a terminal can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnnlab.lab import Lab

FAILED, BAD_INPUT = 1, 2

INTERRUPTED = 130
"""The exit code of a program that Ctrl-C ended."""


def open_lab() -> Lab:
    """The lab of this machine's settings."""
    # A late import, so that bad settings and --help are answered at once.
    from rnnlab.lab import Lab

    return Lab.open()


def printable(text: str) -> str:
    """The text without control characters, so that a terminal shows it and does not obey it."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)

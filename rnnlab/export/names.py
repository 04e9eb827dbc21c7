"""Names of files that every system takes."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 60
"""Letters of a name before its ending: old systems of Windows have room for 255 in a whole path."""

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(-|$)")
"""Names that Windows keeps for devices, whatever the ending."""


def safe_name(words: str, ending: str) -> str:
    """The words as a file name of lower-case letters, digits and hyphens.

    Args:
        words: what a person called it, in any script.
        ending: such as `.csv` or `-weights.zip`; it stays as it is.
    """
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")
    return f"{'run-' if not stem or RESERVED.match(stem) else ''}{stem}".strip("-") + ending

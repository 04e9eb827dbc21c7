"""Markdown: texts of people and of links that show as they are, and the longer texts of the screens."""

from __future__ import annotations

import re
import string

from rnnlab.texts import texts_beside

__all__ = ["escaped", "texts_beside"]

WORD_JOINER = "\u2060"
"""Has no width and allows no break."""


def escaped(sentence: str) -> str:
    """A sentence as Markdown that shows just this sentence: nothing in it becomes a mark, a link or a picture.

    Streamlit makes links of bare addresses too, after it has read the backslashes: a sign that is not seen parts them.
    """
    parted = re.sub(r"https?:|www|@", lambda start: start[0] + WORD_JOINER, sentence, flags=re.IGNORECASE)
    return "".join(f"\\{mark}" if mark in string.punctuation else mark for mark in parted)

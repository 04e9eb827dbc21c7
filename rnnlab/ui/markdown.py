"""Texts of people and of links as Markdown that shows just these texts."""

from __future__ import annotations

import re
import string

WORD_JOINER = "\u2060"
"""Has no width and allows no break."""


def escaped(sentence: str) -> str:
    """A sentence as Markdown that shows just this sentence: nothing in it becomes a mark, a link or a picture.

    Streamlit makes links of bare addresses too, after it has read the backslashes: a sign that is not seen parts them.
    """
    parted = re.sub(r"https?:|www|@", lambda start: start[0] + WORD_JOINER, sentence, flags=re.IGNORECASE)
    return "".join(f"\\{mark}" if mark in string.punctuation else mark for mark in parted)

"""Markdown: texts of people and of links that show as they are, and the longer texts of the screens."""

from __future__ import annotations

import re
import string
from pathlib import Path

WORD_JOINER = "\u2060"
"""Has no width and allows no break."""


def escaped(sentence: str) -> str:
    """A sentence as Markdown that shows just this sentence: nothing in it becomes a mark, a link or a picture.

    Streamlit makes links of bare addresses too, after it has read the backslashes: a sign that is not seen parts them.
    """
    parted = re.sub(r"https?:|www|@", lambda start: start[0] + WORD_JOINER, sentence, flags=re.IGNORECASE)
    return "".join(f"\\{mark}" if mark in string.punctuation else mark for mark in parted)


def texts_beside(module: str) -> dict[str, str]:
    """The texts of a module by their headings, from the Markdown file of the same name beside it.

    Each heading `## name` begins a text. Each paragraph becomes one line, as if it were written in one string.

    Args:
        module: its `__file__`.
    """
    _, *sections = Path(module).with_suffix(".md").read_text("utf-8").split("\n## ")
    parts = (section.partition("\n") for section in sections)
    return {name.strip(): "\n\n".join(map(_one_line, text.strip().split("\n\n"))) for name, _, text in parts}


def _one_line(paragraph: str) -> str:
    return " ".join(paragraph.split())

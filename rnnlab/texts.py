"""The longer texts of screens and lessons: sections of a Markdown file beside the module that shows them."""

from __future__ import annotations

from pathlib import Path


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

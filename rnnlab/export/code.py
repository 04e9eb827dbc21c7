"""Python code made from templates: numbers and names are written into it, and nothing is decided when it runs."""

from __future__ import annotations

from string import Template
from typing import Any


def filled(template: str, **values: Any) -> str:
    """A template with its `$names` replaced. Text is put in as it is, any other value as Python writes it."""
    written = {name: value if isinstance(value, str) else repr(value) for name, value in values.items()}
    return Template(template.strip("\n")).substitute(written)


def joined(parts: list[str], gap: str = "\n\n\n") -> str:
    """The parts that are not empty, with a gap between them."""
    return gap.join(part for part in parts if part)


def headed(head: str, body: str) -> str:
    """A part of a script below its heading."""
    return joined([head, body], gap="\n\n\n" if body.startswith(("def ", "@")) else "\n\n")


def comment(sentence: str) -> str:
    """A sentence that can stand in a comment or a docstring, whatever a person wrote: one line, no quotes to end it."""
    kept = "".join(letter if letter.isprintable() else " " for letter in sentence)
    return kept.replace("\\", "/").replace('"""', "'''").rstrip('"')

"""What was changed while a run trained: written into its settings, so that another run repeats it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

CHANGEABLE = ("learning_rate", "feedback")
"""The settings that may be moved while a run trains: nothing is compiled anew for them."""

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
PATTERN = rf"(?:[a-z_]+@[0-9]{{1,18}}={_NUMBER}(?:;(?!$)|$))*"
EXAMPLE = f"such as learning_rate@300=0.001, for {' or '.join(CHANGEABLE)}, with ; between several"


class Change(NamedTuple):
    """From some step on, a setting has another value.

    Attributes:
        name: one of `CHANGEABLE`.
        step: number of updates before the first one that it holds for.
        value: instead of what the setting and its schedule say.
    """

    name: str
    step: int
    value: float


def read_changes(text: str) -> tuple[Change, ...]:
    """The changes that `write_changes` wrote, or that were typed like them, in their order."""
    changes = []
    for part in filter(None, text.split(";")):
        name, _, rest = part.partition("@")
        step, _, value = rest.partition("=")
        changes.append(Change(name, int(step), float(value)))
    return tuple(changes)


def write_changes(changes: Iterable[Change]) -> str:
    """Changes as the text of a setting."""
    return ";".join(f"{change.name}@{change.step}={change.value!r}" for change in changes)


def with_change(text: str, change: Change) -> str:
    """The text with one more change; one that was made at the same step is replaced by it."""
    others = [one for one in read_changes(text) if (one.name, one.step) != (change.name, change.step)]
    return write_changes([*others, change])


def value_at(text: str, name: str, step: int) -> float | None:
    """The value that a setting was changed to for the update after that many; None before its first change."""
    values = [change.value for change in read_changes(text) if change.name == name and change.step <= step]
    return values[-1] if values else None

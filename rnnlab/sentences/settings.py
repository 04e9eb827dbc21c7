"""What tells two experiments apart, in words: two sets of flat settings in, a phrase or a sentence out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rnnlab import config

Values = Mapping[str, Any]
MOST_NAMED = 3
"""Settings that a sentence names; of more it gives the number."""


def differing(mine: Values, others: Values) -> list[str]:
    """The flat names of the settings that differ, in the order of the table.

    Args:
        mine, others: every setting by its flat name. Settings that have no effect in either are left out.
    """
    names = [name for name in config.all_settings() if mine.get(name) != others.get(name)]
    return [name for name in names if not (config.why_unused(name, mine) and config.why_unused(name, others))]


def described(values: Values, names: list[str]) -> str:
    """Such as `units 32, layers 1 and 2 other settings`."""
    rows = config.all_settings()
    named = [f"{rows[name][0].label.lower()} {_written(name, values.get(name))}" for name in names[:MOST_NAMED]]
    left = len(names) - len(named)
    if left:
        return f"{', '.join(named)} and {config.counted(left, 'other setting')}"
    return " and ".join(filter(None, [", ".join(named[:-1]), named[-1]])) if named else ""


def stale_sentence(run: Values, form: Values) -> str:
    """What is said of a run whose settings are no longer those of the form; empty when they are the same.

    Args:
        run: the settings that the run was trained with, by their flat names.
        form: the settings as they are typed.
    """
    if run["data"] != form["data"]:
        return "This is a run on other data. Press Train for the settings in the form."
    names = differing(form, run)
    if not names:
        return ""
    return f"This is a run with {described(run, names)}. Press Train for {described(form, names)}."


def _written(name: str, value: Any) -> str:
    if name == "cell" and value in config.CELL_KINDS:
        return config.CELL_KINDS[value].label
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else config.shown(value).strip("'") or "none"

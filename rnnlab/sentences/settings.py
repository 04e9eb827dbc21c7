"""What tells two experiments apart, in words: two sets of flat settings in, a phrase or a sentence out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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
    return differing_among([mine, others])


def differing_among(sets: Sequence[Values]) -> list[str]:
    """The flat names of the settings that are not the same in all of several sets, in the order of the table.

    Args:
        sets: every setting by its flat name. Settings that have no effect in any of them are left out.
    """
    first, *others = sets or [{}]
    names = [name for name in config.all_settings() if any(one.get(name) != first.get(name) for one in others)]
    return [name for name in names if not all(config.why_unused(name, one) for one in sets)]


def shared(names: Sequence[str], sets: Sequence[Values]) -> list[str]:
    """Those of the names that every set has: sets for different kinds of data have different settings."""
    return [name for name in names if all(name in one for one in sets)]


def told_apart(titles: Sequence[str], sets: Sequence[Values]) -> list[str]:
    """Words for each of several sets: the settings in which they differ; its title if they differ in none.

    Args:
        titles: of the sets. A title stands before the settings if the titles belong to different kinds of data.
        sets: every setting by its flat name.
    Returns:
        One text for each set. No two are the same: a number is added to equal ones.
    """
    names = shared(differing_among(sets), sets)
    is_mixed = len({one.get("data") for one in sets}) > 1
    words = [_short(one, names) for one in sets]
    if is_mixed or not names:
        words = [" · ".join(filter(None, [title, own])) for title, own in zip(titles, words, strict=True)]
    return _numbered(words)


def _short(values: Values, names: Sequence[str]) -> str:
    """Such as `LSTM, units 32` or, of many settings, `units 32, layers 1, seed 0, 2 more`."""
    label = {name: "" if name == "cell" else f"{config.all_settings()[name][0].label.lower()} " for name in names}
    named = [label[name] + written(name, values.get(name)) for name in names[:MOST_NAMED]]
    return ", ".join([*named, *([f"{len(names) - len(named)} more"] if len(names) > len(named) else [])])


def _numbered(words: Sequence[str]) -> list[str]:
    seen: Counter[str] = Counter()
    numbered = []
    for one in words:
        seen[one] += 1
        numbered.append(f"{one} ({seen[one]})" if words.count(one) > 1 else one)
    return numbered


def described(values: Values, names: list[str]) -> str:
    """Such as `units 32, layers 1 and 2 other settings`."""
    rows = config.all_settings()
    named = [f"{rows[name][0].label.lower()} {written(name, values.get(name))}" for name in names[:MOST_NAMED]]
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


def written(name: str, value: Any) -> str:
    """The value of a setting as people read it, such as `LSTM`, `on` or `0.5`."""
    if name == "cell" and value in config.CELL_KINDS:
        return config.CELL_KINDS[value].label
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else config.shown(value).strip("'") or "none"

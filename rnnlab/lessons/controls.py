"""The settings that may be changed in a lesson: a list of what is allowed, its own or the one in a teacher's link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rnnlab import config
from rnnlab.lessons.lesson import Lesson

NOT_GIVEN_BACK = ("data", "corpus", "problem", "upload", "series", "seed", "changes")
"""What is learned, and what belongs to one run."""


def possible(lesson: Lesson) -> list[str]:
    """All settings that a teacher's link may let students change in a lesson."""
    varied = {name for trial in lesson.trials for name in trial.varied}
    return [name for name in config.to_flat(lesson.base) if name not in {*NOT_GIVEN_BACK, *varied}]


def named(lesson: Lesson, link: str) -> tuple[list[str], list[str]]:
    """The settings that a link lets a student change, and a sentence for each that it cannot.

    Args:
        link: names with commas between; "" for the lesson's own.
    """
    names = list(dict.fromkeys(filter(None, link.split(","))))
    usable = [name for name in names if name in possible(lesson)]
    notes = [_refused(name, lesson) for name in names if name not in usable]
    return usable or list(lesson.controls), notes


def changed_settings(lesson: Lesson, allowed: Sequence[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the allowed settings that differ from the lesson's own.

    Args:
        allowed: names of settings.
        values: flat settings; what is not allowed has no effect.
    """
    base = config.to_flat(lesson.base)
    return {name: values[name] for name in allowed if name in values and values[name] != base[name]}


def complaints(lesson: Lesson, allowed: Sequence[str], values: Mapping[str, Any]) -> dict[str, str]:
    """One sentence for each allowed setting that cannot be used, by its name; `values` as for `changed_settings`."""
    found = {}
    for name in allowed:
        try:
            config.parse_setting(name, values[name])
        except config.InvalidSetting as error:
            found[name] = str(error)
    if found:
        return found
    try:
        for experiment in lesson.experiments(changed_settings(lesson, allowed, values)):
            config.check_limits(experiment)
    except config.InvalidSetting as error:
        return {error.name: str(error)}
    return {}


def _refused(name: str, lesson: Lesson) -> str:
    if name not in config.all_settings():
        nearest = config.nearest_setting(name)
        advice = f"did you mean {nearest}?" if nearest else "it was left out."
        return f"The link names a setting {config.shown(name)}, which does not exist: {advice}"
    return f"The link names {name}, but the lesson {lesson.title!r} cannot change it; it was left out."

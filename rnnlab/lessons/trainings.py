"""The trainings of a lesson in a lab: put into the queue, and found again by the ids in a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rnnlab import config
from rnnlab.lessons.controls import changed_settings
from rnnlab.lessons.lesson import Lesson
from rnnlab.plots.groups import Line, Points
from rnnlab.store.group import UnknownGroup
from rnnlab.store.run import Run, UnknownRun
from rnnlab.store.states import FINISHED

if TYPE_CHECKING:
    from rnnlab.lab import VisitorsLab


def start(lab: VisitorsLab, lesson: Lesson, played: Mapping[str, Any]) -> str:
    """Put the trainings into the queue, a trial of several as a group.

    Args:
        played: flat settings that a person has changed.
    Returns:
        The ids of the runs and groups, with commas between.
    """
    ids = []
    for trial in lesson.trials:
        sweep = trial.sweep(played)
        name = f"Lesson: {lesson.title}" + (f" ({trial.name})" if trial.name else "")
        if trial.is_group:
            ids.append(lab.submit_group(sweep, name, trial.preset))
        else:
            ids.append(lab.submit(sweep.base, name, trial.preset))
    return ",".join(ids)


def runs_of(lab: VisitorsLab, lesson: Lesson, ids: str, allowed: Sequence[str]) -> list[Run]:
    """The runs of a lesson's experiment, in the lesson's order.

    A link may name anybody's runs. Only those that have the settings of the lesson are its experiment.

    Args:
        ids: what `start` returned.
        allowed: the settings that may differ from the lesson's.
    Returns:
        [] if there is no such experiment.
    """
    try:
        runs = [run for one in ids.split(",") if one for run in _members(lab, one)]
        if not runs:
            return []
        played = changed_settings(lesson, allowed, config.to_flat(runs[0].experiment))
        return runs if [run.experiment for run in runs] == lesson.experiments(played) else []
    except (UnknownRun, UnknownGroup, config.InvalidSetting):
        return []


def _members(lab: VisitorsLab, run_or_group: str) -> list[Run]:
    try:
        return [lab.run(run_or_group)]
    except UnknownRun:
        return lab.members(run_or_group)


def is_over(runs: Sequence[Run]) -> bool:
    """Whether there is an experiment, and all of it has finished."""
    return bool(runs) and all(run.state == FINISHED for run in runs)


def lines_of(lesson: Lesson, runs: Sequence[Run], points: Sequence[Points]) -> tuple[list[str], int, list[Line]]:
    """The curves of an experiment as a group's are drawn.

    Args:
        points: of each run.
    Returns:
        A word for each variant, the seeds of each, and the curve of each run.
    """
    labels = lesson.labels([run.experiment for run in runs])
    variants = list(dict.fromkeys(labels))
    numbered = zip(labels, runs, points, strict=True)
    lines = [Line(variants.index(label), run.experiment.seed, curve) for label, run, curve in numbered]
    return variants, max(map(labels.count, variants)), lines

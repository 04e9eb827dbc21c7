"""The table of runs: a column for what each run came to, and for each setting in which the shown runs differ."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from rnnlab import config
from rnnlab.measures import TEST_PERPLEXITY, VALID_LOSS
from rnnlab.sentences.settings import described, differing, differing_among, shared, written
from rnnlab.store.listing import RunPage
from rnnlab.store.run import Run

MOST_SETTINGS = 6
"""Columns of settings; of more, the rest is counted."""

MEGABYTE = 1e6

NAME, STATE, STARTED, OWNER, GROUP = "Name", "State", "Started", "Owner", "Group"
BEST, BEST_STEP, SPARK = "Best validation loss", "At step", "Validation loss"
TEST, FREE = TEST_PERPLEXITY.label, "Free-running error"
STEPS, TAGS, REMARK, WEIGHTS = "Steps", "Tags", "Notes", "Weights, MB"
CHANGE, DIFFERENCES = "Loss against the baseline, %", "Other settings than the baseline"

Column = list[Any]


@lru_cache(maxsize=4096)  # A page is drawn again and again.
def flat_settings(experiment: str) -> Mapping[str, Any]:
    """Every setting of a stored experiment by its flat name; nothing if this version does not know all of them.

    What was stored was checked then. To check it once more would take ten times as long as all else.
    """
    stored = json.loads(experiment)
    defaults = _defaults(stored.get("data", config.Experiment().data.kind))
    return defaults | stored if stored.keys() <= defaults.keys() else {}


@cache
def _defaults(kind: str) -> dict[str, Any]:
    """Every setting of one kind of data, as JSON has it; nothing for a kind that this version does not know."""
    if kind not in config.DATA_KINDS:
        return {}
    return json.loads(config.to_json(config.Experiment(data=config.DATA_KINDS[kind]())))


def run_columns(
    page: RunPage, states: Mapping[str, str], owners: Mapping[str, str], baseline: Run | None = None
) -> tuple[dict[str, Column], int]:
    """The columns of the table, and how many settings differ for which there is no column.

    Args:
        page: what is listed.
        states: a word for each state.
        owners: what to call each owner. There is a column for it if two of them are listed.
        baseline: the run that the others are compared with.
    Returns:
        The columns by their titles, one value for each run, None where a run has none. Columns that have no value at
        all are left out, except for name and state.
    """
    sets = [flat_settings(run.experiment_json) for run in page.runs]
    known = [one for one in sets if one]
    names = shared(differing_among(known), known)
    rows = [_row(run, page, states, owners) for run in page.runs]
    columns: dict[str, Column] = {NAME: [run.name for run in page.runs]}
    columns |= {_title(name, columns): _setting(name, sets) for name in names[:MOST_SETTINGS]}
    columns |= {title: [row[title] for row in rows] for title in (rows[0] if rows else ())}
    if baseline is not None:
        columns |= _against(baseline, page.runs, sets)
    if len({run.owner for run in page.runs}) < 2:
        columns.pop(OWNER, None)
    kept = {title: column for title, column in columns.items() if title in (NAME, STATE) or any(map(_is_there, column))}
    return kept, len(names[MOST_SETTINGS:])


def colors_kept(before: Mapping[str, int], shown: Sequence[str]) -> dict[str, int]:
    """The place of each run in the palette: a run keeps its place, and a new one takes the lowest that is free.

    Args:
        before: the places so far, by run.
        shown: the runs that need one now.
    """
    kept = {run_id: before[run_id] for run_id in shown if run_id in before}
    free = (place for place in range(len(shown) + len(before)) if place not in kept.values())
    return {run_id: kept[run_id] if run_id in kept else next(free) for run_id in shown}


def _row(run: Run, page: RunPage, states: Mapping[str, str], owners: Mapping[str, str]) -> dict[str, Any]:
    measured = run.measured
    best, test = measured.get(VALID_LOSS.name), measured.get(TEST_PERPLEXITY.name)
    size = page.sizes.get(run.id)
    return {
        STATE: states[run.state],
        BEST: best.best if best else None,
        BEST_STEP: best.best_step if best else None,
        SPARK: list(run.spark) or None,
        TEST: test.last if test else None,
        FREE: run.free_error,
        STEPS: run.step,
        TAGS: run.tags or None,
        REMARK: run.remark or None,
        GROUP: page.groups.get(run.group_id) if run.group_id else None,
        OWNER: owners.get(run.owner, run.owner),
        WEIGHTS: size / MEGABYTE if size else None,
        STARTED: run.created,
    }


def _title(name: str, taken: Mapping[str, Column]) -> str:
    label = config.all_settings()[name][0].label
    return f"{label} ({name})" if label in taken else label


def _setting(name: str, sets: Sequence[Mapping[str, Any]]) -> Column:
    """Numbers where all values are numbers, so that they are sorted as such; otherwise words."""
    values = [one.get(name) for one in sets]
    if all(isinstance(value, int | float | None) and not isinstance(value, bool) for value in values):
        return values
    return [written(name, value) if value is not None else None for value in values]


def _against(baseline: Run, listed: Sequence[Run], sets: Sequence[Mapping[str, Any]]) -> dict[str, Column]:
    """How much higher or lower the best loss of each run is, and which of its settings are not the baseline's."""
    base = flat_settings(baseline.experiment_json)
    differences = []
    for own in sets:
        names = shared(differing(own, base), [own, base]) if own and base else []
        differences.append(described(own, names) or None)
    return {CHANGE: [_change(run, baseline) for run in listed], DIFFERENCES: differences}


def _change(run: Run, baseline: Run) -> float | None:
    if run.best_loss is None or not baseline.best_loss or run.id == baseline.id:
        return None
    return 100 * (run.best_loss / baseline.best_loss - 1)


def _is_there(value: Any) -> bool:
    return value is not None

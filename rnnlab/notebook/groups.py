"""Several runs at once: trained by the lab's engine, watched from the notebook."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from rnnlab.config import Sweep, counted
from rnnlab.config.sweep import values_of
from rnnlab.errors import LabError
from rnnlab.lab import Lab
from rnnlab.measures import LOSS_UNIT, MEASURES
from rnnlab.notebook.card import summary
from rnnlab.notebook.fitting import open_run
from rnnlab.notebook.own_data import OwnData
from rnnlab.notebook.progress import LiveFigure, bar
from rnnlab.notebook.run import TrainedRun
from rnnlab.notebook.starting import Start, check_names, plan
from rnnlab.notebook.theme import for_notebook
from rnnlab.plots.curves import finals_figure, group_figure
from rnnlab.plots.groups import Line
from rnnlab.presets import group_name
from rnnlab.store.group import Group
from rnnlab.store.run import Run
from rnnlab.store.states import FAILED, FINISHED
from rnnlab.watching.group_line import group_line
from rnnlab.watching.groups import WatchedGroup, compared_measures, done_share, finals, outcomes, place_of

LOOK_SECONDS = 0.2
"""Between two looks at the runs."""

PARTS = 1000
"""Of the bar: it goes on with every update, not only with every run."""


def sweep(
    start: Start | None = None,
    *,
    seeds: int = 1,
    progress: bool = True,
    file: str | Path | OwnData | None = None,
    name: str | None = None,
    **settings: Any,
) -> RunGroup:
    """Train an experiment with several values of up to two settings, each with several seeds, and wait for all runs.

    The lab's engine trains them, as for the app: several at a time, and each goes on if its worker dies. If you
    interrupt the waiting, the runs are stopped and keep what they learned.

    Args:
        start, file: see `fit`.
        seeds: runs of each combination of values. The first has the seed of the experiment, and the others follow it.
        progress: whether a bar is shown, and in a notebook the curves as they grow.
        name: of the group; None makes one from what varies.
        settings: by their names. A list, such as `cell=["lstm", "gru"]`, is tried value by value.
    Returns:
        The group, which is also on the app's Runs.
    Raises:
        ValueError: the values cannot be used together; there are too many runs; or the data cannot be had.
    Example:
        group = rnnlab.sweep("delayed-recall", forget_bias=[0, 1, 4], seeds=10)
        group.figure()
    """
    check_names(settings, "seeds", "progress", "file", "name")
    varied = {name: list(values) for name, values in settings.items() if _is_several(values)}
    fixed = {name: value for name, value in settings.items() if name not in varied}
    planned = plan(start, fixed, file)
    runs = Sweep(planned.experiment, varied, seeds)
    lab = Lab.open()
    if planned.text is not None:
        lab.files.keep_text(planned.text)
    title = group_name(runs, planned.preset) if name is None else name
    group = RunGroup(lab, lab.submit_group(runs, name=title, preset=planned.preset))
    return group.wait(progress)


def open_group(group_id: str) -> RunGroup:
    """A group of runs of the lab. Raises `ValueError` if there is none.

    Args:
        group_id: from the app's link, or from the column `group` of `rnnlab.runs()`.
    """
    return RunGroup(Lab.open(), group_id)


def _is_several(values: Any) -> bool:
    return isinstance(values, Sequence | np.ndarray | range) and not isinstance(values, str | bytes)


class RunGroup:
    """Runs that belong together: the seeds of one experiment, the values of a sweep.

    Args:
        lab: that has them.
        group_id: of the group.
    Raises:
        UnknownGroup: there is none.
    """

    def __init__(self, lab: Lab, group_id: str):
        self._lab = lab
        self._watched = WatchedGroup()
        self.group: Group = lab.group(group_id)

    @property
    def id(self) -> str:
        """Of the group, in the lab and in the app's link."""
        return self.group.id

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.group.name

    @property
    def runs(self) -> list[Run]:
        """Its runs as the lab has them now."""
        return self._lab.members(self.id)

    def wait(self, progress: bool = True) -> RunGroup:
        """Wait until all runs are over, and return the group. Ctrl-C, or Interrupt in a notebook, stops the runs.

        Args:
            progress: whether a bar is shown, and in a notebook the curves as they grow.
        """
        try:
            self._watch() if progress else self._wait_silently()
        except KeyboardInterrupt:
            self._lab.stop_group(self.id)
            raise
        return self

    def _wait_silently(self) -> None:
        while any(run.is_waiting_or_live for run in self.runs):
            time.sleep(LOOK_SECONDS)

    def _watch(self) -> None:
        runs = self.runs
        with closing(bar(PARTS, "‰", "")) as shown:
            live = LiveFigure(self.figure)
            while True:
                self._watched.look(self._lab, runs)
                shown.set_postfix_str(group_line(runs, self._watched.seconds_left, self._lab.trouble), refresh=False)
                shown.update(int(done_share(runs) * PARTS) - shown.n)
                is_over = not any(run.is_waiting_or_live for run in runs)
                if any(run.step for run in runs):
                    live.show(is_last=is_over)
                if is_over:
                    return
                time.sleep(LOOK_SECONDS)
                runs = self.runs

    def open(self, run_id: str) -> TrainedRun:
        """One of its runs with network and data, see `rnnlab.open_run`."""
        return open_run(run_id)

    def curves(self) -> pd.DataFrame:
        """All measures of all runs: one row for each run and step, with the settings that vary and the seed."""
        tables = []
        for run in self.runs:
            table = pd.DataFrame(
                {name: pd.Series(one.values, index=one.steps) for name, one in self._lab.curves(run.id).by_name.items()}
            ).sort_index()
            table.index.name = "step"
            marked = table.reset_index().assign(run=run.id, **self._values(run))
            tables.append(marked[["run", *self._values(run), "step", *table.columns]])
        return pd.concat(tables, ignore_index=True)

    def table(self) -> pd.DataFrame:
        """One row for each run: what varies, its state, its updates, and the last value of each measure."""
        rows = []
        for run in self.runs:
            last = {name: run.measured[name].last for name in MEASURES if name in run.measured}
            facts = {"run": run.id, **self._values(run), "state": run.state, "step": run.step}
            rows.append(facts | last | {"error": run.error or ""})
        return pd.DataFrame(rows).set_index("run")

    def outcomes(self, measure: str | None = None) -> pd.DataFrame:
        """For each variant the median, the smallest and the largest final value over its seeds.

        Args:
            measure: its name; None takes the one that the app shows first.
        """
        runs = self.runs
        found = outcomes(self.group, finals(self.group, runs, self._measure(runs, measure)))
        rows = [one._asdict() | {"variant": one.variant or "all seeds"} for one in found]
        return pd.DataFrame(rows, columns=["variant", "runs", "median", "low", "high"]).set_index("variant")

    def figure(self, measure: str | None = None) -> go.Figure:
        """The curve of each run, and the median of each variant with a band over its seeds.

        Args:
            measure: see `outcomes`.
        """
        runs = self.runs
        self._watched.look(self._lab, runs)
        name = self._measure(runs, measure)
        lines = [
            Line(*place_of(self.group, run), self._watched.points(run.id, name), counts=run.state != FAILED)
            for run in runs
        ]
        label = MEASURES[name].label
        return for_notebook(group_figure(lines, self.group.variants, label, log_y=_is_loss(name)))

    def finals_figure(self, measure: str | None = None) -> go.Figure:
        """The final value of each finished run above its variant, with their median.

        Args:
            measure: see `outcomes`.
        """
        runs = self.runs
        name = self._measure(runs, measure)
        found = finals(self.group, runs, name)
        return for_notebook(finals_figure(found, self.group.variants, MEASURES[name].label, log_y=_is_loss(name)))

    def _measure(self, runs: Sequence[Run], name: str | None) -> str:
        known = [measure.name for measure in compared_measures(runs)]
        if name is not None and name not in known:
            raise LabError(f"These runs cannot be compared by {name!r}; take one of {', '.join(known)}.")
        return name or known[0]

    def _values(self, run: Run) -> Mapping[str, Any]:
        return values_of(run.experiment, self.group.varies)

    def __repr__(self) -> str:
        runs = self.runs
        finished = sum(run.state == FINISHED for run in runs)
        done = f"{finished} of {counted(len(runs), 'run')} finished"
        return summary([f"group {self.name!r}", done, f"in the lab as {self.id}"])

    def _repr_html_(self) -> str:
        found = self.outcomes()
        title = f"<div style='font-weight:600'>{escape(self.name)}</div>"
        about = f"<div style='opacity:.75'>{escape(repr(self))}</div>"
        return title + about + (found.to_html(float_format="{:.4g}".format, border=0) if len(found) else "")


def _is_loss(name: str) -> bool:
    return MEASURES[name].unit == LOSS_UNIT

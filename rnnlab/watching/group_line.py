"""What the command line shows while a group trains, and when it is over."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from rnnlab.config import counted
from rnnlab.formulas import perplexity
from rnnlab.lab import Lab
from rnnlab.measures import VALID_LOSS
from rnnlab.store.group import Group
from rnnlab.store.run import Run
from rnnlab.watching.durations import spoken_duration
from rnnlab.watching.groups import WatchedGroup, finals, outcomes
from rnnlab.watching.progress_line import FILE_SECONDS, LOOK_SECONDS, TERMINAL_SECONDS, write_line


def follow_group(lab: Lab, group_id: str) -> list[Run]:
    """Show the progress of a group until nothing more will happen by itself; returns its runs as they are then."""
    watched, next_line = WatchedGroup(), 0.0
    while True:
        runs = lab.members(group_id)
        watched.look(lab, runs)
        over = not any(run.is_waiting_or_live for run in runs)
        if over or time.monotonic() >= next_line:
            write_line(group_line(runs, watched.seconds_left, lab.trouble), over)
            next_line = time.monotonic() + (TERMINAL_SECONDS if sys.stdout.isatty() else FILE_SECONDS)
        if over:
            return runs
        time.sleep(LOOK_SECONDS)


def group_line(runs: Sequence[Run], seconds_left: float | None, trouble: str = "") -> str:
    """One line: how many runs are in each state, and how much longer all of them will take.

    Args:
        seconds_left: None when it is not known.
        trouble: why nobody takes the queued runs, see `Lab.trouble`.
    """
    if trouble and not any(run.is_live for run in runs):
        return f"queued: {trouble}"
    states = [run.state for run in runs]
    parts = [f"{states.count('finished')} of {counted(len(states), 'run')} finished"]
    parts += [f"{states.count(state)} {state}" for state in dict.fromkeys(states) if state != "finished"]
    if seconds_left is not None and any(run.is_waiting_or_live for run in runs):
        parts.append(f"{spoken_duration(seconds_left)} left")
    return ", ".join(parts)


def outcome_lines(group: Group, runs: Sequence[Run]) -> list[str]:
    """The final validation loss of each variant as median and range, and the perplexity where it has one."""
    has_perplexity = runs[0].experiment.task.is_perplexity
    rows = [("SETTING", "RUNS", "MEDIAN", "SMALLEST", "LARGEST")]
    for outcome in outcomes(group, finals(group, runs, VALID_LOSS.name)):
        values = [outcome.median, outcome.low, outcome.high]
        if has_perplexity:
            values = [perplexity(value) for value in values]
        shown = [f"{value:.4g}" for value in values]
        rows.append((outcome.variant or "all seeds", str(outcome.runs), shown[0], shown[1], shown[2]))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    title = "Validation perplexity:" if has_perplexity else "Validation loss:"
    return [
        title,
        *("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows),
    ]

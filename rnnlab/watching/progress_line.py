"""The line that the command line shows while a run trains."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping

from rnnlab.lab import Lab
from rnnlab.measures import BATCH_LOSS
from rnnlab.store.curves import NOTHING_READ, Curve
from rnnlab.store.run import Run
from rnnlab.watching.durations import spoken_duration
from rnnlab.watching.speed import Speed

LOOK_SECONDS = 0.1
TERMINAL_SECONDS, FILE_SECONDS = 0.2, 5.0
"""How often the line is written: over itself on a terminal, below itself in a file."""


def follow(lab: Lab, run_id: str) -> Run:
    """Show the progress of a run until nothing more will happen by itself; returns the run as it is then."""
    speed, curves, last_loss, next_line = Speed(), NOTHING_READ, None, 0.0
    while True:
        run = lab.run(run_id)
        curves = lab.curves(run_id, curves)
        last_loss = _newest(curves.by_name, last_loss)
        speed.look(run, time.monotonic())
        over = not run.is_waiting_or_live
        if over or time.monotonic() >= next_line:
            write_line(progress_line(run, last_loss, speed, lab.trouble), over)
            next_line = time.monotonic() + (TERMINAL_SECONDS if sys.stdout.isatty() else FILE_SECONDS)
        if over:
            return run
        time.sleep(LOOK_SECONDS)


def progress_line(run: Run, loss: float | None, speed: Speed, trouble: str = "") -> str:
    """One line: the state, and how far the run is, how good, how fast, how much longer.

    Args:
        trouble: why nobody takes the queued runs, see `Lab.trouble`.
    """
    if run.state == "queued" and trouble:
        return f"queued: {trouble}"
    if run.total_steps is None:
        waiting = "for a worker; the first one takes some seconds to start" if run.state == "queued" else "for the data"
        return f"{run.state}: {run.note or 'waiting ' + waiting}"
    parts = [f"{run.state}: step {run.step:,} of {run.total_steps:,}"]
    if loss is not None:
        parts.append(f"loss {loss:.4g}")
    if speed.steps_per_second and run.is_live:
        parts.append(f"{speed.steps_per_second:,.0f} steps/s")
        parts.append(f"{spoken_duration(speed.seconds_left(run) or 0)} left")
    return ", ".join(parts)


def _newest(curves: Mapping[str, Curve], before: float | None) -> float | None:
    curve = curves.get(BATCH_LOSS.name)
    return float(curve.values[-1]) if curve is not None else before


def write_line(line: str, over: bool) -> None:
    """Write a line over the one before on a terminal, and below it in a file.

    Args:
        over: nothing will follow.
    """
    if sys.stdout.isatty():
        # Over the line before, and blanks over what it had more.
        print(f"\r{line:<100}", end="\n" if over else "", flush=True)
    else:
        print(line, flush=True)

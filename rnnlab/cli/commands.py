"""The other commands: the app, what a run has to show, and what is done with runs, lessons and the engine."""

from __future__ import annotations

import argparse
import difflib
import importlib.util
import os
import runpy
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rnnlab import config
from rnnlab.analyses.series import CompareSeries
from rnnlab.analyses.text import SampleText
from rnnlab.cli.common import open_lab, printable
from rnnlab.cli.options import SAMPLING, checked, number, option, whole
from rnnlab.config.sweep import MOST_SEEDS
from rnnlab.errors import LabError
from rnnlab.files import write_whole

if TYPE_CHECKING:
    from rnnlab.lab import Lab
    from rnnlab.store.run import Run

FOLDERS = ("RNNLAB_HOME", "RNNLAB_PTB")
"""Variables that name a folder, which may be relative to the present one."""


def app(options: argparse.Namespace) -> int:
    """Open the app, as `streamlit run app.py` does."""
    if importlib.util.find_spec("streamlit") is None:
        raise LabError("The app needs Streamlit, which is not installed; run pip install 'rnnlab[app]'.")
    # Streamlit reads its settings from the folder that it is started in.
    os.environ.update({name: os.path.abspath(os.environ[name]) for name in FOLDERS if os.environ.get(name)})
    os.chdir(_app_folder())
    sys.argv = ["streamlit", "run", "app.py", *options.unknown]
    runpy.run_module("streamlit", run_name="__main__")
    return 0


def _app_folder() -> Path:
    """The folder of `app.py`: inside an installed package, or the folder that the package is developed in."""
    package = Path(__file__).parents[1]
    for folder in (package / "app_files", package.parent):
        if (folder / "app.py").is_file() and (folder / "pages").is_dir():
            return folder
    raise LabError("The app's pages are missing from this installation; install the package again.")


def generate(options: argparse.Namespace) -> int:
    """Print what a run's network generates on its own."""
    lab = open_lab()
    run = lab.run(options.run)
    horizon = whole("horizon", options.horizon, low=1, high=100_000)
    if not run.experiment.task.reads_tokens:
        prime = "50" if options.prime is None else options.prime
        return _generate_series(lab, run, whole("prime", prime, low=1, high=100_000), horizon)
    from rnnlab.data.vocabulary import join

    written = lab.ask(run.id, _sample_question(options, horizon))
    words = [*written.prime_words, *written.samples[0].words]
    print(join(words, getattr(run.experiment.data, "tokens", "words")))
    return 0


def _sample_question(options: argparse.Namespace, horizon: int) -> SampleText:
    drawn = {
        name: checked(option(name).removeprefix("--"), row, kind, getattr(options, name), row.range_text(kind))
        for name, row, kind in SAMPLING
    }
    return SampleText(
        prime=options.prime or "",
        horizon=horizon,
        temperatures=(drawn["temperature"],),
        top_k=drawn["top_k"],
        top_p=drawn["top_p"],
        banned=tuple(options.ban.split()),
        seed=whole("seed", options.seed),
    )


def _generate_series(lab: Lab, run: Run, prime: int, horizon: int) -> int:
    answer = lab.ask(run.id, CompareSeries(prime, horizon))
    # Of a series of one's own there may be fewer values than were asked for, and they may be of any size.
    number = ".8g" if run.experiment.data.needs_own_text else ".6f"
    print("time  target  free_running")
    for time, value in enumerate(answer.free_running, answer.prime):
        print(f"{time}  {answer.target[time]:{number}}  {value:{number}}")
    steps = len(answer.free_running)
    print(f"free-running RMSE {_error(answer.free_running_rmse)} over {steps} steps", file=sys.stderr)
    for naive in answer.naive:
        print(f"{naive.label}: RMSE {_error(naive.alone_rmse)}", file=sys.stderr)
    return 0


def export(options: argparse.Namespace) -> int:
    """Write the files in which a run is taken away."""
    from rnnlab.take_away import WAYS, take, take_name

    lab = open_lab()
    run = lab.run(options.run)
    folder = Path(options.to)
    kinds = [*WAYS] if options.kind == "all" else [options.kind]
    folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds:
        reason = WAYS[kind].why_not(run.experiment)
        if reason and options.kind == "all":
            print(reason)
            continue
        file = folder / take_name(run, kind)
        write_whole(file, take(lab, run.id, kind))
        print(printable(f"{file}: {WAYS[kind].about}"))
    return 0


def _error(rmse: float) -> str:
    """An error to four decimals, or to four digits if it is that small or large."""
    return f"{rmse:.4f}" if 0.001 <= rmse < 1000 else f"{rmse:.4g}"


def list_runs(_options: argparse.Namespace) -> int:
    """Print a line for each run."""
    lab = open_lab()
    rows = [("RUN", "STATE", "STEP", "CREATED (UTC)", "ARITHMETIC", "NAME")]
    for run in lab.everybodys_runs():
        step = f"{run.step:,}/{run.total_steps:,}" if run.total_steps else f"{run.step:,}"
        arithmetic = run.arithmetic.short if run.arithmetic else ""
        rows.append((run.id, run.state, step, f"{run.created:%Y-%m-%d %H:%M}", arithmetic, printable(run.name)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def rename(options: argparse.Namespace) -> int:
    """Give a run another name."""
    open_lab().rename(options.run, options.name)
    return 0


def delete(options: argparse.Namespace) -> int:
    """Delete a run or a group."""
    from rnnlab.store.group import UnknownGroup

    lab = open_lab()
    try:
        lab.delete_group(options.run)
    except UnknownGroup:
        lab.delete(options.run)
    return 0


def lessons(options: argparse.Namespace) -> int:
    """List the lessons, hold them to their claims, record their results, or print the predictions."""
    from rnnlab.lessons.claims import claim, claim_lines
    from rnnlab.lessons.table import LESSONS

    if options.predictions:
        from rnnlab.store.predictions import as_csv

        print(as_csv(open_lab().predictions()), end="")
        return 0
    if options.only is not None and options.only not in LESSONS:
        nearest = difflib.get_close_matches(options.only, LESSONS, n=1)
        advice = f"did you mean {nearest[0]}?" if nearest else f"there are {', '.join(LESSONS)}."
        raise LabError(f"There is no lesson {config.shown(options.only)}; {advice}")
    chosen = [lesson for lesson in LESSONS.values() if options.only in (None, lesson.id)]
    seeds = whole("seeds", options.seeds, low=1, high=MOST_SEEDS)
    for lesson in chosen:
        if options.record:
            from rnnlab.lessons import recorded

            result = recorded.RecordedResult(claim(lesson, 0).seen, f"{datetime.now(UTC):%Y-%m-%d}")
            print(f"written: {recorded.write(lesson.id, result)}", flush=True)
            continue
        if not options.claims:
            print(f"{lesson.id}: {lesson.title} ({lesson.minutes} minutes). {lesson.texts['claim']}")
            continue
        for line in claim_lines(lesson, seeds):
            print(line, flush=True)
    return 0


def engine(options: argparse.Namespace) -> int:
    """Be the engine until it has nothing to do."""
    from rnnlab.engine.engine import run_engine
    from rnnlab.store.location import Location

    workers = whole("workers", options.workers, low=1, high=256)
    run_engine(Location.from_environment(), workers, number("idle-seconds", options.idle_seconds))
    return 0

"""The commands that train: a run, a group, or one of them from its last checkpoint on."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rnnlab import config, presets
from rnnlab.cli.common import FAILED, INTERRUPTED, open_lab, printable
from rnnlab.cli.options import whole
from rnnlab.config.sweep import MOST_SEEDS, parse_values
from rnnlab.errors import LabError
from rnnlab.measures import MEASURES, TRAIN_LOSS, VALID_LOSS

if TYPE_CHECKING:
    from rnnlab.lab import Lab
    from rnnlab.store.run import Run

FILE_SETTINGS: dict[str, dict[str, str | None]] = {
    "text": {"data": "text", "corpus": "upload", "upload": None},
    "series": {"data": "series", "series": None},
}
"""The settings that `--file` decides, by the kind of data. An option may only repeat the value; None allows no option
at all."""

SERIES_ENDINGS = (".csv", ".tsv")
"""Files that hold a series, unless --data or --preset says otherwise. All others hold a text."""


def train(options: argparse.Namespace) -> int:
    """Train a run or a group, and follow it to its end."""
    names = (*config.all_settings(), "data")
    chosen = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    kind = "sine"
    if options.file is not None:
        kind = _kind_of_file(options, chosen)
        _check_beside_file(chosen, kind)
        chosen["data"] = kind
    base = presets.preset(presets.PRESET_OF_KIND[kind] if options.preset is None else options.preset)
    experiment = config.from_flat(chosen, base.experiment)
    planned = _planned(options, experiment, kind)
    file_name = ""
    if options.file is None:
        lab = open_lab()
    else:
        text, experiment = _own_text(options.file, experiment)
        lab = open_lab()
        lab.files.keep_text(text)
        file_name = _file_name(options.file)
    if planned:
        planned = replace(planned, base=experiment)
        name = presets.group_name(planned, base.name, file_name) if options.name is None else options.name
        return _train_group(lab, planned, name, base.name)
    name = options.name
    if name is None and file_name:
        name = presets.run_name(experiment, base.name, file_name)
    return _follow(lab, _submit(lab, experiment, name, base.name))


def _planned(options: argparse.Namespace, experiment: config.Experiment, kind: str) -> config.Sweep | None:
    """What `--try` and `--seeds` ask for; None for a single run. `kind` is that of the data."""
    seeds = whole("seeds", options.seeds, low=1, high=MOST_SEEDS)
    varied = {}
    for text in options.tried:
        name, _, values = text.partition("=")
        name = name.strip().replace("-", "_")
        if name in varied:
            raise LabError(f"Option --try names {config.shown(name)} twice; please give all of its values at once.")
        if options.file is not None and name in FILE_SETTINGS[kind]:
            raise LabError(f"Option --file names a {kind}, but --try varies {name}; leave one of the two out.")
        varied[name] = parse_values(name, values)
    return config.Sweep(experiment, varied, seeds) if varied or seeds > 1 else None


def _train_group(lab: Lab, planned: config.Sweep, name: str, preset: str) -> int:
    from rnnlab.data import TextMissing
    from rnnlab.watching.estimate import estimate

    try:
        group_id = lab.submit_group(planned, name=name, preset=preset)
    except TextMissing as error:
        raise TextMissing(error.setting, "name its file, such as --file story.txt") from error
    print(estimate(lab, planned).words)
    return _follow_group(lab, group_id)


def _follow_group(lab: Lab, group_id: str) -> int:
    from rnnlab.watching.group_line import follow_group, outcome_lines

    print(f"Group {group_id}: Ctrl-C stops its runs and keeps what was learned.")
    try:
        runs = follow_group(lab, group_id)
    except KeyboardInterrupt:
        lab.stop_group(group_id)
        follow_group(lab, group_id)
        print(f"\nStopped. Go on with: python -m rnnlab resume {group_id}")
        return INTERRUPTED
    for line in outcome_lines(lab.group(group_id), runs):
        print(printable(line))
    failed = [run for run in runs if run.state == "failed"]
    for run in failed:
        print(f"Run {run.id} failed: {run.error}", file=sys.stderr)
    print(f"Open it: streamlit run app.py, /train?group={group_id}")
    return FAILED if failed else 0


def _kind_of_file(options: argparse.Namespace, chosen: dict[str, str]) -> str:
    """What `--file` holds: as `--data` says, or the preset, or the ending of the file's name."""
    if chosen.get("data") in FILE_SETTINGS:
        return chosen["data"]
    of_preset = presets.preset(options.preset).experiment.data.kind if options.preset is not None else ""
    of_file = "series" if options.file.lower().endswith(SERIES_ENDINGS) else "text"
    return of_preset if of_preset in FILE_SETTINGS else of_file


def _check_beside_file(chosen: dict[str, str], kind: str) -> None:
    for name, only in FILE_SETTINGS[kind].items():
        if chosen.get(name, only) != only:
            was = config.shown(chosen[name])
            raise LabError(f"Option --file names a {kind}, but --{name} was {was}; leave one of the two out.")


def _own_text(file: str, experiment: config.Experiment) -> tuple[str, config.Experiment]:
    """The text in a file, and the experiment with it. It is loaded once before anything is kept or queued."""
    from rnnlab.data import load_dataset, read_own_text, with_own_text

    text = read_own_text(file)
    experiment = with_own_text(experiment, text)
    dataset = load_dataset(experiment.data, experiment.seed, upload_text=text)
    if dataset.understood:
        print(printable(dataset.understood))
    return text, experiment


def _file_name(file: str) -> str:
    """The file's name without its folder; bytes that are not UTF-8 become `?`."""
    return Path(file).name.encode("utf-8", "replace").decode()


def _submit(lab: Lab, experiment: config.Experiment, name: str | None, preset: str) -> str:
    from rnnlab.data import TextMissing

    try:
        return lab.submit(experiment, name=name, preset=preset)
    except TextMissing as error:
        raise TextMissing(error.setting, "name its file, such as --file story.txt") from error


def resume(options: argparse.Namespace) -> int:
    """Go on with a run or a group from its last checkpoints."""
    from rnnlab.store.group import UnknownGroup

    lab = open_lab()
    try:
        lab.resume_group(options.run)
    except UnknownGroup:
        lab.resume(options.run)
        return _follow(lab, options.run)
    return _follow_group(lab, options.run)


def _follow(lab: Lab, run_id: str) -> int:
    from rnnlab.watching.progress_line import follow

    print(f"Run {run_id}: Ctrl-C stops it and keeps what was learned.")
    try:
        run = follow(lab, run_id)
    except KeyboardInterrupt:
        lab.stop(run_id)
        run = follow(lab, run_id)
        print(f"\nStopped at step {run.step:,}. Go on with: python -m rnnlab resume {run_id}")
        return INTERRUPTED
    return _report(lab, run)


def _report(lab: Lab, run: Run) -> int:
    if run.state == "failed":
        print(f"Run {run.id} failed: {run.error}", file=sys.stderr)
        return 1
    if run.state != "finished":
        print(f"Run {run.id} is {run.state} at step {run.step:,}. Go on with: python -m rnnlab resume {run.id}")
        return 0
    curves = lab.curves(run.id).by_name
    losses = [f"{one.label.lower()} {run.measured[one.name].last:.4g}" for one in (TRAIN_LOSS, VALID_LOSS)]
    print(f"Finished {run.step:,} steps: {', '.join(losses)}")
    for measure in MEASURES.values():
        if measure.is_perplexity and measure.name in curves:
            print(f"{measure.label}: {', '.join(f'{value:.2f}' for value in curves[measure.name].values)}")
    if run.arithmetic:
        print(f"Arithmetic: {run.arithmetic.words}.")
    if run.experiment.task.can_generate:
        print(f"Let it generate: python -m rnnlab generate {run.id}")
    print("Open it: streamlit run app.py, page Runs")
    return 0

"""A run as a Jupyter notebook that rebuilds it with RNN Lab, and shows its curves and what it generates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rnnlab import config
from rnnlab.export.code import comment, filled
from rnnlab.export.exported import ExportedRun

NAME = "notebook.ipynb"

OWN_FILES = {"text": "own-text.txt", "series": "own-series.csv"}
"""The file of one's own beside the notebook, by the kind of data."""

DECIDED_BY_FILE = {"upload", "series", "corpus"}
"""Settings that the file decides."""

HEAD = """
# $name

This notebook trains a run of RNN Lab again, from the same settings and the same seed, and shows what came of it.
It needs the package `rnnlab`. Run the cells from top to bottom.
"""

SETTINGS_WORDS = """
## The settings

Only the settings that differ from the defaults are listed. Change one, and run all cells again.
"""

SETTINGS = """
import rnnlab

experiment = rnnlab.from_flat($settings)
"""

FIT_WORDS = """
## Training
"""

FIT = """
run = rnnlab.fit(experiment$file)
"""

CURVES_WORDS = """
## The curves

Train and validation loss are measured on the same weights.
"""

CURVES = """
import plotly.graph_objects as go

figure = go.Figure()
for name in ("train_loss", "valid_loss"):
    steps, values = run.curve(name)
    figure.add_scatter(x=steps, y=values, name=name)
figure.update_layout(xaxis_title="Step", yaxis_title="Loss", yaxis_type="log")
figure
"""

SERIES_WORDS = """
## Teacher-forced and free-running

Teacher-forced: every input is the true value. Free-running: every input is the network's own last output.
"""

SERIES = """
comparison = rnnlab.compare_series(run.network, $data, prime=50, horizon=500)
figure = go.Figure()
figure.add_scatter(y=comparison.target, name="target", line={"width": 6}, opacity=0.4)
figure.add_scatter(y=comparison.teacher_forced, name="teacher-forced", line={"dash": "dash"})
times = list(range(comparison.prime, len(comparison.target)))
figure.add_scatter(x=times, y=comparison.free_running, name="free-running")
figure
"""

SERIES_ERROR = """
print(f"teacher-forced RMSE {comparison.teacher_forced_rmse:.4g}")
print(f"free-running RMSE {comparison.free_running_rmse:.4g}")
"""

TEXT_WORDS = """
## What it predicts, and what it writes

The surprise of a token is minus the logarithm of the probability that the network gave to it, in nats.
"""

TEXT = """
comparison = rnnlab.compare_text(run.network, run.dataset, prime=1, horizon=40)
for word, surprise, top in zip(comparison.words, comparison.surprises, comparison.top_words):
    print(f"{word:16} {surprise:6.2f}   expected: {', '.join(top[:3])}")
print(f"perplexity of this passage {comparison.perplexity:.1f}")
"""

WRITE = """
import numpy as np

start = run.dataset.vocabulary.index("<eos>") if "<eos>" in run.dataset.vocabulary else 0
for temperature in (0.5, 1.0):
    tokens = rnnlab.generate_tokens(run.network, np.array([[start]]), 60, temperature)[0]
    print(f"temperature {temperature}:", run.dataset.decode(tokens), sep="\\n", end="\\n\\n")
"""

TAGS_WORDS = """
## Its label for each step
"""

TAGS = """
tagged = rnnlab.tag_stretch(run.network, run.dataset, 0, 40)
labels = tagged.probabilities.argmax(axis=1)
known = tagged.truth >= 0
print(f"accuracy {(labels[known] == tagged.truth[known]).mean():.3f} over {known.sum()} steps")
"""

SEQUENCES_WORDS = """
## Its answers to sequences that it has not learned
"""

SEQUENCES = """
import numpy as np

inputs, truth = run.dataset.sequences["valid"]
outputs, _ = rnnlab.predict_teacher_forced(run.network, inputs)
answers = outputs[:, -1]
$measured
"""

MEASURED = {
    True: 'print(f"accuracy {np.mean(answers.argmax(axis=1) == truth):.3f}")',
    False: 'print(f"mean squared error {np.mean((answers[:, 0] - truth) ** 2):.5f}")',
}
"""By whether the answers are labels."""


def notebook_files(run: ExportedRun) -> dict[str, bytes]:
    """The notebook and the file of one's own that it reads, by their names in one folder."""
    files = {NAME: notebook_bytes(run)}
    if run.experiment.data.needs_own_text:
        files[OWN_FILES[run.experiment.data.kind]] = str(run.own_text).encode()
    return files


def notebook_bytes(run: ExportedRun) -> bytes:
    """The notebook as JSON, without outputs."""
    cells = [_cell(number, kind, text) for number, (kind, text) in enumerate(_cells(run))]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, indent=1, ensure_ascii=False).encode()


def _cell(number: int, kind: str, text: str) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}, "source": text.splitlines(keepends=True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _cells(run: ExportedRun) -> list[tuple[str, str]]:
    experiment = run.experiment
    own = experiment.data.needs_own_text
    file = f', file="{OWN_FILES[experiment.data.kind]}"' if own else ""
    return [
        ("markdown", filled(HEAD, name=_title(run))),
        ("markdown", filled(SETTINGS_WORDS)),
        ("code", filled(SETTINGS, settings=_written(_settings(run)))),
        ("markdown", filled(FIT_WORDS)),
        ("code", filled(FIT, file=file)),
        ("markdown", filled(CURVES_WORDS)),
        ("code", filled(CURVES)),
        *_results(run),
    ]


def _title(run: ExportedRun) -> str:
    """The name of the run as Markdown that nothing in it can turn into a link or a tag."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>()#!|$" else letter for letter in comment(run.name))


def _results(run: ExportedRun) -> list[tuple[str, str]]:
    task, data = run.experiment.task, run.experiment.data
    if task.is_sequences:
        return [("markdown", filled(SEQUENCES_WORDS)), ("code", filled(SEQUENCES, measured=MEASURED[bool(task.tags)]))]
    if task.tags:
        return [("markdown", filled(TAGS_WORDS)), ("code", filled(TAGS))]
    if task.reads_tokens:
        return [("markdown", filled(TEXT_WORDS)), ("code", filled(TEXT)), ("code", filled(WRITE))]
    read = "run.dataset" if data.needs_own_text else "run.experiment.data"
    return [("markdown", filled(SERIES_WORDS)), ("code", filled(SERIES, data=read)), ("code", filled(SERIES_ERROR))]


def _settings(run: ExportedRun) -> dict[str, Any]:
    """The settings that differ from the defaults, and the kind of data."""
    flat = config.to_flat(run.experiment)
    left_out = {name for name in flat if run.experiment.data.needs_own_text and name in DECIDED_BY_FILE}
    defaults = {name: config.default_of(name) for name in flat if name != "data"}
    return {
        name: value
        for name, value in flat.items()
        if name not in left_out and (name == "data" or value != defaults[name])
    }


def _written(settings: Mapping[str, Any]) -> str:
    """A dictionary as code, one setting a line."""
    lines = "".join(f'        "{name}": {value!r},\n' for name, value in settings.items())
    return f"\n    {{\n{lines}    }}\n"

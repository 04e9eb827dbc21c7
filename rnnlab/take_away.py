"""Everything that can be taken away of a run, in one table: what a screen offers, and what `export` writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from rnnlab.analyses.memory import AddingAnswer, AddNumbers, RecallAnswer, RecallSymbols
from rnnlab.analyses.network_files import NetworkFiles, NetworkFilesAnswer
from rnnlab.analyses.series import CompareSeries, SeriesAnswer
from rnnlab.analyses.tags import TagsAnswer, TagsOfStretch
from rnnlab.analyses.text import CompareText, TextAnswer
from rnnlab.analyses.trained import Question
from rnnlab.config import (
    ADDING,
    CONTINUE_SERIES,
    CONTINUE_TEXT,
    LABEL_NUMBERS,
    LABEL_PEAKS,
    RECALL,
    Experiment,
)
from rnnlab.errors import LabError
from rnnlab.export.event_file import event_file
from rnnlab.export.exported import ExportedRun
from rnnlab.export.names import safe_name
from rnnlab.export.notebook import notebook_bytes, notebook_files
from rnnlab.export.page import page_bytes, pictures
from rnnlab.export.run_free import RUN_FREE
from rnnlab.export.script import script_files, why_no_script
from rnnlab.export.tables import csv_bytes, measures_csv, samples_csv, settings_json, zip_bytes
from rnnlab.lab import Lab
from rnnlab.store.run import Run

A = TypeVar("A")

Columns = Mapping[str, Sequence[Any]]
"""The columns of a table, by their names."""


class Ask(Protocol):
    """Asks the run's network a question; see `Lab.ask`."""

    def __call__(self, question: Question[A]) -> A:
        """The answer. Raises `NoAnswer`, `WorkersUnavailable`."""


@dataclass(frozen=True)
class Way:
    """One way to take a run away.

    Attributes:
        label: on a button.
        about: what is in it, and how to use it: one or two sentences.
        ending: of the file's name.
        mime: the kind of content.
        make: the content, from the run; it may ask the network.
        why_not: why these settings do not have it, a sentence; "" if they do.
        needs_weights: whether the network is asked, so that a worker must answer.
    """

    label: str
    about: str
    ending: str
    mime: str
    make: Callable[[ExportedRun, Ask], bytes]
    why_not: Callable[[Experiment], str] = lambda _experiment: ""
    needs_weights: bool = False


def exported(lab: Lab, run_id: str) -> ExportedRun:
    """A run of a lab with all that was measured. Raises `UnknownRun`, `InvalidSetting`."""
    run = lab.run(run_id)
    data = run.experiment.data
    own_text = lab.files.kept_text(data.own_text) if data.needs_own_text else None
    return ExportedRun.of(run, lab.curves(run_id).by_name, lab.samples(run_id), own_text)


def take_name(run: Run, kind: str) -> str:
    """A name for the file of one of `WAYS` that every system takes."""
    way = WAYS[kind]
    ending = _notebook_ending(run.experiment) if kind == "notebook" else way.ending
    return safe_name(run.name, ending)


def take(lab: Lab, run_id: str, kind: str) -> bytes:
    """The content of one of `WAYS`.

    Raises:
        UnknownRun: there is no such run.
        LabError: these settings do not have it, or the network cannot be asked; the message says why.
    """
    run, way = exported(lab, run_id), WAYS[kind]
    reason = way.why_not(run.experiment)
    if reason:
        raise LabError(reason)

    def ask(question: Question[A]) -> A:
        return lab.ask(run_id, question)

    return way.make(run, ask)


def predictions(run: ExportedRun, ask: Ask) -> Columns:
    """What the network predicts, as columns."""
    question, columns = PREDICTIONS[run.experiment.task.name]
    return columns(ask(question))


def _series_columns(answer: SeriesAnswer) -> Columns:
    free = [None] * answer.prime + answer.free_running.tolist()
    return {
        "time": list(range(len(answer.target))),
        "target": answer.target.tolist(),
        "teacher_forced": [None, *answer.teacher_forced[1:].tolist()],
        "free_running": free,
    }


def _text_columns(answer: TextAnswer) -> Columns:
    passage = answer.passage
    return {
        "position": [answer.start + len(answer.prime_words) + i for i in range(len(passage.words))],
        "token": passage.words,
        "surprise": passage.surprises.tolist(),
        "entropy": passage.entropies.tolist(),
        "rank": passage.ranks.tolist(),
        "most_probable": [words[0] for words in passage.top_words],
        "its_probability": passage.top_probabilities[:, 0].tolist(),
    }


def _tags_columns(answer: TagsAnswer) -> Columns:
    labels = range(answer.probabilities.shape[1])
    probabilities = {f"probability_{label}": answer.probabilities[:, label].tolist() for label in labels}
    return {"input": answer.inputs, "truth": answer.truth.tolist(), **probabilities}


def _recall_columns(answer: RecallAnswer) -> Columns:
    pairs = zip(answer.symbols, answer.probabilities.T, strict=True)
    shares = {f"probability_{symbol}": column.tolist() for symbol, column in pairs}
    return {"symbol": answer.symbols, **shares}


def _adding_columns(answer: AddingAnswer) -> Columns:
    return {"truth": answer.truth.tolist(), "answer": answer.answers.tolist()}


PREDICTIONS: dict[str, tuple[Question[Any], Callable[[Any], Columns]]] = {
    CONTINUE_SERIES.name: (CompareSeries(), _series_columns),
    CONTINUE_TEXT.name: (CompareText(horizon=200), _text_columns),
    LABEL_NUMBERS.name: (TagsOfStretch(length=200), _tags_columns),
    LABEL_PEAKS.name: (TagsOfStretch(length=200), _tags_columns),
    RECALL.name: (RecallSymbols(), _recall_columns),
    ADDING.name: (AddNumbers(), _adding_columns),
}
"""What is asked for the predictions of each task, and the columns that come of the answer."""


def _script(run: ExportedRun, ask: Ask) -> bytes:
    return zip_bytes(script_files(run))


def _notebook_ending(experiment: Experiment) -> str:
    return "-notebook.zip" if experiment.data.needs_own_text else ".ipynb"


def _notebook(run: ExportedRun, ask: Ask) -> bytes:
    return zip_bytes(notebook_files(run)) if run.experiment.data.needs_own_text else notebook_bytes(run)


def _weights(run: ExportedRun, ask: Ask) -> bytes:
    return zip_bytes({"weights.npz": _files(ask).weights.tobytes(), "settings.json": settings_json(run)})


def _model(run: ExportedRun, ask: Ask) -> bytes:
    files = {"step.keras": _files(ask).model.tobytes(), "settings.json": settings_json(run)}
    task = run.experiment.task
    if task.can_generate:
        files["run_free.py"] = RUN_FREE[task.reads_tokens].encode()
    return zip_bytes(files)


def _files(ask: Ask) -> NetworkFilesAnswer:
    return ask(NetworkFiles())


def _csv(run: ExportedRun, ask: Ask) -> bytes:
    columns = predictions(run, ask)
    return zip_bytes(
        {
            "measures.csv": measures_csv(run),
            "samples.csv": samples_csv(run),
            "predictions.csv": csv_bytes(list(columns), zip(*columns.values(), strict=True)),
        }
    )


def _events(run: ExportedRun, ask: Ask) -> bytes:
    return zip_bytes({"events.out.tfevents.0.rnnlab": event_file(run.curves)})


def _page(run: ExportedRun, ask: Ask) -> bytes:
    return page_bytes(run, predictions(run, ask))


def _pictures(run: ExportedRun, ask: Ask) -> bytes:
    return zip_bytes(pictures(run, predictions(run, ask)))


def _no_step(experiment: Experiment) -> str:
    if not experiment.model.is_bidirectional:
        return ""
    return (
        "There is no model of one step: a network that reads both ways begins its second half at the end of a "
        "sequence. Take the script or the weights instead."
    )


WAYS: dict[str, Way] = {
    "notebook": Way(
        "Notebook",
        "Trains the run again with RNN Lab, and shows its curves and what it generates. Open it with: jupyter lab",
        ".ipynb",
        "application/x-ipynb+json",
        _notebook,
    ),
    "script": Way(
        "Plain Keras script",
        "Data, network, training and free run without RNN Lab. It begins with the same weights. Run: python script.py",
        "-script.zip",
        "application/zip",
        _script,
        why_no_script,
    ),
    "weights": Way(
        "Weights and settings",
        "Each weight by its name in weights.npz. The script takes them: python script.py weights.npz",
        "-weights.zip",
        "application/zip",
        _weights,
        needs_weights=True,
    ),
    "model": Way(
        "Keras model of one step",
        "The states go in and come out, so the network runs free anywhere. Keras loads it without RNN Lab.",
        "-model.zip",
        "application/zip",
        _model,
        _no_step,
        needs_weights=True,
    ),
    "csv": Way(
        "Tables (CSV)",
        "All measures, all samples, and what the network predicts now.",
        "-tables.zip",
        "application/zip",
        _csv,
        needs_weights=True,
    ),
    "pictures": Way(
        "Curves (SVG)",
        "The loss, and the comparison of a series, as pictures that stay sharp at any size.",
        "-curves.zip",
        "application/zip",
        _pictures,
        needs_weights=True,
    ),
    "page": Way(
        "Page to print",
        "Settings, curves, comparison, and lines for notes. Open it in a browser and print it.",
        ".html",
        "text/html",
        _page,
        needs_weights=True,
    ),
    "tensorboard": Way(
        "TensorBoard events",
        "All curves. Unpack it, install the package tensorboard, and run: tensorboard --logdir .",
        "-tensorboard.zip",
        "application/zip",
        _events,
    ),
}
"""By the name that `python -m rnnlab export --as` takes. The link of a run is copied at the top of every screen."""

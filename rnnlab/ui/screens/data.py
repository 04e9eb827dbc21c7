"""The parts of Data: the task, a dataset's settings, what is in it, and how it becomes minibatches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnlab.config import (
    ADDING,
    CONTINUE_SERIES,
    CORPORA,
    OWN_FILE,
    RECALL,
    Experiment,
    InvalidSetting,
    MemoryData,
    SeriesData,
    SineData,
    TextData,
)
from rnnlab.config.feeding import MISTAKES
from rnnlab.data import (
    SPLITS,
    Batch,
    Dataset,
    DatasetUnavailable,
    NoBlanks,
    Streams,
    column_names,
    decode_upload,
    floor_perplexity,
    is_at_hand,
    load_dataset,
    period,
    tables,
)
from rnnlab.data.vocabulary import PLACEHOLDERS, UNK, visible
from rnnlab.errors import LabError
from rnnlab.form import Form
from rnnlab.sentences import data as sentences
from rnnlab.sentences.memory import sequences_sentence
from rnnlab.ui.markdown import escaped, texts_beside
from rnnlab.ui.server.lab_access import lab
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.table import TRAIN
from rnnlab.ui.widgets import layout
from rnnlab.ui.widgets.fields import commit_typed, complain, take
from rnnlab.ui.widgets.figure import STATIC
from rnnlab.ui.widgets.figure import figure as figure_to_take
from rnnlab.ui.widgets.layout import numbers
from rnnlab.ui.widgets.memory import sequences_overview

TEXTS = texts_beside(__file__)

STEPS_DRAWN = 60
WORDS_SHOWN = 20
WHOLE = {False: "the wave", True: "the series"}
"""What all points are called, by whether they are of one's own."""

NO_ANSWER = "–"
"""In place of the target of a step whose answer does not count."""

TASKS = {
    "sine": ("target", {"next": "Predict the next value", "peaks": "Label the peaks"}),
    "text": ("task", {"next_token": "Predict the next word", "number_tags": "Label singular and plural"}),
}
"""By the kind of data, if it has several tasks: the setting that decides the task, and the tasks by its values."""

COLUMN = f"{session.WIDGET}pick_column"

MEMORY_TASKS = {task.name: task.about for task in (RECALL, ADDING)}

SETTINGS = {
    "sine": ("shape", "samples", "frequency", "noise"),
    "series": ("decimal_mark", "missing", "season", "train_share"),
    "text": ("motif", "tokens", "vocabulary_size", "train_tokens"),
    "memory": ("time_lag", "symbols", "sequences"),
}
"""The settings of the data itself, by its kind."""

STYLE = """
/* The figure comes first for the keyboard and on a phone; a wide screen shows it on the right. */
.st-key-data-screen > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] {flex-direction: row-reverse;}
"""
PRESENTING_STYLE = '[data-testid="stColumn"]:has(.st-key-fold-data-settings) {display: none;}'


def style() -> None:
    """Where the settings stand; while a teacher presents, nowhere."""
    st.html(f"<style>{STYLE}{PRESENTING_STYLE if layout.presenting() else ''}</style>")


def task(form: Form) -> None:
    """What the network is asked for at each step, as a choice where the data have two tasks."""
    st.markdown("##### Task")
    if form.kind not in TASKS:
        st.markdown(MEMORY_TASKS[form.values["problem"]] if form.kind == "memory" else CONTINUE_SERIES.about)
        return
    name, choices = TASKS[form.kind]
    value = form.values[name]
    if form.kind == "text" and not has_labels(form) and value == "next_token":
        st.markdown(f"Predict the next {form.values['tokens'].removesuffix('s')}.")
        st.caption("The built-in grammar has a second task: label each word as singular or plural.")
        return
    options = list(choices)
    at = options.index(value) if value in choices else 0
    widget = f"{session.WIDGET}task_of_{name}"
    st.radio(
        "What the network is asked for at each step",
        options,
        at,
        key=session.key_of(widget, lambda shown: shown == options[at]),
        format_func=choices.__getitem__,
        label_visibility="collapsed",
        on_change=_set_task,
        args=(widget, name),
    )
    if value in ("peaks", "number_tags"):
        st.caption(TEXTS["labels"])


def has_labels(form: Form) -> bool:
    """Whether the text in the form has a label for each word."""
    return (form.values["corpus"], form.values["tokens"]) == ("grammar", "words")


def mistakes(form: Form) -> None:
    """The two classic mistakes, as switches."""
    st.markdown("###### Two classic mistakes")
    for one in MISTAKES:
        _switch(form, one.setting, one.label, one.wrong, one.right)
    if form.values["target"] == "previous":
        st.caption(TEXTS["previous value"])


@callback
def _set_task(widget: str, name: str) -> None:
    take(name, widget)


def _switch(form: Form, name: str, label: str, on: str, off: str) -> None:
    """A toggle between the wrong and the right value of a setting."""
    widget, is_on = f"{session.WIDGET}switch_{name}_{on}", form.values[name] == on
    key = session.key_of(widget, lambda shown: shown == is_on)
    st.toggle(label, is_on, key=key, on_change=_set_switch, args=(widget, name, on, off))


@callback
def _set_switch(widget: str, name: str, on: str, off: str) -> None:
    if session.is_drawn(widget):
        session.form().set(name, on if session.value_in(widget) else off)


def dataset_of(experiment: Experiment) -> Dataset | None:
    """The experiment's data; or None, after a sentence and what to do instead."""
    data = experiment.data
    if not is_at_hand(data):
        return _download(experiment)
    text = lab().files.kept_text(data.own_text) if data.needs_own_text else None
    if data.needs_own_text and text is None:
        st.info("Upload a file to see it here.", icon=":material/upload_file:")
        return None
    try:
        with st.spinner("Reading the data ..."):
            return load_dataset(data, experiment.seed, upload_text=text)
    except DatasetUnavailable as error:
        _say_unavailable(error)
    except LabError as error:
        st.error(escaped(str(error)), icon=":material/error:")
    return None


def no_picture(complaints: dict[str, str], drawn: set[str]) -> None:
    """What stands in place of the figure while a setting is not valid.

    Args:
        complaints: a sentence for each such setting, whichever screen has its field.
        drawn: the settings that have a field on this screen. Their sentences stand below the fields.
    """
    st.info("The picture returns once the highlighted settings are valid.", icon=":material/edit:")
    elsewhere = [sentence for name, sentence in complaints.items() if name not in drawn]
    for sentence in elsewhere:
        complain(sentence)
    if elsewhere:
        st.page_link(TRAIN.page, label="Change it on Train", icon=":material/arrow_forward:")


def upload_field(form: Form) -> None:
    """Take a file with a text or a series, check its content and keep it."""
    is_series, name = form.kind == "series", OWN_FILE[form.kind]
    label = TEXTS["series file" if is_series else "text file"]
    file = st.file_uploader(label, key=f"upload-{form.kind}" if is_series else "upload")
    if file is None:
        return
    try:
        text = decode_upload(file.getvalue())
        _check_upload(form, text)
    except LabError as error:
        form.set(name, "")  # Otherwise Train would use the previous file under a complaint about this file.
        st.error(escaped(str(error)), icon=":material/error:")
        if isinstance(error, NoBlanks):
            st.button("Take its characters", on_click=_use_characters, icon=":material/format_letter_spacing:")
        return
    identifier = lab().files.keep_text(text)
    st.session_state["text_names"][identifier] = file.name
    if is_series and form.values["series"] != identifier and form.values["column"] not in column_names(text):
        form.set("column", "")  # It was a column of another file.
    form.set(name, identifier)


def _check_upload(form: Form, text: str) -> None:
    """Raises `ValueError` when nothing in the file can be learned, whatever the settings."""
    if form.kind == "series":
        if not column_names(text):
            load_dataset(SeriesData(), 0, upload_text=text)  # Says why.
    else:
        load_dataset(TextData(corpus="upload", tokens=form.values["tokens"]), 0, upload_text=text)


def column_field(form: Form) -> None:
    """Pick a column of the series that was uploaded."""
    text = lab().files.kept_text(form.values["series"])
    names = _columns(text) if text else []
    chosen = form.values["column"]
    if not names or (len(names) == 1 and not chosen):
        return
    options = ["", *names, *([] if chosen in ("", *names) else [chosen])]
    st.selectbox(
        "Column",
        options,
        options.index(chosen),
        key=session.key_of(COLUMN, lambda shown: shown == chosen),
        format_func=lambda name: name or "The first one that does not count the rows",
        on_change=_pick_column,
    )


def _columns(text: str) -> list[str]:
    try:
        return column_names(text)
    except LabError:
        return []


@callback
def _pick_column() -> None:
    take("column", COLUMN)


def overview(dataset: Dataset, experiment: Experiment) -> None:
    """The dataset in numbers and figures, and the button that goes on to Train."""
    st.markdown(f"**{dataset.label}** · {_task_words(dataset, experiment)}" + _note(dataset))
    _counts(dataset, experiment)
    if dataset.sequences:
        sequences_overview(dataset, cast(MemoryData, experiment.data))
        train_button()
    elif dataset.has_tokens:
        _words(dataset, cast(TextData, experiment.data))
        train_button()
    elif experiment.data.needs_own_text:
        _own_series(dataset)
        train_button()
        _inputs_and_targets(dataset)
    else:
        _wave(dataset, cast(SineData, experiment.data))
        train_button()
        _inputs_and_targets(dataset, cast(SineData, experiment.data))


def train_button() -> None:
    """Go on to Train with the settings as they are."""
    st.button(
        "Train on this", type="primary", icon=":material/arrow_forward:", key="train-on-this", on_click=_train_on_this
    )


@callback
def _train_on_this() -> None:
    commit_typed()
    session.go_to(TRAIN.page)


def _wave(dataset: Dataset, data: SineData) -> None:
    from rnnlab.plots.waves import wave_figure

    figure_to_take(wave_figure(dataset.train, dataset.valid), STATIC, "wave", "wave")
    st.markdown(sentences.wave_sentence(data.samples, period(data)))
    st.caption(sentences.points_sentence(len(dataset.train)))


def _own_series(dataset: Dataset) -> None:
    """The series in its own units, and how the file was read and scaled."""
    from rnnlab.plots.waves import wave_figure

    train, valid, test = (dataset.scale.undo(dataset.split(name)) for name in SPLITS)
    figure = wave_figure(train, np.concatenate([valid, test]), "validation and test")
    figure_to_take(figure, STATIC, "wave", "series")
    st.markdown(escaped(dataset.understood))
    st.caption(sentences.scaling_sentence(*dataset.scale))


def _inputs_and_targets(dataset: Dataset, data: SineData | None = None) -> None:
    """What is read and what should be answered at each step; in the units of the data.

    Args:
        data: the settings of a wave; None for a series of one's own.
    """
    from rnnlab.plots.waves import inputs_targets_figure

    st.markdown(f"##### What the network reads and what it should answer, first {STEPS_DRAWN} steps")
    streams = dataset.streams("train", 1)
    inputs = dataset.scale.undo(streams.inputs[0, :, 0])
    targets = streams.targets[0] if dataset.tags else dataset.scale.undo(streams.targets[0, :, 0])
    figure = inputs_targets_figure(inputs[:STEPS_DRAWN], targets[:STEPS_DRAWN])
    figure_to_take(figure, STATIC, "inputs-targets", "inputs and targets")
    if dataset.tags:
        st.markdown(sentences.labels_sentence(targets, "a peak"))
        st.caption("Whether a value is a peak shows only in the next value.")
        return
    st.markdown(sentences.inputs_targets_sentence(inputs, targets))
    if data and data.noise and data.target == "next":
        st.caption(sentences.noise_sentence(data.noise))


def _words(dataset: Dataset, data: TextData) -> None:
    """Frequent words and the rank-frequency curve of a text, each with its sentence."""
    from rnnlab.plots.words import frequent_words_figure, rank_frequency_figure

    noun = data.tokens.removesuffix("s")
    explained = [token for token in PLACEHOLDERS[data.tokens] if token in dataset.vocabulary]
    st.caption(sentences.marks_sentence(CORPORA[data.corpus].marks, explained))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"###### Most frequent {data.tokens}")
        words, counts = zip(*tables.frequent_words(dataset, WORDS_SHOWN), strict=True)
        figure = frequent_words_figure([visible(word) for word in words], counts)
        figure_to_take(figure, STATIC, "words", f"frequent {data.tokens}")
        word = f"**{escaped(visible(words[0]))}**"
        st.markdown(sentences.frequent_words_sentence(word, counts[0], len(dataset.train), noun))
    with right:
        st.markdown("###### From the most frequent to the rarest")
        ranks, of_ranks = tables.rank_frequency(dataset)
        figure_to_take(rank_frequency_figure(ranks, of_ranks), STATIC, "ranks", "rank and frequency")
        st.markdown(sentences.rank_frequency_sentence(of_ranks, noun))


def minibatches(dataset: Dataset, experiment: Experiment) -> None:
    """The drawing of how the data become minibatches, with its arithmetic in a sentence."""
    from rnnlab.plots.minibatches import minibatch_picture

    training = experiment.training
    try:
        streams = dataset.streams("train", training.batch_size)
        cut = _cut(dataset, streams, training.num_steps)
    except LabError as error:
        st.warning(str(error))
        return
    rows = drawn_rows(dataset, streams, training.num_steps)
    st.markdown(cut.sentence)
    unused_share = 1 - training.batch_size * cut.each / len(dataset.train)
    picture = minibatch_picture(rows, training.batch_size, unused_share, training.carry_state, cut.noun, cut.whole)
    with st.container(key="drawing"):
        st.html(picture.html)
    st.caption(cut.reading)


class _Cut(NamedTuple):
    """How data are cut into streams, in numbers and words.

    Attributes:
        each: points of the data that one stream has.
        noun: the name of such a point.
        whole: the name of all of them.
        sentence: the arithmetic.
        reading: how to read the drawing.
    """

    each: int
    noun: str
    whole: str
    sentence: str
    reading: str


def _cut(dataset: Dataset, streams: Streams, num_steps: int) -> _Cut:
    (batch_size, steps), windows = streams.weights.shape, streams.num_windows(num_steps)
    points = len(dataset.train)
    if dataset.sequences:
        sentence = sequences_sentence(points, batch_size, num_steps)
        return _Cut(windows, "sequence", "the sequences", sentence, sentences.READING_SEQUENCES)
    noun, whole = ("token", "the text") if dataset.has_tokens else ("point", WHOLE[bool(dataset.understood)])
    nouns = dataset.tokens if dataset.has_tokens else "points"
    sentence = sentences.minibatches_sentence(points, nouns, batch_size, steps + 1, windows, num_steps)
    return _Cut(steps + 1, noun, whole, sentence, sentences.READING)


def drawn_rows(dataset: Dataset, streams: Streams, num_steps: int) -> list:
    """The first streams and the last one, each with its first one or two windows, as the drawing wants them."""
    from rnnlab.plots.minibatches import Row

    count = min(2, streams.num_windows(num_steps))
    windows = [streams.window(index, num_steps) for index in range(count)]
    batch_size, length = streams.weights.shape
    numbers = sorted({*range(min(3, batch_size)), batch_size - 1})
    each = length // num_steps if dataset.sequences else length + 1
    return [Row(number, number * each, [_cells(dataset, window, number) for window in windows]) for number in numbers]


def _cells(dataset: Dataset, window: Batch, stream: int) -> list[tuple[str, str] | None]:
    """The first steps of a window and its last one; None stands for those between."""
    steps = range(window.weights.shape[1])
    shown: Sequence[int | None] = steps if len(steps) <= 5 else [0, 1, 2, None, steps[-1]]
    return [_cell(dataset, window, stream, step) if step is not None else None for step in shown]


def _cell(dataset: Dataset, window: Batch, stream: int, step: int) -> tuple[str, str]:
    target = window.targets[stream, step]
    answer = dataset.tags[int(target)] if dataset.tags else _spelled(dataset, target)
    if dataset.sequences and not window.weights[stream, step]:
        return _spelled(dataset, window.inputs[stream, step]), NO_ANSWER
    return _spelled(dataset, window.inputs[stream, step]), answer if window.weights[stream, step] else "?"


def _spelled(dataset: Dataset, value: np.ndarray) -> str:
    if dataset.has_tokens:
        return visible(dataset.vocabulary[int(value)])
    if dataset.understood:
        return f"{float(dataset.scale.undo(value)[0]):.4g}"
    number, *marks = value.tolist()
    return f"{number:.2f}{' ●' if any(marks) else ''}"


def _task_words(dataset: Dataset, experiment: Experiment) -> str:
    noun = dataset.tokens.removesuffix("s") if dataset.has_tokens else experiment.task.noun
    return f"Predict the next {noun}" if experiment.task.can_generate else experiment.task.about.removesuffix(".")


def _note(dataset: Dataset) -> str:
    return f" · {dataset.note}" if dataset.note else ""


def _counts(dataset: Dataset, experiment: Experiment) -> None:
    sizes = tables.token_counts(dataset)
    shown = {
        name: f"{sizes[part]:,}" for name, part in (("Training", "train"), ("Validation", "valid"), ("Test", "test"))
    }
    if dataset.has_tokens:
        shown["Vocabulary"] = f"{len(dataset.vocabulary):,}"
        if UNK in dataset.vocabulary:
            for name, part in (("training", "train"), ("validation", "valid")):
                shown[f"<unk> in {name}"] = f"{tables.unknown_share(dataset, part):.1%}"
    floor = floor_perplexity(experiment)
    if floor is not None:
        shown["Lowest possible perplexity"] = f"{floor:.2f}"
    numbers(shown)


# --- the treebank ----------------------------------------------------------------------------------------------------


def _download(experiment: Experiment) -> Dataset | None:
    st.info("The Penn Treebank is not on this machine. Its licence does not allow the lab to include it.")
    if not st.button("Download it (6 MB)", type="primary", icon=":material/download:"):
        _other_texts()
        return None
    bar = st.progress(0.0, "Downloading ...")
    try:
        return load_dataset(
            experiment.data,
            experiment.seed,
            progress=lambda done, total: _show_progress(bar, done, total),
        )
    except DatasetUnavailable as error:
        _say_unavailable(error)
        return None
    finally:
        bar.empty()


def _show_progress(bar: DeltaGenerator, done: int, total: int) -> None:
    bar.progress(min(1.0, done / max(total, 1)), f"{done / 1e6:.1f} of {total / 1e6:.1f} MB")


def _say_unavailable(error: DatasetUnavailable) -> None:
    st.error(str(error), icon=":material/cloud_off:")
    _other_texts()


def _other_texts() -> None:
    with st.container(horizontal=True):
        for corpus, label in (("grammar", "Use the built-in grammar"), ("python_docs", "Use Python's documentation")):
            st.button(label, on_click=_use_corpus, args=(corpus,), key=f"use-{corpus}")
        st.button("Upload a text", on_click=_use_corpus, args=("upload",), key="use-upload")


@callback
def _use_characters() -> None:
    commit_typed()
    session.form().set("tokens", "characters")


@callback
def _use_corpus(corpus: str) -> None:
    commit_typed()
    session.form().set("corpus", corpus)


def experiment_or_none(form: Form) -> Experiment | None:
    """The experiment that the form makes, None while something in it is not valid."""
    try:
        return form.experiment()
    except InvalidSetting:
        return None

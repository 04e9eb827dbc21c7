"""The parts of Data: a dataset's settings, what is in it, and how it becomes minibatches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnlab.config import Experiment, InvalidSetting, TextData
from rnnlab.config.feeding import MISTAKES
from rnnlab.data import (
    Batch,
    Dataset,
    DatasetUnavailable,
    NoBlanks,
    Streams,
    decode_upload,
    is_at_hand,
    load_dataset,
    tables,
)
from rnnlab.errors import LabError
from rnnlab.ui.server.lab_access import lab
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.state.form import Form
from rnnlab.ui.table import TRAIN
from rnnlab.ui.widgets.fields import commit_typed, complain
from rnnlab.ui.widgets.layout import numbers
from rnnlab.ui.widgets.passage import visible

STATIC: dict[str, object] = {"displayModeBar": False}
STEPS_DRAWN = 60
WORDS_SHOWN = 20

TAGGING = {
    "target": ("Mark the peaks", "peaks", "next"),
    "task": ("Say singular or plural", "number_tags", "next_token"),
}
"""Tasks that say something of each step instead of predicting: what the switch says, and its two settings."""


def mistakes(form: Form) -> None:
    """The two classic mistakes, as switches."""
    st.markdown("##### Two classic mistakes")
    for one in MISTAKES:
        _switch(form, one.setting, one.label, one.wrong, one.right)
    if form.values["inputs"] == "zeros":
        st.caption("With zeros as inputs the network has nothing to listen to: it can only count steps.")
    if form.values["target"] == "previous":
        st.caption(
            "`np.roll(x, 1)` moves the wave to the right, so the answer at each step is the value that was read just "
            "before: the network learns to remember, not to predict."
        )


def tagging(form: Form) -> None:
    """Another task than prediction, where the data have one."""
    name = "target" if form.kind == "sine" else "task"
    if name == "task" and (form.values["corpus"], form.values["tokens"]) != ("grammar", "words"):
        return
    st.markdown("##### Another task")
    _switch(form, name, *TAGGING[name])
    if form.values[name] == TAGGING[name][1]:
        st.caption(
            "What comes later tells, so a network may read in both directions: set **Unrolling** to bidirectional on "
            "Train. It says a tag of each step and cannot generate."
        )


def _switch(form: Form, name: str, label: str, on: str, off: str) -> None:
    """A toggle between two choices of a setting; other toggles may stand for its other choices."""
    key = f"{session.WIDGET}switch_{name}_{on}"
    st.session_state[key] = form.values[name] == on
    st.toggle(label, key=key, on_change=_set_switch, args=(key, name, on, off))


@callback
def _set_switch(key: str, name: str, on: str, off: str) -> None:
    session.form().set(name, on if st.session_state[key] else off)


def dataset_of(experiment: Experiment) -> Dataset | None:
    """The experiment's data; or None, after a sentence and what to do instead."""
    data = experiment.data
    if not is_at_hand(data):
        return _download(experiment)
    text = lab().files.kept_text(data.own_text) if data.needs_own_text else None
    if data.needs_own_text and text is None:
        st.info("Upload a text to see it here.", icon=":material/upload_file:")
        return None
    try:
        with st.spinner("Reading the data ..."):
            return load_dataset(data, experiment.seed, upload_text=text)
    except DatasetUnavailable as error:
        _say_unavailable(error)
    except LabError as error:
        st.error(str(error), icon=":material/error:")
    return None


def no_picture(complaints: dict[str, str], drawn: set[str]) -> None:
    """What stands in the picture's place while a setting cannot be used, also one whose field is on another screen.

    Args:
        complaints: a sentence for each such setting.
        drawn: the settings that have a field on this screen, with the sentence below it.
    """
    st.info("The picture comes back when the marked settings are in order.", icon=":material/edit:")
    elsewhere = [sentence for name, sentence in complaints.items() if name not in drawn]
    for sentence in elsewhere:
        complain(sentence)
    if elsewhere:
        st.page_link(TRAIN.page, label="Change it on Train", icon=":material/arrow_forward:")


def upload_field(form: Form) -> None:
    """Take a text file, check its content and keep it."""
    file = st.file_uploader("A text of your own (.txt, at most 20 MB)", type="txt", key="upload")
    if file is None:
        return
    try:
        text = decode_upload(file.getvalue())
        load_dataset(TextData(corpus="upload", tokens=form.values["tokens"]), 0, upload_text=text)
    except LabError as error:
        form.set("upload", "")  # The text of the file before must not be trained on under a complaint about this one.
        st.error(str(error), icon=":material/error:")
        if isinstance(error, NoBlanks):
            st.button("Take its characters", on_click=_use_characters, icon=":material/format_letter_spacing:")
        return
    identifier = lab().files.keep_text(text)
    st.session_state["text_names"][identifier] = file.name
    form.set("upload", identifier)


def series_overview(dataset: Dataset) -> None:
    """The wave, and what is read and asked at each step."""
    from rnnlab.plots.waves import inputs_targets_figure, wave_figure

    _counts(dataset)
    st.plotly_chart(wave_figure(dataset.train, dataset.valid), config=STATIC, key="wave")
    st.markdown(f"##### What the network reads and must answer, first {STEPS_DRAWN} steps")
    streams = dataset.streams("train", 1)
    inputs, targets = (part[0, :STEPS_DRAWN] for part in (streams.inputs, streams.targets))
    figure = inputs_targets_figure(inputs[:, 0], targets if dataset.tags else targets[:, 0])
    st.plotly_chart(figure, config=STATIC, key="inputs-targets")
    if dataset.tags:
        st.caption("The target is 1 where the wave has a peak, which only the next value shows, and 0 elsewhere.")


def text_overview(dataset: Dataset) -> None:
    """Counts, frequent words and the rank-frequency curve of a text."""
    from rnnlab.plots.words import frequent_words_figure, rank_frequency_figure

    _counts(dataset)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("###### Most frequent")
        words, counts = zip(*tables.frequent_words(dataset, WORDS_SHOWN), strict=True)
        st.plotly_chart(frequent_words_figure([visible(word) for word in words], counts), config=STATIC, key="words")
    with right:
        st.markdown("###### Few words are frequent, most are rare")
        st.plotly_chart(rank_frequency_figure(*tables.rank_frequency(dataset)), config=STATIC, key="ranks")


def minibatches(dataset: Dataset, experiment: Experiment) -> None:
    """The drawing of how the data become minibatches, with its arithmetic in a sentence."""
    from rnnlab.plots.minibatches import minibatch_picture

    training = experiment.training
    try:
        streams = dataset.streams("train", training.batch_size)
        windows = streams.num_windows(training.num_steps)
    except LabError as error:
        st.warning(str(error))
        return
    length = streams.weights.shape[1] + 1
    unused = len(dataset.train) - training.batch_size * length
    noun = "tokens" if dataset.has_tokens else "points"
    st.markdown(
        f"{len(dataset.train):,} {noun} become **{_counted(training.batch_size, 'stream')}** of {length:,}, read in "
        f"**{_counted(windows, 'window')}** of {training.num_steps} steps an epoch; {unused or 'none'} at the end "
        f"{'is' if unused == 1 else 'are'} left over. After the small arrow stands the target. A row goes on where the "
        "same row of the window before ended, which is why its state can be carried over."
    )
    rows = drawn_rows(dataset, streams, training.num_steps)
    picture = minibatch_picture(
        rows, training.batch_size, unused / len(dataset.train), training.carry_state, dataset.has_tokens
    )
    with st.container(key="drawing"):
        st.html(picture.html)


def drawn_rows(dataset: Dataset, streams: Streams, num_steps: int) -> list:
    """The first streams and the last one, each with its first one or two windows, as the drawing wants them."""
    from rnnlab.plots.minibatches import Row

    count = min(2, streams.num_windows(num_steps))
    windows = [streams.window(index, num_steps) for index in range(count)]
    batch_size, length = streams.weights.shape
    numbers = sorted({*range(min(3, batch_size)), batch_size - 1})
    return [
        Row(number, number * (length + 1), [_cells(dataset, window, number) for window in windows])
        for number in numbers
    ]


def _cells(dataset: Dataset, window: Batch, stream: int) -> list[tuple[str, str] | None]:
    """The first steps of a window and its last one; None stands for those between."""
    steps = range(window.weights.shape[1])
    shown: Sequence[int | None] = steps if len(steps) <= 5 else [0, 1, 2, None, steps[-1]]
    return [_cell(dataset, window, stream, step) if step is not None else None for step in shown]


def _cell(dataset: Dataset, window: Batch, stream: int, step: int) -> tuple[str, str]:
    target = window.targets[stream, step]
    answer = dataset.tags[int(target)] if dataset.tags else _spelled(dataset, target)
    return _spelled(dataset, window.inputs[stream, step]), answer if window.weights[stream, step] else "?"


def _spelled(dataset: Dataset, value: np.ndarray) -> str:
    return visible(dataset.vocabulary[int(value)]) if dataset.has_tokens else f"{float(value[0]):.2f}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _counts(dataset: Dataset) -> None:
    sizes = tables.token_counts(dataset)
    shown = {
        name: f"{sizes[part]:,}" for name, part in (("Training", "train"), ("Validation", "valid"), ("Test", "test"))
    }
    if dataset.has_tokens:
        shown["Vocabulary"] = f"{len(dataset.vocabulary):,}"
        for name, part in (("training", "train"), ("validation", "valid")):
            shown[f"<unk> in {name}"] = f"{tables.unknown_share(dataset, part):.1%}"
    if dataset.floor_perplexity:
        shown["Lowest possible perplexity"] = f"{dataset.floor_perplexity:.2f}"
    st.markdown(f"**{dataset.label}**" + (f" · {dataset.note}" if dataset.note else ""))
    numbers(shown)


# --- the treebank ----------------------------------------------------------------------------------------------------


def _download(experiment: Experiment) -> Dataset | None:
    st.info("The Penn Treebank is not on this machine; its licence does not let it come with the lab.")
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
    session.forget_widgets()


@callback
def _use_corpus(corpus: str) -> None:
    commit_typed()
    session.form().set("corpus", corpus)
    session.forget_widgets()


def experiment_or_none(form: Form) -> Experiment | None:
    """The experiment that the form makes, None while something in it is not valid."""
    try:
        return form.experiment()
    except InvalidSetting:
        return None

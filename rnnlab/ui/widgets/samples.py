"""What a network generated while it trained: the newest sample, and a slider back to the first."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
import streamlit as st

from rnnlab.analyses.tags import TagsAnswer
from rnnlab.config import (
    ADDING,
    CONTINUE_SERIES,
    CONTINUE_TEXT,
    LABEL_NUMBERS,
    LABEL_PEAKS,
    RECALL,
    Experiment,
    MemoryData,
    SineData,
    Task,
    TextData,
)
from rnnlab.data import wave
from rnnlab.data.vocabulary import join
from rnnlab.plots.live import wide_table
from rnnlab.sentences.live import labels_sentence, text_sentence, wave_sentence
from rnnlab.store.run import Run
from rnnlab.store.store import Sample
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.widgets import layout, memory, tags
from rnnlab.ui.widgets.live_chart import HEIGHT, live_chart
from rnnlab.ui.widgets.sample_gates import sample_gates
from rnnlab.watching.curves import Points, Watched

NEWEST = "newest"
"""The slider's right end. It keeps its name while the step behind it grows, so that the slider stays where it is."""


def generated(run: Run, experiment: Experiment, watched: Watched) -> None:
    """The sample that the slider stands at, which is the newest until somebody moves it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="generated-head"):
        st.markdown(f"###### {_title(experiment.task)}")
        st.button(
            "Play",
            icon=":material/replay:",
            type="tertiary",
            help="Show how it learned: from the untrained network to the newest sample.",
            on_click=_play,
            args=(run.id,),
            disabled=len(watched.samples) < 2,
        )
    if not watched.samples:
        words = "The first sample comes a moment after training has begun."
        st.caption(words if run.is_waiting_or_live else "This run has not generated anything yet.")
        return
    picture = st.container(gap=None)  # The slider stands below, so that the picture is level with the loss.
    sample = _looked_back(run, watched)
    with picture:
        sentence = SAMPLES[experiment.task.name](run, experiment, sample)
        st.caption(f"At step {sample.step:,}. {sentence}")
    sample_gates(run, sample.content.get("inside"))


def _title(task: Task) -> str:
    if task.can_generate:
        return "What it generates on its own"
    return "Its answers at the last step" if task.is_sequences else "Its label for each step"


def is_playing(run: Run) -> bool:
    """Whether the samples are shown one after the other."""
    return st.session_state["playing"] == run.id


def _looked_back(run: Run, watched: Watched) -> Sample:
    """The sample to show, chosen by a slider whose positions are the steps that have one."""
    if is_playing(run):
        return _played(run, watched.samples)
    by_step = {f"{sample.step:,}": sample for sample in watched.samples[:-1]} | {NEWEST: watched.samples[-1]}
    kept, widget = st.session_state["looked_back"].get(run.id), f"back-{run.id}"
    chosen = kept if kept in by_step else NEWEST
    words = "Each position is a step at which the network generated. At the right end it follows the training."
    if len(by_step) > 1:
        key = session.key_of(widget, lambda shown: shown == chosen)
        st.select_slider(
            "Look back to step", list(by_step), chosen, key=key, help=words, on_change=_look_back, args=(run.id, widget)
        )
    return by_step[chosen]


def _played(run: Run, samples: list[Sample]) -> Sample:
    """The sample after the one that was shown last; the newest ends it."""
    later = [sample for sample in samples if sample.step > st.session_state["played"]]
    sample = later[0] if later else samples[-1]
    st.session_state["played"] = sample.step
    if sample is samples[-1]:
        st.session_state["playing"] = None
    # No widget: it would be moved by the server, while the browser still sends where it was.
    st.progress(sample.step / max(samples[-1].step, 1), f"Step {sample.step:,}")
    return sample


@callback
def _look_back(run_id: str, widget: str) -> None:
    if session.is_drawn(widget):
        st.session_state["looked_back"][run_id] = session.value_in(widget)


@callback
def _play(run_id: str) -> None:
    st.session_state["playing"], st.session_state["played"] = run_id, -1
    st.session_state["looked_back"][run_id] = NEWEST


def _drawn_text(run: Run, experiment: Experiment, sample: Sample) -> str:
    tokens, kind = sample.content["tokens"], cast(TextData, experiment.data).tokens
    with st.container(border=True, height=layout.picture_height(HEIGHT), key="live-sample"):
        st.text(join(tokens, kind))
    return text_sentence(tokens, kind)


def _drawn_numbers(run: Run, experiment: Experiment, sample: Sample) -> str:
    with st.container(border=True, height=layout.picture_height(HEIGHT), key="live-sample"):
        st.markdown(tags.tagged_words(TagsAnswer.of_sample(sample.content)))
        st.caption(tags.LEGEND)
    return _labels_sentence(sample)


def _drawn_series(run: Run, experiment: Experiment, sample: Sample) -> str:
    curves = sample_curves(experiment, sample)
    _sample_chart(run, curves)
    values, target = curves["generated"][1], curves["target"][1][len(curves["prime"][1]) :]
    known = values[: len(target)]
    if experiment.data.needs_own_text:
        return wave_sentence(known, target, has_one_frequency=False, noun="series")
    return wave_sentence(known, target, cast(SineData, experiment.data).shape != "two_sines")


def _drawn_peaks(run: Run, experiment: Experiment, sample: Sample) -> str:
    _sample_chart(run, tags.peak_curves(TagsAnswer.of_sample(sample.content)))
    return _labels_sentence(sample)


def _drawn_recall(run: Run, experiment: Experiment, sample: Sample) -> str:
    return memory.recall_sample(sample.content, experiment, cast(MemoryData, experiment.data))


def _drawn_sums(run: Run, experiment: Experiment, sample: Sample) -> str:
    return memory.adding_sample(f"sample-{run.id}", sample.content)


def _labels_sentence(sample: Sample) -> str:
    return labels_sentence(sample.content["truth"], sample.content["probabilities"])


SAMPLES: dict[str, Callable[[Run, Experiment, Sample], str]] = {
    CONTINUE_SERIES.name: _drawn_series,
    LABEL_PEAKS.name: _drawn_peaks,
    CONTINUE_TEXT.name: _drawn_text,
    LABEL_NUMBERS.name: _drawn_numbers,
    RECALL.name: _drawn_recall,
    ADDING.name: _drawn_sums,
}
"""How a sample of each task is drawn; each returns a sentence on what to look at."""


def _sample_chart(run: Run, curves: dict[str, Points]) -> None:
    live_chart(wide_table(curves, "time"), "Value", key=f"sample-{run.id}", place="live-sample", x="time", height=None)


def sample_curves(experiment: Experiment, sample: Sample) -> dict[str, Points]:
    """A series sample as curves over time: what was given, what was generated, and what would have been right.

    A series of one's own may end before the generated values do.
    """
    prime = np.array(sample.content["prime"])
    values = np.array(sample.content["values"], "float64")
    times = np.arange(len(prime) + len(values))
    if experiment.data.needs_own_text:
        target = np.array(sample.content["target"], "float64")
    else:
        target = wave(cast(SineData, experiment.data), len(times))
    given, later = times[: len(prime)], times[len(prime) :]
    return {"target": (times[: len(target)], target), "prime": (given, prime), "generated": (later, values)}

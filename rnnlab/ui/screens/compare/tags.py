"""A network that labels each step: its labels beside the true ones, and why it cannot run free."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnlab.analyses.tags import TagsOfStretch
from rnnlab.config import Play
from rnnlab.store.run import Run
from rnnlab.ui.markdown import texts_beside
from rnnlab.ui.widgets import tags
from rnnlab.ui.widgets.asking import asked
from rnnlab.ui.widgets.controls import dial
from rnnlab.ui.widgets.figure import CHART
from rnnlab.ui.widgets.figure import figure as figure_to_take

TEXTS = texts_beside(__file__)


def tagging_study(run: Run, _line: DeltaGenerator) -> None:
    """Its labels for a stretch of the validation part, and where the stretch begins."""
    result = st.container()
    last = run.experiment.data.most_start
    start = dial("start", "Start: position in the validation part", Play(0, last, 1), 0, highest=last)
    with result:
        _labels(run, start)
    st.info(TEXTS["no free run"], icon=":material/block:")


def _labels(run: Run, start: int) -> None:
    answer = asked(run, TagsOfStretch(start))
    if answer is None:
        return
    if answer.accuracy is not None:
        st.markdown(f"**{answer.accuracy:.1%}** of the labels of this stretch are right.")
    reads_tokens = run.experiment.task.reads_tokens
    with st.container(border=reads_tokens, key="tags"):
        if reads_tokens:
            st.markdown(tags.tagged_words(answer))
            st.caption(tags.LEGEND)
        else:
            from rnnlab.plots.waves import peaks_figure

            values, truth, said = (curve for _, curve in tags.peak_curves(answer).values())
            figure_to_take(peaks_figure(values, truth, said), CHART, f"tags-{run.id}", f"{run.name} labels")

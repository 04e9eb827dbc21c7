"""A memory task: what the network answers at the last step of each sequence, and why it cannot run free."""

from __future__ import annotations

from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnlab.analyses.memory import AddNumbers, RecallSymbols
from rnnlab.config import MemoryData
from rnnlab.sentences.memory import adding_verdict, lags_sentence, recall_verdict
from rnnlab.store.run import Run
from rnnlab.ui.markdown import texts_beside
from rnnlab.ui.widgets.asking import asked
from rnnlab.ui.widgets.figure import CHART, STATIC
from rnnlab.ui.widgets.figure import figure as figure_to_take

TEXTS = texts_beside(__file__)


def recall_study(run: Run, _line: DeltaGenerator) -> None:
    """The answer after each symbol, and for how many blanks the memory lasts."""
    answer = asked(run, RecallSymbols())
    if answer is None:
        return
    from rnnlab.plots.sequences import lags_figure, recall_picture

    data = cast(MemoryData, run.experiment.data)
    st.markdown(f"**{recall_verdict(answer.accuracy, data.symbols, data.time_lag)}**")
    with st.container(key="strips"):
        st.html(recall_picture(answer.symbols, data.time_lag, answer.probabilities).html)
    st.caption("Each row is one sequence, with the probability of each answer at the cue. The right answer is teal.")
    if answer.lags:
        st.markdown("##### For how long does it remember?")
        figure = lags_figure(answer.lags, answer.accuracies, data.time_lag, 1 / data.symbols)
        figure_to_take(figure, STATIC, f"lags-{run.id}", f"{run.name} time lags")
        st.markdown(lags_sentence(answer.lags, answer.accuracies, data.time_lag))
    _no_free_run()


def adding_study(run: Run, _line: DeltaGenerator) -> None:
    """The answered sums against the right ones."""
    answer = asked(run, AddNumbers())
    if answer is None:
        return
    from rnnlab.plots.sequences import sums_figure

    st.markdown(f"**{adding_verdict(answer.error)}**")
    figure_to_take(sums_figure(answer.truth, answer.answers), CHART, f"sums-{run.id}", f"{run.name} sums")
    st.caption(TEXTS["sums"].format(count=len(answer.truth)))
    _no_free_run()


def _no_free_run() -> None:
    st.info(TEXTS["no free run"], icon=":material/block:")

"""Several runs over one truth: which ones, and what their networks answer on the same axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnlab.analyses.memory import RecallSymbols
from rnnlab.analyses.series import CompareSeries
from rnnlab.analyses.text import CompareText, SampleText
from rnnlab.analyses.trained import Question
from rnnlab.config import CONTINUE_SERIES, CONTINUE_TEXT, RECALL, MemoryData
from rnnlab.config.feeding import CARRIED, EVERY_WAY, WAYS
from rnnlab.data.vocabulary import join, visible
from rnnlab.plots.overlay import color_of
from rnnlab.sentences.series import size
from rnnlab.sentences.settings import told_apart
from rnnlab.sentences.several import free_runs_sentence, passage_sentence, recall_sentence
from rnnlab.store.run import Run, UnknownRun
from rnnlab.ui.markdown import escaped, texts_beside
from rnnlab.ui.screens.compare.series import STYLE, prime_and_horizon
from rnnlab.ui.screens.compare.text import LENGTH, TOP, escaped_words, start_and_prime
from rnnlab.ui.server.lab_access import lab
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.table import COMPARED_TOGETHER, COMPARISON, MOST_OTHERS
from rnnlab.ui.widgets import controls
from rnnlab.ui.widgets.asking import asked, titles
from rnnlab.ui.widgets.controls import KEY, choice, keep, kept
from rnnlab.ui.widgets.figure import CHART, STATIC
from rnnlab.watching.groups import one_of_each
from rnnlab.watching.run_table import colors_kept, flat_settings
from rnnlab.watching.together import have_same_truth, why_not_beside

A = TypeVar("A")
TEXTS = texts_beside(__file__)

MOST_OFFERED = 200
"""Runs that the list offers, the newest."""


# --- which runs ------------------------------------------------------------------------------------------------------


def choose_others(run: Run, runs: Sequence[Run], line: DeltaGenerator) -> list[Run]:
    """The runs that are shown beside the chosen one, and the list to choose them from.

    Args:
        run: that is chosen.
        runs: the visitor's.
        line: where the list stands.
    """
    if run.experiment.task not in COMPARED_TOGETHER:
        if kept("with"):
            keep("with", "")
            _say_of_link(TEXTS["one at a time"])
        return []
    others = _others(run)
    keep("with", ",".join(other.id for other in others))
    offered = {other.id: other for other in _comparable(run, runs)} | {other.id: other for other in others}
    with line, st.popover("More runs", key="more-runs", icon=":material/stacked_line_chart:"):
        if not offered:
            st.markdown(TEXTS["nothing to add"])
            return []
        chosen = [other.id for other in others]
        st.multiselect(
            "Show these runs on the same axes",
            list(offered),
            default=chosen,
            key=session.key_of(KEY + "with", lambda shown: list(shown) == chosen),
            format_func=titles([*offered.values()]).__getitem__,
            max_selections=MOST_OTHERS,
            placeholder=f"Choose up to {MOST_OTHERS} runs",
            on_change=_pick,
        )
        if run.group_id:
            words = "Show the runs of its group"
            st.button(words, icon=":material/group_work:", on_click=_take_group, args=(run.id,), key="with-group")
    return others


def _others(run: Run) -> list[Run]:
    """The runs that are kept, without those that cannot be shown; a link's ones get a sentence for it."""
    from_link = not controls.is_drawn("with")
    found, refused, unknown = [], [], []
    for run_id in dict.fromkeys(filter(None, (kept("with") or "").split(","))):
        if run_id == run.id:
            continue
        try:
            other = lab().run(run_id)
        except UnknownRun:
            unknown.append(run_id)
            continue
        wrong = why_not_beside(run, other)
        if wrong:
            refused.append(wrong)
        else:
            found.append(other)
    if unknown:
        refused.append(str(UnknownRun(*unknown)))
    if refused and from_link:
        _say_of_link(" ".join(map(escaped, refused)))
    return found


def _say_of_link(wrong: str) -> None:
    """Why what a link said of other runs was not taken; the other settings of the link have their own sentences."""
    st.warning(f"{COMPARISON['with'][0].label}: {wrong}", icon=":material/link_off:")


def _comparable(run: Run, runs: Sequence[Run]) -> list[Run]:
    trained = [other for other in runs[:MOST_OFFERED] if other.step and other.id != run.id]
    return [other for other in trained if have_same_truth(run, other)]


@callback
def _pick() -> None:
    if controls.is_drawn("with"):
        keep("with", ",".join(session.value_in(KEY + "with")))


@callback
def _take_group(run_id: str) -> None:
    group_id = lab().run(run_id).group_id or ""
    trained = [other for other in lab().members(group_id) if other.step]
    others = [other.id for other in one_of_each(lab().group(group_id), trained) if other.id != run_id]
    keep("with", ",".join(others[:MOST_OTHERS]))


# --- what they answer ------------------------------------------------------------------------------------------------


def _named(runs: Sequence[Run]) -> dict[str, Run]:
    """The runs by the settings in which they differ, as Runs calls them."""
    names = told_apart([run.name for run in runs], [flat_settings(run.experiment_json) for run in runs])
    return dict(zip(names, runs, strict=True))


def _colors(runs: Sequence[Run]) -> dict[str, str]:
    """The colour of each run; the one that it has on Runs, if it is ticked there."""
    places = colors_kept(st.session_state["run_colors"], [run.id for run in runs])
    st.session_state["run_colors"] = places
    return {run_id: color_of(place) for run_id, place in places.items()}


def _answers(runs: Mapping[str, Run], question: Question[A]) -> dict[str, A]:
    """What each network answers, by its name. A network without an answer is left out, after a sentence."""
    found = {}
    for name, run in runs.items():
        answer = asked(run, question, key=run.id)
        if answer is not None:
            found[name] = answer
    return found


def several_series(runs: Sequence[Run], line: DeltaGenerator) -> None:
    """The free run and the one-step prediction of each network over one true curve."""
    from rnnlab.plots.several import Predicted, several_errors_figure, several_figure

    with line:
        way = choice("way", "How is the output fed back?", list(WAYS), CARRIED.key, lambda key: WAYS[key].label)
    result = st.container()
    prime, horizon = prime_and_horizon()
    named, colors = _named(runs), _colors(runs)
    with result:
        answers = _answers(named, CompareSeries(prime, horizon, way))
        if not answers:
            return
        free = {name: answer.free_running_rmse for name, answer in answers.items()}
        first = next(iter(answers.values()))
        if len(answers) > 1:
            st.markdown(escaped(free_runs_sentence(free, len(first.free_running))))
        st.html(STYLE)
        networks = [
            Predicted(name, colors[named[name].id], answer.teacher_forced, answer.free_running)
            for name, answer in answers.items()
        ]
        with st.container(key="comparison"):
            figure = several_figure(first.target, networks, first.prime)
            st.plotly_chart(figure, config=CHART, key="several", height="stretch")
        st.caption(TEXTS["two curves"])
    _table({name: (answer.teacher_forced_rmse, answer.free_running_rmse) for name, answer in answers.items()})
    with st.expander("Error at each step"):
        figure = several_errors_figure(first.target, networks, first.prime)
        st.plotly_chart(figure, config=CHART, key="several-errors")
    if way != CARRIED.key:
        st.markdown(f"**{EVERY_WAY[way].label}.** {escaped(EVERY_WAY[way].sentence)}")


def _table(errors: Mapping[str, tuple[float, float]]) -> None:
    rows = {name: [size(one) for one in both] for name, both in errors.items()}
    columns = ["Teacher-forced error (RMSE)", "Free-running error (RMSE)"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    frame.index = pd.Index([escaped(name) for name in rows], name="Run")
    st.table(frame)


def several_texts(runs: Sequence[Run], _line: DeltaGenerator) -> None:
    """The surprise of each network at the words of one passage, and what each of them writes."""
    from rnnlab.plots.several import Measured, surprises_figure

    kind = getattr(runs[0].experiment.data, "tokens", "words")
    noun = kind.removesuffix("s")
    result = st.container()
    start, prime = start_and_prime(kind)
    named, colors = _named(runs), _colors(runs)
    with result:
        answers = _answers(named, CompareText(start, prime, LENGTH[kind], TOP))
        if not answers:
            return
        first = next(iter(answers.values()))
        words = [visible(word) for word in first.passage.words]
        surprises = {name: answer.passage.surprises for name, answer in answers.items()}
        if len(answers) > 1:
            st.markdown(escaped(passage_sentence(words, surprises, noun)))
        st.caption(
            f"They read *{escaped_words(first.prime_words[-20:], kind)}* and then predicted each {noun} after it:"
        )
        measured = [Measured(name, colors[named[name].id], values) for name, values in surprises.items()]
        st.plotly_chart(surprises_figure(words, measured), config=STATIC, key="several-surprises")
    st.markdown(f"##### Free-running: each {noun} that it draws is its next input")
    question = SampleText(prime=join(first.prime_words, kind), horizon=LENGTH[kind], seed=kept("draw") or 0)
    written = _answers(named, question)
    columns: Sequence[Any] = st.columns(len(written), gap="medium") if written else ()
    for column, (name, answer) in zip(columns, written.items(), strict=True):
        with column, st.container(border=True, height="stretch"):
            st.caption(escaped(name))
            st.text(join(answer.samples[0].words, kind))
    st.caption(TEXTS["same draws"])


def several_recalls(runs: Sequence[Run], _line: DeltaGenerator) -> None:
    """For how many blanks the memory of each network lasts."""
    from rnnlab.plots.several import Measured, several_lags_figure

    named, colors = _named(runs), _colors(runs)
    found = {name: answer for name, answer in _answers(named, RecallSymbols()).items() if answer.lags}
    if len(found) < 2:
        st.info(TEXTS["reads backwards"], icon=":material/block:")
        return
    data = cast(MemoryData, runs[0].experiment.data)
    accuracies = {name: answer.accuracy for name, answer in found.items()}
    st.markdown(escaped(recall_sentence(accuracies, data.time_lag, 1 / data.symbols)))
    curves = [Measured(name, colors[named[name].id], np.asarray(answer.accuracies)) for name, answer in found.items()]
    lags = next(iter(found.values())).lags
    figure = several_lags_figure(lags, curves, data.time_lag, 1 / data.symbols)
    st.plotly_chart(figure, config=STATIC, key="several-lags")
    st.caption(TEXTS["lags"])


SEVERAL: dict[str, Callable[[Sequence[Run], DeltaGenerator], None]] = {
    CONTINUE_SERIES.name: several_series,
    CONTINUE_TEXT.name: several_texts,
    RECALL.name: several_recalls,
}
"""What is shown of several runs, by their task: one for each of `COMPARED_TOGETHER`."""

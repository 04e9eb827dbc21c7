"""A group of runs while it trains and afterwards: its state and buttons, its curves, and what its runs came to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st

from rnnlab import config
from rnnlab.formulas import perplexities, perplexity, written
from rnnlab.measures import LOSS_UNIT, Measure
from rnnlab.plots import palette
from rnnlab.plots.groups import Line, finals_spec, finals_table, group_spec, group_table, small_charts
from rnnlab.sentences.groups import best_sentence, median_sentence, progress_sentence
from rnnlab.store.group import Group, UnknownGroup
from rnnlab.store.run import Run
from rnnlab.store.states import FAILED, FINISHED, PUT_ASIDE
from rnnlab.ui.markdown import escaped
from rnnlab.ui.server.lab_access import lab, my_lab
from rnnlab.ui.state import address, session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.table import COMPARE, COMPARED_TOGETHER
from rnnlab.ui.widgets.fields import complain
from rnnlab.ui.widgets.fragments import drawn_alone
from rnnlab.ui.widgets.layout import COPY_SETTINGS, head, picture_height
from rnnlab.ui.widgets.live_run import state_badge
from rnnlab.watching.durations import spoken_duration
from rnnlab.watching.groups import (
    Final,
    WatchedGroup,
    compared_measures,
    done_share,
    finals,
    levels,
    one_of_each,
    outcomes,
    place_of,
)
from rnnlab.watching.waiting import queue_words

TICK_SECONDS = 1.0
SMALL_HEIGHT, SMALL_WIDTH = 220, 280
"""Pixels of the chart of one setting, where no teacher presents. group.css gives the height of the other figures."""


def group_panel(group: Group) -> None:
    """Everything about one group. It looks again by itself as long as one of its runs waits or trains."""
    is_changing = _is_changing(lab().members(group.id))

    def look() -> None:
        try:
            runs = lab().members(group.id)
        except UnknownGroup:
            st.rerun()  # It was deleted: the whole page says so.
        if is_changing != _is_changing(runs) or st.session_state["notes"] or st.session_state["whole_page"]:
            st.session_state["whole_page"] = False
            st.rerun()
        _draw(group, runs, _watched(group, runs))

    drawn_alone(look, TICK_SECONDS if is_changing else None)


def link_to_group(run: Run) -> None:
    """The way from a run to the group that it belongs to."""
    if run.group_id:
        words = "Show the group that this run belongs to"
        st.button(words, icon=":material/stacked_line_chart:", type="tertiary", on_click=_show_group, args=(run.id,))


def _is_changing(runs: Sequence[Run]) -> bool:
    return any(run.is_waiting_or_live for run in runs)


def _watched(group: Group, runs: Sequence[Run]) -> WatchedGroup:
    # One group at a time: the curves of others need not be kept.
    watched = st.session_state["group_curves"].get(group.id) or WatchedGroup()
    st.session_state["group_curves"] = {group.id: watched}
    watched.look(lab(), runs)
    return watched


def _draw(group: Group, runs: Sequence[Run], watched: WatchedGroup) -> None:
    _head(group, runs, watched)
    measure, as_perplexity, log_y, is_split = _choices(group, runs)
    found = finals(group, runs, measure.name)
    if as_perplexity:
        found = [final._replace(value=perplexity(final.value)) for final in found]
    with st.container(horizontal=True, gap="medium"):
        with st.container(gap="small", key="group-curves"):
            _curves(group, runs, watched, measure, as_perplexity, log_y, is_split)
        with st.container(gap="small", key="group-finals"):
            _finals(group, runs, found, measure, as_perplexity, log_y)
    _outcomes(group, found)
    _members(group, runs)


# --- state and buttons -----------------------------------------------------------------------------------------------


def _head(group: Group, runs: Sequence[Run], watched: WatchedGroup) -> None:
    left = watched.seconds_left if _is_changing(runs) else None
    progress = progress_sentence([run.state for run in runs])
    told = progress if left is None else f"{progress}; about {spoken_duration(left)} left"

    def state() -> None:
        if not my_lab().may_change_group(group):
            words = "You see them as they are; only their owner can change them."
            st.caption("Somebody else's runs", help=words, width="content")
        st.caption(f"{told}.")

    head(lambda: _buttons(group, runs), group.name, state)
    if _is_changing(runs):
        st.progress(done_share(runs))
        if not any(run.is_live for run in runs):
            _waiting(next(run for run in runs if run.is_waiting_or_live))


def _waiting(first: Run) -> None:
    """Where the group stands in the queue, or why nobody takes it."""
    if my_lab().trouble:
        st.warning(my_lab().trouble, icon=":material/warning:")
    else:
        st.caption(queue_words(lab(), first).capitalize() + ".")


def _buttons(group: Group, runs: Sequence[Run]) -> None:
    if not my_lab().may_change_group(group):
        st.button(**COPY_SETTINGS, on_click=_copy, args=(group.id,))
        _compare_button(group, runs)
        return
    # Callbacks are called before anything is drawn: a tick that comes at the same moment cannot cut them off.
    if _is_changing(runs):
        st.button(
            "Pause", icon=":material/pause:", help="All runs keep what they learned.", on_click=_pause, args=(group.id,)
        )
        st.button("Stop", icon=":material/stop:", help="End all runs now.", on_click=_stop, args=(group.id,))
    elif any(run.state in PUT_ASIDE for run in runs):
        words = "All runs continue from their last checkpoints."
        st.button("Go on", icon=":material/play_arrow:", help=words, on_click=_go_on, args=(group.id,))
    _compare_button(group, runs)
    with st.popover("More", key=f"more-{group.id}"):
        st.markdown(f"Delete these {len(runs)} runs, their curves and their weights?")
        st.button("Delete", key=f"delete-{group.id}", icon=":material/delete:", on_click=_delete, args=(group.id,))


def undo_delete() -> None:
    """The way back after a group was deleted, until something else is shown."""
    if not st.session_state["deleted_group"]:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="undo-group"):
        st.caption("The group is in the trash.", width="content")
        st.button("Undo", icon=":material/undo:", type="tertiary", key="undo-delete-group", on_click=_undo_delete)


def _compare_button(group: Group, runs: Sequence[Run]) -> None:
    if runs[0].experiment.task in COMPARED_TOGETHER and sum(run.step > 0 for run in runs) > 1:
        words = "Show the first seed of each setting on the same axes."
        st.button("Compare", icon=":material/compare_arrows:", help=words, on_click=_compare, args=(group.id,))


@callback
def _compare(group_id: str) -> None:
    trained = [run for run in lab().members(group_id) if run.step]
    session.show_together([run.id for run in one_of_each(lab().group(group_id), trained)])
    session.go_to(COMPARE.page)


@callback
def _pause(group_id: str) -> None:
    my_lab().pause_group(group_id)


@callback
def _stop(group_id: str) -> None:
    my_lab().stop_group(group_id)


@callback
def _go_on(group_id: str) -> None:
    my_lab().resume_group(group_id)


@callback
def _delete(group_id: str) -> None:
    my_lab().trash_group(group_id)
    session.show_group(None)
    st.session_state["deleted_group"] = group_id
    st.session_state["whole_page"] = True


@callback
def _undo_delete() -> None:
    group_id = st.session_state["deleted_group"]
    my_lab().restore_group(group_id)
    session.show_group(group_id)


@callback
def _copy(group_id: str) -> None:
    address.take_settings_of_group(lab().group(group_id))
    session.show_group(None)
    st.session_state["whole_page"] = True


@callback
def _show_run(run_id: str) -> None:
    run = lab().run(run_id)
    address.take_settings_of(run)
    session.show_run(run.id)
    st.session_state["whole_page"] = True


@callback
def _show_group(run_id: str) -> None:
    session.show_group(lab().run(run_id).group_id)


# --- figures ---------------------------------------------------------------------------------------------------------


def _choices(group: Group, runs: Sequence[Run]) -> tuple[Measure, bool, bool, bool]:
    """What is drawn: the measure, whether as a perplexity, on a logarithmic axis, and in one chart for each setting."""
    measures = {measure.label: measure for measure in compared_measures(runs)}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        chosen = st.segmented_control(
            "Measure",
            list(measures),
            default=next(iter(measures)),
            required=True,
            key=f"group-measure-{group.id}",
            label_visibility="collapsed",
        )
        as_perplexity = False
        if runs[0].experiment.task.is_perplexity and measures[chosen].unit == LOSS_UNIT:
            as_perplexity = st.toggle("Perplexity", value=True, key=f"group-perplexity-{group.id}")
        is_loss, words = measures[chosen].unit == LOSS_UNIT, "Draw the logarithm of the values."
        log_y = st.toggle("Log", value=is_loss, key=f"group-log-{group.id}-{measures[chosen].name}", help=words)
        is_split = len(group.variants) > 1 and st.toggle(
            "One chart each", key=f"group-split-{group.id}", help="A chart for each setting, all with the same axes."
        )
    return measures[chosen], as_perplexity, log_y, is_split


def _curves(
    group: Group,
    runs: Sequence[Run],
    watched: WatchedGroup,
    measure: Measure,
    as_perplexity: bool,
    log_y: bool,
    is_split: bool,
) -> None:
    """Each run thin, each variant's median thick; in one chart, or in one for each variant."""
    variants, lines = group.variants, []
    for run in runs:
        steps, values = watched.points(run.id, measure.name)
        if as_perplexity:
            values = perplexities(values)
        lines.append(Line(*place_of(group, run), (steps, values), run.state != FAILED))
    table = group_table(lines, variants, group.seeds)
    title = measure.titled(as_perplexity)
    if is_split:
        with st.container(horizontal=True, gap="small", key="group-split"):
            height = picture_height(SMALL_HEIGHT)
            for index, one in enumerate(small_charts(table, variants, group.seeds, title, log_y, height)):
                st.vega_lite_chart(
                    _arrow(one.table), one.spec, key=f"group-chart-{group.id}-{index}", width=SMALL_WIDTH
                )
    else:
        st.vega_lite_chart(
            _arrow(table),
            group_spec(variants, group.seeds, title, getattr(palette, measure.role), log_y, None),
            height="stretch",
            key=f"group-chart-{group.id}",
            on_select="rerun",
            selection_mode=["zoom"],
        )
    st.caption(median_sentence(len(variants), group.seeds, sum(run.state == FAILED for run in runs)))


def _arrow(table: Mapping[str, np.ndarray]) -> pa.Table:
    return pa.table({name: pa.array(column, from_pandas=True) for name, column in table.items()})


def _finals(
    group: Group, runs: Sequence[Run], found: list[Final], measure: Measure, as_perplexity: bool, log_y: bool
) -> None:
    """The final value of each run against its setting."""
    compared = {
        name: perplexity(value) if as_perplexity else value for name, value in levels(runs[0], measure.name).items()
    }
    table = finals_table(found, group.variants, compared)
    st.vega_lite_chart(
        _arrow(table),
        finals_spec(
            group.variants,
            group.varies["seed"],
            f"Final {measure.titled(as_perplexity).lower()}",
            getattr(palette, measure.role),
            log_y,
            None,
        ),
        height="stretch",
        key=f"group-finals-{group.id}",
    )
    st.caption("A dot is one seed, and the bar is their median." if found else "A dot appears when a run has finished.")
    medians = {outcome.variant: outcome.median for outcome in outcomes(group, found)}
    if measure.lowest_is_best:
        st.caption(best_sentence(medians, all(run.state == FINISHED for run in runs)))


def _outcomes(group: Group, found: Sequence[Final]) -> None:
    """The numbers: median and range of each variant."""
    rows = outcomes(group, found)
    if rows:
        head = ", ".join(config.all_settings()[name][0].label for name in group.varies if name != "seed") or "Runs"
        columns = {
            head: [row.variant or "all seeds" for row in rows],
            "Finished": [f"{row.runs} of {group.seeds}" for row in rows],
            "Median": [_number(row.median) for row in rows],
            "Smallest": [_number(row.low) for row in rows],
            "Largest": [_number(row.high) for row in rows],
        }
        st.table(pd.DataFrame(columns).set_index(head))


def _number(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) and abs(value) < 1e6 else written(value)


def _members(group: Group, runs: Sequence[Run]) -> None:
    """The runs one by one; drawn only where somebody has opened the list."""
    with st.expander(f"The {len(runs)} runs", key=f"members-{group.id}", on_change="rerun") as opened:
        for run in runs if opened.open else ():
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                words = run.name.removesuffix(f" · {group.name}")
                st.button(escaped(words), key=f"show-{run.id}", type="tertiary", on_click=_show_run, args=(run.id,))
                state_badge(run)
                if run.total_steps:
                    st.caption(f"step {run.step:,} of {run.total_steps:,}", width="content")
            if run.error:
                complain(run.error)

"""The list of runs: a table, what can be done with the ticked ones, and their curves over each other."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import streamlit as st

from rnnlab.config import counted
from rnnlab.measures import TEST_PERPLEXITY, TRAIN_LOSS, VALID_LOSS
from rnnlab.presets import PRESETS
from rnnlab.store.listing import BEST as LOWEST_LOSS
from rnnlab.store.listing import LONGEST_REMARK, MOST_TAGS, NAME, NEWEST, OLDEST, PAGE, STEPS, ListQuery, RunPage
from rnnlab.store.run import Run, UnknownRun
from rnnlab.ui.markdown import escaped
from rnnlab.ui.server.lab_access import my_lab
from rnnlab.ui.state import address, session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.table import COMPARE, COMPARED_TOGETHER, TRAIN
from rnnlab.ui.widgets.fields import complain
from rnnlab.ui.widgets.fragments import drawn_alone
from rnnlab.ui.widgets.layout import numbers, run_name
from rnnlab.ui.widgets.live_run import STATES, state_badge
from rnnlab.ui.widgets.overlay import color_mark, overlay
from rnnlab.ui.widgets.take_away import take_away
from rnnlab.visitor import LOCAL_OWNER
from rnnlab.watching import run_table
from rnnlab.watching.durations import spoken_duration
from rnnlab.watching.run_table import MEGABYTE, colors_kept, run_columns

TICK_SECONDS = 2.0

MOST_TICKED = 12
"""Runs that are drawn over each other: the palette has so many colours."""

ROW_HEIGHT, HEAD_HEIGHT, MOST_ROWS = 35, 37, 12
"""Pixels of a row and of the head of the table, and rows that are in view at once."""

ORDERS = {
    NEWEST: "Newest first",
    OLDEST: "Oldest first",
    LOWEST_LOSS: "Lowest validation loss",
    NAME: "Name",
    STEPS: "Most steps",
}
"""Words for each order."""

WIDTHS: dict[str, Any] = {
    run_table.NAME: st.column_config.TextColumn(width="medium"),
    run_table.BEST: st.column_config.NumberColumn(format="%.4g", help="The lowest validation loss, not the last one."),
    run_table.BEST_STEP: st.column_config.NumberColumn(help="The step at which it was lowest.", format="localized"),
    run_table.SPARK: st.column_config.LineChartColumn(width=125, help="From the first step to the last."),
    run_table.TEST: st.column_config.NumberColumn(format="%.4g"),
    run_table.FREE: st.column_config.NumberColumn(
        format="%.4g", help="Root mean squared error of the newest free run. Every input is the network's own output."
    ),
    run_table.STEPS: st.column_config.NumberColumn(format="localized"),
    run_table.WEIGHTS: st.column_config.NumberColumn(format="%.2f", help="What the saved weights take on the disk."),
    run_table.STARTED: st.column_config.DatetimeColumn(format="distance"),
    run_table.CHANGE: st.column_config.NumberColumn(format="%+.1f", help="Negative: lower than the pinned run's loss."),
}
"""How the columns are drawn that are no settings."""


def runs_list() -> None:
    """The visitor's runs. The list updates itself while a run that is shown waits or trains."""
    chosen = _query()
    at_first = [my_lab().page(_turned(chosen))]
    is_changing = _is_changing(at_first[0].runs)

    def look() -> None:
        query = _turned(chosen)
        # The first look has what the whole page has just read.
        page = at_first.pop() if at_first else my_lab().page(query)
        if is_changing != _is_changing(page.runs) or st.session_state["notes"] or st.session_state["whole_page"]:
            st.session_state["whole_page"] = False
            st.rerun()
        if page.total:
            _table(page, query)
        else:
            _nothing(query)
        _trash_line()
        if page.total or st.session_state["ticked"]:
            _ticked_runs()

    drawn_alone(look, TICK_SECONDS if is_changing else None)


def _is_changing(runs: Sequence[Run]) -> bool:
    return any(run.is_waiting_or_live for run in runs)


# --- the table -------------------------------------------------------------------------------------------------------


def _query() -> ListQuery:
    """Search, filter and order, as they are chosen above the table."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="runs-query"):
        search = st.text_input(
            "Search", key="runs-search", placeholder="Name, tag, note or group", on_change=_to_start, autocomplete="off"
        )
        states = st.multiselect(
            "State", list(STATES), key="runs-states", format_func=_state_word, placeholder="All", on_change=_to_start
        )
        order = st.selectbox("Sort by", list(ORDERS), key="runs-order", format_func=_order_word, on_change=_to_start)
    return ListQuery(search, tuple(states), order)


def _turned(query: ListQuery) -> ListQuery:
    """The same query for the page that is turned to."""
    return replace(query, first=st.session_state["runs_first"])


def _order_word(order: str) -> str:
    return ORDERS[order]


def _state_word(state: str) -> str:
    return STATES[state][0]


@callback
def _to_start() -> None:
    st.session_state["runs_first"] = 0


def _nothing(query: ListQuery) -> None:
    if query.search or query.states:
        st.info("No run matches. Change the search or the states.", icon=":material/search_off:")
        return
    st.info("There are no runs yet.", icon=":material/model_training:")
    st.page_link(TRAIN.page, label="Train one", icon=":material/arrow_forward:")


def _table(page: RunPage, query: ListQuery) -> None:
    """The table, and which of its runs are ticked."""
    ids = [run.id for run in page.runs]
    if st.session_state["ticked"] is None:  # Nobody has chosen yet: the newest run is what most people come for.
        st.session_state["ticked"] = ids[:1]
    ticked = st.session_state["ticked"]
    words = {state: _state_word(state) for state in STATES}
    owners = {my_lab().visitor.owner: "you", LOCAL_OWNER: "command line"}
    baseline = my_lab().baseline()
    columns, left = run_columns(page, words, owners, baseline)
    chosen = st.dataframe(
        _arrow(columns),
        # Ticks belong to positions: another order of runs is another table, which starts with the right ones ticked.
        key=f"runs-table-{_digest(ids, st.session_state['ticks_renewed'])}",
        height=HEAD_HEIGHT + ROW_HEIGHT * min(len(ids), MOST_ROWS),
        row_height=ROW_HEIGHT,
        hide_index=True,
        placeholder="",
        column_config=WIDTHS,
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [ids.index(one) for one in ticked if one in ids]}},
        alt="Your runs. The buttons for the ticked runs are below.",
    )
    elsewhere = [one for one in ticked if one not in ids]
    st.session_state["ticked"] = elsewhere + [ids[row] for row in chosen.selection.rows if row < len(ids)]
    _below(page, query, left, baseline)


def _arrow(columns: Mapping[str, Sequence[Any]]) -> pa.Table:
    return pa.table({title: pa.array(values) for title, values in columns.items()})


def _digest(ids: Sequence[str], renewed: int) -> str:
    return hashlib.sha256(f"{renewed} {ids}".encode()).hexdigest()[:12]


def _below(page: RunPage, query: ListQuery, left: int, baseline: Run | None) -> None:
    """What the table leaves out, and the way to the other pages."""
    first, last = query.first + 1, query.first + len(page.runs)
    sentences = [f"{first:,} to {last:,} of {page.total:,} runs." if page.total > PAGE else ""]
    sentences.append("A click on a column's head sorts these runs only." if page.total > PAGE else "")
    sentences.append(f"The runs differ in {counted(left, 'more setting')}." if left else "")
    weights = my_lab().weights_size() / MEGABYTE
    sentences.append(f"All weights take {weights:,.1f} MB on the disk." if weights else "")
    if baseline is not None:
        sentences.append(f"They are compared with {escaped(baseline.name)}.")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="runs-below"):
        if any(sentences):
            st.caption(" ".join(filter(None, sentences)), width="content")
        if baseline is not None:
            st.button("Unpin", key="unpin", icon=":material/keep_off:", type="tertiary", on_click=_pin, args=(None,))
        if query.first:
            st.button("Previous", icon=":material/chevron_left:", on_click=_turn, args=(-PAGE,))
        if last < page.total:
            st.button("Next", icon=":material/chevron_right:", on_click=_turn, args=(PAGE,))


@callback
def _turn(runs: int) -> None:
    st.session_state["runs_first"] = max(0, st.session_state["runs_first"] + runs)


@callback
def _pin(run_id: str | None) -> None:
    my_lab().pin(run_id)


# --- what is in the trash --------------------------------------------------------------------------------------------


def _trash_line() -> None:
    count = len(my_lab().trashed())
    if not count:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="runs-trash"):
        st.caption(f"{counted(count, 'deleted run')}.", width="content")
        st.button("Undo", key="undo-delete", icon=":material/undo:", on_click=_restore_last)
        with st.popover("Empty the trash", key="empty-trash"):
            st.markdown(f"Delete {counted(count, 'run')}, with curves and weights? This cannot be undone.")
            st.button("Delete for good", key="delete-for-good", icon=":material/delete:", on_click=_empty_trash)


@callback
def _restore_last() -> None:
    my_lab().restore_last()


@callback
def _empty_trash() -> None:
    my_lab().empty_trash()


# --- the ticked runs -------------------------------------------------------------------------------------------------


def _ticked_runs() -> None:
    ticked = st.session_state["ticked"] or []
    runs = _found(ticked[:MOST_TICKED])
    if not runs:
        st.caption("Tick runs to open them, and to see their curves over each other.")
        return
    if len(ticked) > MOST_TICKED:
        st.caption(f"{len(ticked)} runs are ticked. The first {MOST_TICKED} of them are shown.")
    colors = colors_kept(st.session_state["run_colors"], [run.id for run in runs])
    st.session_state["run_colors"] = colors
    is_alone = len(runs) == 1
    with st.container(border=not is_alone, gap="small" if is_alone else "xsmall", key="runs-ticked"):
        for run in runs:
            _row(run, colors[run.id], is_alone)
        if not is_alone:
            with st.container(horizontal=True, gap="small"):
                st.button("Untick all", key="untick", type="tertiary", icon=":material/deselect:", on_click=_untick)
                _compare_button(runs)
    overlay(runs, colors)


def _compare_button(runs: Sequence[Run]) -> None:
    known = [experiment for run in runs if run.step and (experiment := run.known_experiment) is not None]
    if len(known) > 1 and known[0].task in COMPARED_TOGETHER and len({one.data.truth for one in known}) == 1:
        ids, icon = [run.id for run in runs if run.step], ":material/compare_arrows:"
        st.button(
            "Compare on the same axes", key="together", type="tertiary", icon=icon, on_click=_compare, args=(ids,)
        )


@callback
def _compare(ids: list[str]) -> None:
    session.show_together(ids)
    session.go_to(COMPARE.page)


def _found(ids: Sequence[str]) -> list[Run]:
    """The runs of these ids; one that was deleted elsewhere is ticked no longer."""
    found, gone = [], []
    for run_id in ids:
        try:
            found.append(my_lab().run(run_id))
        except UnknownRun:
            gone.append(run_id)
    st.session_state["ticked"] = [run_id for run_id in st.session_state["ticked"] or [] if run_id not in gone]
    return found


@callback
def _untick() -> None:
    st.session_state["ticked"] = []
    st.session_state["ticks_renewed"] += 1


def _row(run: Run, color: int, is_alone: bool) -> None:
    with st.container(border=is_alone, gap="small", key=f"run-{run.id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"row-{run.id}"):
            if not is_alone:
                color_mark(color)
            run_name(run.name, width="content")
            state_badge(run)
            st.space("stretch")
            _actions(run)
        if is_alone:
            _numbers(run)
        if run.remark:
            st.caption(escaped(run.remark))
        if run.error:
            complain(run.error)


def _numbers(run: Run) -> None:
    numbers(
        {
            "Preset": PRESETS[run.preset].title if run.preset in PRESETS else "",
            "Steps": f"{run.step:,} of {run.total_steps:,}" if run.total_steps else f"{run.step:,}",
            **_losses(run),
            "Started": f"{spoken_duration((datetime.now(UTC) - run.created).total_seconds())} ago",
        }
    )


def _losses(run: Run) -> dict[str, str]:
    """The newest losses of a run. Its row in the store has them."""
    shown = (TRAIN_LOSS, VALID_LOSS, TEST_PERPLEXITY)
    return {one.label: f"{run.measured[one.name].last:.4g}" for one in shown if one.name in run.measured}


def _actions(run: Run) -> None:
    link = {"run": run.id}
    if my_lab().can_go_on(run) and my_lab().may_change(run):
        st.button("Go on", key=f"go-{run.id}", icon=":material/play_arrow:", on_click=_go_on, args=(run.id,))
    st.button("Open", key=f"open-{run.id}", icon=":material/show_chart:", on_click=_open, args=(run.id,))
    if run.group_id:
        words = ("Group", f"group-{run.id}")
        st.button(*words, icon=":material/stacked_line_chart:", on_click=_open_group, args=(run.group_id,))
    if run.step:
        st.page_link(COMPARE.page, label="Compare", icon=":material/compare_arrows:", query_params=link)
    take_away(run)
    if my_lab().may_change(run):
        with st.popover("More", key=f"more-{run.id}"):
            _more(run)


def _more(run: Run) -> None:
    st.text_input("Name", run.name, key=f"name-{run.id}", autocomplete="off")
    st.text_input(
        "Tags", run.tags or "", key=f"tags-{run.id}", placeholder="exam, sine", max_chars=MOST_TAGS, autocomplete="off"
    )
    st.text_area("Notes", run.remark or "", key=f"remark-{run.id}", max_chars=LONGEST_REMARK)
    st.button("Save", key=f"rename-{run.id}", icon=":material/save:", on_click=_save, args=(run.id,))
    st.divider()
    words = "Compare the loss and the settings of all runs with this one."
    st.button("Pin as baseline", key=f"pin-{run.id}", icon=":material/keep:", help=words, on_click=_pin, args=(run.id,))
    st.button("Delete", key=f"delete-{run.id}", icon=":material/delete:", on_click=_trash, args=(run.id,))


@callback
def _save(run_id: str) -> None:
    name, tags, remark = (st.session_state[f"{field}-{run_id}"] for field in ("name", "tags", "remark"))
    my_lab().rename(run_id, name)
    my_lab().annotate(run_id, tags, remark)


@callback
def _open(run_id: str) -> None:
    address.take_settings_of(my_lab().run(run_id))
    session.show_run(run_id)
    session.go_to(TRAIN.page)


@callback
def _open_group(group_id: str) -> None:
    address.take_settings_of_group(my_lab().group(group_id))
    session.show_group(group_id)
    session.go_to(TRAIN.page)


@callback
def _go_on(run_id: str) -> None:
    my_lab().resume(run_id)


@callback
def _trash(run_id: str) -> None:
    my_lab().trash(run_id)
    for name in ("run", "home_run"):
        if st.session_state[name] == run_id:
            st.session_state[name] = None

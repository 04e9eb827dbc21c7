"""Beside Train: how many seeds a run gets, and the values that a setting tries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from rnnlab import config
from rnnlab.config import CELL_KINDS, Experiment, InvalidSetting, Sweep
from rnnlab.config.sweep import SEEDS, parse_values
from rnnlab.errors import LabError
from rnnlab.form import Form
from rnnlab.presets import group_name
from rnnlab.ui.server.lab_access import lab, my_lab
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.widgets.fields import complain, drawer_groups, front_groups, spoken, typed
from rnnlab.watching.estimate import estimate

STYLE = f"<style>{Path(__file__).with_name('group.css').read_text('utf-8')}</style>"

FOLD_KEY, FOLD_WIDTH = "try-several", 310
"""The fold's key, and its width in pixels: a phone has room for it."""

SEEDS_LIST, SEEDS_SEGMENTS = f"{session.WIDGET}seeds", f"{session.WIDGET}seeds-tried"
"""Two widgets for one number: beside Train, and in the fold."""

CELLS_SEEDS = 3
"""Seeds of each cell of the ready-made comparison."""

SUGGESTED = {
    "forget_bias": "-2, 1, 5",
    "units": "8, 32, 128",
    "num_layers": "1, 2, 3",
    "output_dropout": "0, 0.25, 0.5",
    "learning_rate": "0.001, 0.01, 0.1",
    "clip_norm": "0, 0.1, 1",
    "num_steps": "20, 50, 100",
    "noise": "0, 0.1, 0.3",
    "frequency": "0.05, 0.1, 0.2",
    "batch_size": "1, 5, 20",
    "feedback": "0, 0.5, 1",
}
"""Values that show what a setting does; for others one starts from the value in the form."""

NOT_TRIED = ("seed", "changes")
"""Seeds are counted, and changes are made while a run trains."""


def beside_train(form: Form, complaints: Mapping[str, str]) -> None:
    """The number of seeds, and a fold with the values to try."""
    st.html(STYLE)
    with st.container(key="seeds-beside"):
        _seeds_list()
    words = "Train the same settings with several values of one or two of them, and compare."
    with st.popover(
        "Try several values",
        icon=":material/stacked_line_chart:",
        help=words,
        key=FOLD_KEY,
        disabled=bool(complaints),
        on_change="rerun",
    ) as opened:
        if opened.open:
            with st.container(width=FOLD_WIDTH, gap="small"):
                _fold(form)


def asked_sweep(asked: str, experiment: Experiment) -> Sweep | None:
    """What was asked for if it is more than one run.

    Args:
        asked: the request, such as `session.ONCE`.
        experiment: the settings as they are typed.
    Raises:
        InvalidSetting: the values to try cannot be used.
    """
    seeds = st.session_state["seeds"]
    if asked == session.ALL_CELLS:
        return all_cells(experiment)
    if asked == session.TRIED:
        return _tried_sweep(experiment)
    return Sweep(experiment, {}, seeds) if asked == session.ONCE and seeds > 1 else None


def all_cells(experiment: Experiment) -> Sweep:
    """The ready-made comparison: every cell, with three seeds."""
    return Sweep(experiment, {"cell": tuple(CELL_KINDS)}, CELLS_SEEDS)


def start(sweep: Sweep, preset: str, text_name: str) -> None:
    """Submit a group, and show it from now on."""
    session.show_group(my_lab().submit_group(sweep, group_name(sweep, preset, text_name), preset))


def _fold(form: Form) -> None:
    experiment = form.experiment()
    cells = all_cells(experiment)
    st.button(
        f"All {len(CELL_KINDS)} cells, {CELLS_SEEDS} seeds",
        icon=":material/play_arrow:",
        on_click=_ask,
        args=(session.ALL_CELLS,),
        help="Train each cell with the settings of the form, starting now.",
        key="all-cells",
    )
    st.caption(f"{', '.join(kind.label for kind in CELL_KINDS.values())}: {estimate(lab(), cells).words}")
    names = _names(form)
    first, second = _chosen(names)
    st.session_state["tried"] = [first, second]
    _setting_list(0, "Setting", names, first)
    _values_field(form, first)
    _setting_list(1, "Second setting", ["", *[name for name in names if name != first]], second)
    if second:
        _values_field(form, second)
    _seeds_segments()
    try:
        sweep = _tried_sweep(experiment)
        my_lab().check_group(sweep)
    except LabError as error:
        complain(str(error))
        st.button("Train", disabled=True, icon=":material/play_arrow:", key="train-tried")
        return
    st.markdown(estimate(lab(), sweep).words)
    st.button(
        f"Train {len(sweep.experiments)} runs",
        type="primary",
        icon=":material/play_arrow:",
        on_click=_ask,
        args=(session.TRIED,),
        key="train-tried",
    )


def _names(form: Form) -> list[str]:
    """The settings that can vary: all of the form, in its order, without those that have no effect."""
    groups = [*front_groups(form, ()).values(), *drawer_groups(form, ()).values()]
    names = [name for group in groups for name in group if name not in NOT_TRIED]
    return ["cell", *[name for name in names if name != "cell" and not config.why_unused(name, form.values)]]


def _chosen(names: Sequence[str]) -> tuple[str, str]:
    """The settings that were chosen, without those that have no effect any more."""
    kept = [name for name in st.session_state["tried"] if name in names]
    first, second = [*kept, "", ""][:2]
    return first or names[0], second


def _setting_list(index: int, label: str, names: Sequence[str], chosen: str) -> None:
    st.selectbox(
        label,
        names,
        names.index(chosen),
        format_func=_label,
        key=session.key_of(_list_of(index), lambda shown: shown == chosen),
        on_change=_choose_setting,
        args=(index,),
    )


def _list_of(index: int) -> str:
    return f"{session.WIDGET}tried-{index}"


def _label(name: str) -> str:
    return config.all_settings()[name][0].label if name else "none"


def _values_field(form: Form, name: str) -> None:
    """The values of one setting: choices to pick, or a list to type."""
    row, kind = config.all_settings()[name]
    label, choices, value = f"Values of {row.label.lower()}", _choices(name), _values(form, name)
    key = session.key_of(_values_of(name), lambda shown: shown == value)
    if kind is bool:
        st.caption("Both are tried: off and on.")
    elif choices:
        st.pills(
            label,
            choices,
            default=value,
            format_func=spoken,
            selection_mode="multi",
            key=key,
            on_change=_keep_values,
            args=(name,),
        )
    else:
        listed = "A list with commas, such as -2, 1, 5."
        st.text_input(label, value, key=key, autocomplete="off", help=listed, on_change=_keep_values, args=(name,))


def _values_of(name: str) -> str:
    return f"{session.WIDGET}values-{name}"


def _choices(name: str) -> tuple[str, ...]:
    return config.all_settings()[name][0].choices


def _values(form: Form, name: str) -> Any:
    """What stands in the field: a list of choices, or a text."""
    kept = st.session_state["tried_values"].get(name)
    if _choices(name):
        return [*(kept if kept is not None else _choices(name))]
    if isinstance(kept, str):
        return kept
    return ", ".join(map(typed, kept)) if kept else SUGGESTED.get(name, typed(form.values[name]))


def _tried_sweep(experiment: Experiment) -> Sweep:
    """The sweep that stands in the fold. Raises `InvalidSetting`."""
    form = session.form()
    names = [name for name in st.session_state["tried"] if name]
    varied = {}
    for name in names:
        kind = config.all_settings()[name][1]
        values = (False, True) if kind is bool else _values(form, name)
        varied[name] = parse_values(name, values) if isinstance(values, str) else tuple(values)
    if not varied:
        raise InvalidSetting("", "No setting has several values; please choose one.")
    return Sweep(experiment, varied, st.session_state["seeds"])


def _seeds_list() -> None:
    counts, kept = _seed_counts(), st.session_state["seeds"]
    st.selectbox(
        "Seeds",
        counts,
        counts.index(kept),
        format_func=lambda count: "1 seed" if count == 1 else f"{count} seeds",
        key=session.key_of(SEEDS_LIST, lambda shown: shown == kept),
        label_visibility="collapsed",
        on_change=_keep_seeds,
        args=(SEEDS_LIST,),
    )


def _seeds_segments() -> None:
    kept = st.session_state["seeds"]
    st.segmented_control(
        "Seeds of each",
        _seed_counts(),
        default=kept,
        required=True,
        key=session.key_of(SEEDS_SEGMENTS, lambda shown: shown == kept),
        on_change=_keep_seeds,
        args=(SEEDS_SEGMENTS,),
    )


def _seed_counts() -> list[int]:
    """Those that are offered, and the number that a link brought."""
    return sorted({*SEEDS, st.session_state["seeds"]})


@callback
def _keep_seeds(widget: str) -> None:
    if session.is_drawn(widget):
        st.session_state["seeds"] = session.value_in(widget)


@callback
def _choose_setting(index: int) -> None:
    if session.is_drawn(_list_of(index)):
        tried = [*st.session_state["tried"]]
        tried[index] = session.value_in(_list_of(index))
        st.session_state["tried"] = [tried[0], "" if tried[1] == tried[0] else tried[1]]


@callback
def _keep_values(name: str) -> None:
    if session.is_drawn(_values_of(name)):
        st.session_state["tried_values"][name] = session.value_in(_values_of(name))


@callback
def _ask(what: str) -> None:
    st.session_state["train_asked"] = what
    st.session_state[FOLD_KEY] = False

"""Widgets for the settings, made from the table in `rnnlab.config`.

Numbers are text fields: whatever is typed stays as it was typed, and one check says what is wrong with it. Those that a
class plays with have a slider beside the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from rnnlab import config
from rnnlab.config import (
    CELL_KINDS,
    CORPORA,
    DATA_KINDS,
    PROBLEMS,
    CellKind,
    ModelConfig,
    Setting,
    TrainingConfig,
)
from rnnlab.form import Form, read
from rnnlab.presets import PRESET_OF_PROBLEM
from rnnlab.ui.markdown import escaped
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.widgets.dial import Dial, typed

WORDS = {
    **{name: cell.label for name, cell in CELL_KINDS.items()},
    **{name: corpus.label for name, corpus in CORPORA.items()},
    **PROBLEMS,
    "sgd": "SGD",
    "sum_over_time": "Sum over time",
    "next_token": "Predict the next word",
    "number_tags": "Label singular and plural",
    "next": "Next value",
    "previous": "Previous value",
    "peaks": "Label the peaks",
    "float32": "float32",
    "bfloat16": "bfloat16",
    "series": "Series of your own",
    "interpolate": "Straight line",
    "cut": "Cut out",
    "per_step": "A new mask at every step",
    "variational": "One mask for the whole window",
}
"""How a choice is written on the screen, where capitalising it would not do."""

KIND_OF = {
    "sine": "sine",
    "series": "series",
    **dict.fromkeys(CORPORA, "text"),
    **dict.fromkeys(PROBLEMS, "memory"),
}
"""What there is to learn from, as one list, with its kind of data: the wave, a series of one's own, a text's corpus, or
a memory task's problem."""

DATASETS = tuple(KIND_OF)

FRONT_DATA = {
    "sine": ("shape", "samples", "frequency", "noise"),
    "series": ("column", "season", "train_share"),
    "text": ("motif", "train_tokens", "vocabulary_size"),
    "memory": ("time_lag", "symbols", "sequences"),
}
FRONT = {
    "Network": ("cell", "units", "num_layers", "output_dropout", "forget_bias"),
    "Training": ("learning_rate", "epochs", "num_steps", "batch_size", "seed"),
}
"""The settings that are always in view; the rest of the table is in the drawer below them."""


def _in_drawer(cell: CellKind) -> tuple[str, ...]:
    """The settings of one cell that are not in view already."""
    return tuple(name for name in cell.settings if name not in FRONT["Network"])


DRAWER = {
    "Task": ("target", "inputs", "task", "tokens"),
    "File": ("decimal_mark", "missing"),
    "Layers": ("layer_units", "embedding_dim", "tie_embeddings", "init_scale"),
    **{cell.label: _in_drawer(cell) for cell in CELL_KINDS.values()},
    "Dropout": ("input_dropout", "state_dropout", "dropout_masks"),
    "Time": ("unrolling", "carry_state"),
    "Optimizer": ("optimizer", "lr_schedule", "lr_decay", "full_rate_epochs", "clip_norm", "loss_scale", "changes"),
    "Computing": ("precision", "evaluate_every"),
    "Feedback while training": ("feedback", "feedback_schedule", "feedback_half", "feedback_gradient"),
}
"""The settings in the drawer, by what they belong to."""

CELL_OF = {cell.label: name for name, cell in CELL_KINDS.items()}
"""Groups that matter to one cell only."""

NOT_TYPED = ("corpus", "problem", "upload", "series")
"""Set by the dataset's list and by the upload, not by fields of their own."""

DRAWER_KEY = "drawer"

FIELD_WIDTH = 130
"""Pixels: two fields side by side in the form's column."""

MOST_SEGMENTS = 5
"""Choices that stand side by side; more are a list to open."""


def settings_form(form: Form, complaints: dict[str, str]) -> None:
    """All settings: the usual ones in groups, the rest in a drawer."""
    for title, names in front_groups(form, complaints).items():
        st.markdown(f"###### {title}")
        if title == "Data":
            dataset_field(form)
        fields(form, names, complaints)
    drawer = drawer_groups(form, complaints)
    if any(name in complaints for names in drawer.values() for name in names):
        st.session_state[DRAWER_KEY] = True  # A complaint must not hide in a closed drawer.
    # What nobody looks at is not drawn: these are most of the screen's fields, and the browser would take its time.
    with st.expander("More settings", key=DRAWER_KEY, on_change="rerun") as opened:
        for title, group in drawer.items() if opened.open else ():
            st.markdown(f"###### {title}")
            fields(form, group, complaints)


def front_groups(form: Form, complaints: Iterable[str]) -> dict[str, list[str]]:
    """The groups that are always in view, without what the chosen cell or dataset does not have."""
    others = {name for cell, row in CELL_KINDS.items() if cell != form.values["cell"] for name in row.settings}
    hidden = others - {*complaints}
    groups = {"Data": in_use(form, FRONT_DATA[form.kind], complaints), **FRONT}
    return {title: [name for name in names if name not in hidden] for title, names in groups.items()}


def in_use(form: Form, names: Iterable[str], complaints: Iterable[str]) -> list[str]:
    """Those of some settings that have an effect, or that are complained of."""
    wrong = {*complaints}
    return [name for name in names if name in wrong or not config.why_unused(name, form.values)]


def drawer_groups(form: Form, complaints: Iterable[str]) -> dict[str, list[str]]:
    """The groups of the drawer: the settings that this kind of data and this cell have, or that are complained of."""
    known = set(_names_of(form))
    groups = {title: [name for name in names if name in known] for title, names in DRAWER.items()}
    cell, wrong = form.values["cell"], set(complaints)
    return {
        title: names
        for title, names in groups.items()
        if names and (CELL_OF.get(title, cell) == cell or not wrong.isdisjoint(names))
    }


def fields(form: Form, names: Sequence[str], complaints: dict[str, str]) -> set[str]:
    """Some settings beside each other, each with its complaint below it. Returns which they are."""
    with st.container(horizontal=True, gap="small"):
        for name in names:
            with st.container(width=FIELD_WIDTH, gap=None, key=f"field-{name}"):
                field(form, name, is_wrong=name in complaints)
                if name in complaints:
                    complain(complaints[name])
    return {*names}


def field(form: Form, name: str, is_wrong: bool) -> None:
    """The widget of one setting; of one that has no effect beside the others, greyed out and with the reason.

    What is complained of can always be changed, and stays as it was typed.
    """
    row, kind = config.all_settings()[name]
    value, unused = form.values[name], "" if is_wrong else config.why_unused(name, form.values)
    keys: dict[str, Any] = {"on_change": _commit, "args": (name,), "disabled": bool(unused)}
    keys |= {"help": " ".join(filter(None, [unused, help_of(row)]))}
    if kind is bool:
        st.space("small")
        st.toggle(row.label, bool(value), key=_key_of(name, lambda shown: shown == bool(value)), **keys)
    elif row.choices:
        _choice(name, row, value if value in row.choices else None, **keys)
    elif row.play:
        dial = Dial(name, row.play, _set, slider=f"{session.WIDGET}play-{name}", number=session.WIDGET + name)
        is_shown = partial(_is_shown, name, value)
        dial.draw(row.label, value, typed(value), is_shown, row.label, help=keys["help"], disabled=bool(unused))
    else:
        key = _key_of(name, partial(_is_shown, name, value))
        st.text_input(row.label, typed(value), key=key, autocomplete="off", **keys)


def _key_of(name: str, is_shown: Callable[[Any], bool]) -> str:
    return session.key_of(session.WIDGET + name, is_shown)


def _choice(name: str, row: Setting, chosen: Any, **keys: Any) -> None:
    """A few choices side by side, many in a list; a value that is none of them is shown as none."""
    keys |= {"key": _key_of(name, lambda shown: shown == chosen), "format_func": spoken}
    if len(row.choices) <= MOST_SEGMENTS:
        is_one = chosen is not None
        st.segmented_control(row.label, row.choices, default=chosen, width="stretch", required=is_one, **keys)
    else:
        st.selectbox(row.label, row.choices, None if chosen is None else row.choices.index(chosen), **keys)


def _is_shown(name: str, value: Any, text: str) -> bool:
    """Whether a text stands for the value of a setting."""
    return text == typed(value) or read(name, text) == value


def dataset_field(form: Form) -> None:
    """The list of everything that there is to learn from."""
    chosen = dataset_of(form)
    key = _key_of("dataset", lambda shown: shown == chosen)
    st.selectbox(
        "Dataset",
        DATASETS,
        DATASETS.index(chosen),
        format_func=lambda name: "Waves" if name == "sine" else spoken(name),
        key=key,
        on_change=_choose_dataset,
        help="Another kind of data brings the settings that suit it; those of the first kind are kept.",
    )


NAMED_BY = {"text": "corpus", "memory": "problem"}
"""By the kind of data: the setting that names the dataset, where there are several."""


def dataset_of(form: Form) -> str:
    """Which of `DATASETS` the settings name."""
    return form.values[NAMED_BY[form.kind]] if form.kind in NAMED_BY else form.kind


def spoken(choice: str) -> str:
    """A choice as it is written on the screen."""
    return WORDS.get(choice) or choice.replace("_", " ").capitalize()


@callback
def _commit(name: str) -> None:
    take(name, session.WIDGET + name)


def take(name: str, widget: str) -> None:
    """Set what a widget holds; not when another callback of the same click has put other settings into the form."""
    if session.is_drawn(widget):
        _set(name, session.value_in(widget))


def _set(name: str, value: Any) -> None:
    session.form().set(name, value)


def commit_typed() -> None:
    """Take what stands in the fields, also in one that was not left by Enter or a click elsewhere.

    The browser sends a field's text together with the click that left it, and the click may be looked at first.
    """
    form = session.form()
    for name, value in form.values.items():
        if session.is_drawn(session.WIDGET + name):
            shown = session.value_in(session.WIDGET + name)
            if isinstance(shown, str) and shown != typed(value):
                form.set(name, shown)


@callback
def _choose_dataset() -> None:
    commit_typed()
    if not session.is_drawn(session.WIDGET + "dataset"):
        return
    chosen = session.value_in(session.WIDGET + "dataset")
    session.use_kind(KIND_OF[chosen])
    if chosen in CORPORA:
        session.form().set("corpus", chosen)
    elif chosen in PROBLEMS and session.form().values["problem"] != chosen:
        session.use_form(Form.of_preset(PRESET_OF_PROBLEM[chosen]))  # What suits one problem does not suit the other.


def _names_of(form: Form) -> list[str]:
    sections = (DATA_KINDS[form.kind], ModelConfig, TrainingConfig)
    return [name for section in sections for name, _, _ in config.settings_of(section)] + ["seed"]


def help_of(row: Setting) -> str:
    """What a setting does and its source. TensorFlow 1's names, which few people need, have a line of their own."""
    about = f"{row.help} ({row.source})" if row.source else row.help
    return f"{about}\n\n{row.tf1_line}" if row.tf1 else about


def complain(sentence: str) -> None:
    """A sentence below a field about what stands in it."""
    st.markdown(f":small[:red[{escaped(sentence)}]]")

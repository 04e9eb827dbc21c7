"""What Compare and Look inside are played with.

Each value is kept in the session under its name in `PLAYED`, outlives the screen, and is in the link. The widgets'
own keys, `compare-NAME`, come and go with the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from rnnlab import config
from rnnlab.config import Play
from rnnlab.ui.markdown import escaped
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.table import PLAYED, Screen
from rnnlab.ui.widgets.dial import Dial
from rnnlab.ui.widgets.fields import complain

KEY = "compare-"


def kept(name: str) -> Any:
    """The value that the visitor or the link has set; None if neither did."""
    return session.comparison().get(name)


def keep(name: str, value: Any) -> None:
    """Take a value from now on."""
    session.comparison()[name] = value


def is_drawn(name: str) -> bool:
    """Whether the control was on the screen in the run before, so that its widget holds what the visitor wants."""
    return session.is_drawn(KEY + name)


def dial(name: str, label: str, play: Play, default: float, highest: float | None = None) -> Any:
    """A slider with the exact number beside it.

    Args:
        name: of a row of `PLAYED`.
        label: above the slider.
        play: the slider's range. A number that is typed may be anything that the row allows.
        default: the value until somebody chooses another.
        highest: where this run allows less than a link may say; a larger value gets a sentence and is left out.
    """
    row, kind = PLAYED[name]
    if kept(name) is None or _too_high(name, highest, default):
        keep(name, kind(default))
    drawn = Dial(name, play, _take, KEY + name, KEY + name + "-typed")
    text = drawn.draw(
        label, kept(name), _written(kept(name)), partial(_is_shown, name), f"{row.label}, exact", help=row.help
    )
    _complain(name, text)
    return kept(name)


def number(name: str, label: str, default: int, width: int = 160) -> int:
    """A whole number that is typed."""
    if kept(name) is None:
        keep(name, default)
    _complain(name, _typed(name, label, width=width))
    return kept(name)


def text(name: str, label: str, placeholder: str) -> str:
    """A text that is typed."""
    if kept(name) is None:
        keep(name, "")
    _complain(name, _typed(name, label, placeholder=placeholder))
    return kept(name)


def _typed(name: str, label: str, **options: Any) -> str:
    """A field for a value; what cannot be used stays in it until the value comes from elsewhere."""
    key = session.key_of(KEY + name, partial(_is_shown, name))
    return st.text_input(
        label, _written(kept(name)), key=key, on_change=_type, args=(name,), autocomplete="off", **options
    )


def _complain(name: str, text: str) -> None:
    wrong = complaint(name, text)
    if wrong:
        complain(wrong)


def choice(name: str, label: str, options: Sequence[str], default: str, spoken: Callable[[str], str]) -> str:
    """One of a few options, as segments. What the link says and this run does not have gets a sentence."""
    if not is_drawn(name) and kept(name) not in (None, *options):
        told = f"The {name} was {config.shown(kept(name))}, but must be one of {', '.join(options)} here"
        st.warning(escaped(f"{told}; {default} is taken."))
    chosen = kept(name) if kept(name) in options else default
    keep(name, chosen)
    st.segmented_control(
        label,
        options,
        default=chosen,
        key=session.key_of(KEY + name, lambda shown: shown == chosen),
        format_func=spoken,
        required=True,
        label_visibility="collapsed",
        wrap=True,
        on_change=_pick,
        args=(name,),
    )
    return chosen


def link(screen: Screen) -> dict[str, str]:
    """What belongs into the address of a screen: all that its controls hold and a link can bring back."""
    shown = {name: value for name, value in session.comparison().items() if is_drawn(name) and value is not None}
    return {name: _written(value) for name, value in shown.items() if name in screen.parameters}


def _too_high(name: str, highest: float | None, default: float) -> bool:
    if highest is None or kept(name) <= highest:
        return False
    label = PLAYED[name][0].label
    st.warning(f"{label} was {kept(name):,}, but must be at most {highest:,} here; {default} is taken.")
    return True


def pick(name: str) -> None:
    """Keep what the widget of a value holds."""
    if is_drawn(name):
        keep(name, session.value_in(KEY + name))


@callback
def _pick(name: str) -> None:
    pick(name)


@callback
def _type(name: str) -> None:
    if is_drawn(name):
        _take(name, session.value_in(KEY + name))


def _take(name: str, value: Any) -> None:
    if not complaint(name, value):
        keep(name, _parsed(name, value))


def _is_shown(name: str, text: str) -> bool:
    """Whether a text stands for the value, or cannot be used: then it stays until the value comes from elsewhere."""
    return complaint(name, text) != "" or _parsed(name, text) == kept(name)


def _parsed(name: str, value: Any) -> Any:
    row, kind = PLAYED[name]
    return config.check(name, row, kind, value)


def complaint(name: str, value: Any) -> str:
    """What is wrong with a number, or with a text; "" if nothing is."""
    try:
        _parsed(name, value)
    except config.InvalidSetting as error:
        return str(error)
    return ""


def _written(value: str | float) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)

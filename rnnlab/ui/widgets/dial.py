"""A dial: one value twice, as a slider to be moved and as an exact number to be typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from rnnlab.config import Play
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback

NUMBER_WIDTH = 84
"""Pixels of the number beside its slider."""


def typed(value: Any) -> str:
    """A value as a person would type it: at most six digits are shown, all are kept until the field is changed."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Dial:
    """A slider and a number that follow each other: both start from the value that is kept, see `session.key_of`.

    Attributes:
        name: handed to `take`.
        play: the values that the slider offers; others can be typed.
        take: called with the name and the value that was moved to, or the text that was typed.
        slider, number: names of the two widgets.
    """

    name: str
    play: Play
    take: Callable[[str, Any], None]
    slider: str
    number: str

    def draw(
        self, label: str, value: Any, text: str, is_shown: Callable[[str], bool], number_label: str, **options: Any
    ) -> str:
        """Draw both, and return what stands in the number's field.

        Args:
            label: above the slider.
            value: which is kept. The slider stands at the closest position; for anything but a number at its low end.
            text: the value as it is typed.
            is_shown: whether a text in the number's field stands for the value.
            number_label: of the number, for screen readers.
            options: of both widgets, such as `disabled`; `help` is the slider's.
        """
        with st.container(
            horizontal=True, vertical_alignment="bottom", gap="small", wrap=False, key=f"dial-{self.name}"
        ):
            self._draw_slider(label, value, **options)
            return st.text_input(
                number_label,
                text,
                key=session.key_of(self.number, is_shown),
                on_change=_type,
                args=(self,),
                label_visibility="collapsed",
                width=NUMBER_WIDTH,
                autocomplete="off",
                **options | {"help": None},
            )

    def _draw_slider(self, label: str, value: Any, **options: Any) -> None:
        at = self.play.nearest(value) if isinstance(value, int | float) else self.play.low
        # The browser adds up steps: 0.1 + 0.2 is not 0.3 there.
        key = session.key_of(self.slider, lambda shown: self.play.nearest(shown) == at)
        options |= {"key": key, "on_change": _move, "args": (self,)}
        if self.play.step:
            st.slider(label, self.play.low, self.play.high, at, step=self.play.step, format="%g", **options)
        else:
            st.select_slider(label, self.play.positions, at, format_func=typed, **options)


@callback
def _move(dial: Dial) -> None:
    if session.is_drawn(dial.slider):
        dial.take(dial.name, dial.play.nearest(session.value_in(dial.slider)))
        session.renew(dial.number)  # Nothing that could not be used stays beside a slider that was moved.


@callback
def _type(dial: Dial) -> None:
    if session.is_drawn(dial.number):
        dial.take(dial.name, session.value_in(dial.number))

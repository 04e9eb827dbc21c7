"""Short answers to questions about a setting, behind buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from rnnlab import config
from rnnlab.config import Experiment, counted
from rnnlab.formulas.forgetting import half_life, share_kept
from rnnlab.recorded.carrying import RecordedCarry, recorded_carry
from rnnlab.ui.markdown import texts_beside

if TYPE_CHECKING:
    from streamlit.elements.lib.mutable_popover_container import PopoverContainer

TEXTS = texts_beside(__file__)

STEPS = 20
"""Steps over which the answer follows the memory: the window of ptb_word_lm."""

COMPARED = (0.0, 1.0, 2.0)
"""Forget biases to compare with: where ptb_word_lm starts, what Jozefowicz 2015 advises, and one more."""

LONG = 1e6
"""A longer half-life, in steps, is called never."""


def questions(experiment: Experiment) -> None:
    """The questions of a reader of `ptb_word_lm`, as buttons. Each opens its answer. The first is about LSTMs only."""
    with st.container(horizontal=True, gap="small", key="questions"):
        if experiment.model.cell == "lstm":
            with _question("What does the forget bias do?", "forget_bias") as asked:
                if asked.open:
                    forget_bias_answer(experiment.model.forget_bias)
        with _question("Why carry the state?", "initial_state") as asked:
            if asked.open:
                initial_state_answer()


def _question(words: str, about: str) -> PopoverContainer:
    """A button whose answer is made when somebody presses it."""
    return st.popover(words, icon=":material/help:", key=f"asked-{about}", on_change="rerun")


def forget_bias_answer(bias: float) -> None:
    """How the bias in the form affects the memory, in words and as a figure, with the sources."""
    from rnnlab.plots.forgetting import memory_kept_figure

    st.markdown(forget_bias_words(bias))
    with st.container(key="memory-kept"):
        st.plotly_chart(memory_kept_figure(COMPARED, STEPS, bias), config={"displayModeBar": False})
    st.caption(TEXTS["forget bias, sources"])
    st.caption(_tf1_line("forget_bias"))


def forget_bias_words(bias: float) -> str:
    """One bias in words: its gate, its half-life, and that training changes it."""
    one_step, left = (_share(float(share_kept(bias, steps))) for steps in (1, STEPS))
    return TEXTS["forget bias"].format(
        bias=bias, one_step=one_step, lasts=_lasts(half_life(bias)), left=left, steps=STEPS
    )


def initial_state_answer() -> None:
    """Why the state is carried from window to window, with the project's measurement if there is one."""
    st.markdown(TEXTS["carry the state"])
    measured = recorded_carry()
    if measured:
        st.markdown(carry_table(measured))
        st.caption(carry_words(measured))
    st.caption(_tf1_line("carry_state"))


def carry_table(measured: RecordedCarry) -> str:
    """The four perplexities of a measurement as a Markdown table."""
    lines = [
        "| validation perplexity | state carried in validation | state reset in validation |",
        "| --- | ---: | ---: |",
    ]
    rows = {
        "state carried in training": measured.trained_carried,
        "state reset in training": measured.trained_reset,
    }
    lines += [f"| {name} | {read.carried:.2f} | {read.reset:.2f} |" for name, read in rows.items()]
    return "\n".join(lines)


def carry_words(measured: RecordedCarry) -> str:
    """What was measured, and by which command."""
    epochs = counted(measured.experiment.training.epochs, "epoch")
    return TEXTS["carry the state, measured"].format(
        preset=measured.preset, epochs=epochs, date=measured.date, command=measured.command
    )


def _tf1_line(name: str) -> str:
    """The names of a setting in TensorFlow 1, as a sentence."""
    return config.all_settings()[name][0].tf1_line


def _lasts(life: float) -> str:
    if life < 1:
        return "more than half of it is gone after a single step"
    if life > LONG:
        return "it practically never fades"
    steps = f"{life:,.0f}" if life >= 100 else f"{life:.1f}".removesuffix(".0")
    return f"half of it is gone after {steps} step{'' if steps == '1' else 's'}"


def _share(share: float) -> str:
    """A share as a percentage of two or three digits."""
    percent = 100 * share
    if percent < 0.001:
        return "less than 0.001 %"
    return f"{percent:.3g} %" if percent > 99 else f"{percent:.2g} %"

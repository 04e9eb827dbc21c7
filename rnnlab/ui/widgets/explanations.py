"""Short answers beside a setting, to open where somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from rnnlab.config import Experiment
from rnnlab.formulas.forgetting import half_life, share_kept
from rnnlab.recorded.carrying import RecordedCarry, recorded_carry

if TYPE_CHECKING:
    from streamlit.elements.lib.mutable_popover_container import PopoverContainer

STEPS = 20
"""Steps that the answer looks ahead: the window of ptb_word_lm."""

COMPARED = (0.0, 1.0, 2.0)
"""Forget biases to compare with: where ptb_word_lm starts, what Jozefowicz 2015 advises, and one more."""

LONG = 1e6
"""A half-life of more steps than this is as good as never."""


def questions(experiment: Experiment) -> None:
    """The questions that somebody asks who reads `ptb_word_lm`, each with its answer behind it.

    The first is about LSTMs only.
    """
    with st.container(horizontal=True, gap="small", key="questions"):
        if experiment.model.cell == "lstm":
            with _question("What is forget_bias?", "forget_bias") as asked:
                if asked.open:
                    forget_bias_answer(experiment.model.forget_bias)
        with _question("Why feed initial_state?", "initial_state") as asked:
            if asked.open:
                initial_state_answer()


def _question(words: str, about: str) -> PopoverContainer:
    """A button whose answer is made when somebody asks."""
    return st.popover(words, icon=":material/help:", key=f"asked-{about}", on_change="rerun")


def forget_bias_answer(bias: float) -> None:
    """What the bias in the form does to the memory, in words and as a figure, with the sources."""
    from rnnlab.plots.forgetting import memory_kept_figure

    st.markdown(forget_bias_words(bias))
    with st.container(key="memory-kept"):
        st.plotly_chart(memory_kept_figure(COMPARED, STEPS, bias), config={"displayModeBar": False})
    st.caption(
        "Gers, Schmidhuber and Cummins 2000 gave the LSTM its forget gate; Jozefowicz, Zaremba and Sutskever 2015 "
        "advise to start it open, with a bias such as 1 or 2."
    )


def forget_bias_words(bias: float) -> str:
    """One bias in two sentences: its gate, its half-life, and that training moves it."""
    return (
        f"It is added to the forget gate before its sigmoid: at **{bias:g}** an untrained gate keeps "
        f"{_share(float(share_kept(bias, 1)))} of the memory at every step: {_lasts(half_life(bias))}, and "
        f"{_share(float(share_kept(bias, STEPS)))} is left after {STEPS}. It is only where the gate starts: training "
        "can open or close it for each unit and each input."
    )


def initial_state_answer() -> None:
    """What feeding a window's final state to the next one is for, with the project's own measurement if it has one."""
    st.markdown(
        "Data are read window by window, and each row of a minibatch goes on where the same row of the one before "
        "ended. Feeding that one's `final_state` as `initial_state` lets the network remember what it read before the "
        "window, although the gradient stops at its edge; from an empty state it would begin anew each time. "
        "The setting is called **Carry state**."
    )
    measured = recorded_carry()
    if measured:
        st.markdown(carry_table(measured))
        st.caption(carry_words(measured))


def carry_table(measured: RecordedCarry) -> str:
    """The four perplexities of a measurement as a Markdown table."""
    lines = ["| validation perplexity | read with it carried | read with it reset |", "| --- | ---: | ---: |"]
    rows = {"trained with the state carried": measured.trained_carried, "trained with it reset": measured.trained_reset}
    lines += [f"| {name} | {read.carried:.2f} | {read.reset:.2f} |" for name, read in rows.items()]
    return "\n".join(lines)


def carry_words(measured: RecordedCarry) -> str:
    """What the measurement is of, and what made it."""
    epochs = measured.experiment.training.epochs
    return (
        f"Measured on {measured.preset}, {epochs} epoch{'' if epochs == 1 else 's'} each, the same first weights and "
        f"minibatches, {measured.date}: `{measured.command}`."
    )


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

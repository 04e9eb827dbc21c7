"""The nudge: push the state once, and follow the pushed and the unpushed network in both regimes."""

from __future__ import annotations

import streamlit as st

from rnnlab.analyses.nudge import GrowthRates, PushAnswer, PushState, RatesAnswer
from rnnlab.config import Play
from rnnlab.sentences.nudge import outputs_sentence, push_sentence, rates_sentence, words_sentence
from rnnlab.store.run import Run
from rnnlab.ui.markdown import escaped, texts_beside
from rnnlab.ui.screens.inside.figure import curves_table, draw_figure, thinned_note
from rnnlab.ui.screens.inside.passage import noun_of
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.table import INSIDE
from rnnlab.ui.widgets.asking import asked
from rnnlab.ui.widgets.controls import dial, keep

TEXTS = texts_beside(__file__)

SIZE = "Size of the push, relative to the state"
PUSH, AT, STEPS = Play(1e-6, 10.0), Play(0, 500, 10), Play(50, 2000, 50)
TEXT_STEPS = Play(20, 500, 10)

LARGE = 0.05
"""A push from which the outputs are shown: of a smaller one nothing could be seen."""

SHOWN_RATES = 10
WORDS_SHOWN = 40


def nudge(run: Run) -> None:
    """The distance over time, the outputs of a large push, and the exact growth rates."""
    reads_tokens = run.experiment.task.reads_tokens
    noun = noun_of(run)
    result = st.empty()
    first, second, third = st.columns(3, gap="large")
    with first:
        size = dial("push", SIZE, PUSH, 1e-4)
    with second:
        at = dial("at", "Steps after the prime", AT, 0)
    with third:
        steps = dial(
            "steps", "Steps that are followed", TEXT_STEPS if reads_tokens else STEPS, 100 if reads_tokens else 500
        )
    with result.container():
        answer = asked(run, PushState(prime_of(run), at + steps, at, size))
        known = _known_rates(run)
        if answer is not None:
            _push(answer, size, known, noun, "" if known else "-at-first")
    st.markdown("##### The exact rates at which small pushes grow or fade")
    # After the push, which need not wait for them. It is then drawn again, with the lines that they predict.
    rates = known or asked(run, GrowthRates(prime_of(run), 500 if reads_tokens else 2000))
    if rates is None:
        return
    st.session_state["rates"] = ((run.id, run.step), rates)
    _rates(run, rates, noun)
    if answer is not None and not known:
        with result.container():
            _push(answer, size, rates, noun)


def _known_rates(run: Run) -> RatesAnswer | None:
    """The rates of these weights, if they were shown before."""
    measured_of, rates = st.session_state["rates"]
    return rates if measured_of == (run.id, run.step) else None


def small_nudge(run: Run, prime: int, steps: int) -> None:
    """The distance over time alone, on Compare, with the way to the whole figure."""
    with st.expander("The nudge: is a small push forgotten?", key="small-nudge", on_change="rerun") as part:
        if not part.open:
            return
        result = st.container()
        size = dial("push", SIZE, PUSH, 1e-4)
        st.button(TEXTS["to the nudge"], key="to-the-nudge", icon=INSIDE.icon, type="tertiary", on_click=_look_inside)
        with result:
            answer = asked(run, PushState(prime, steps, 0, size))
            if answer is not None:
                _distances(answer, size, None)


@callback
def _look_inside() -> None:
    keep("study", "nudge")
    session.go_to(INSIDE.page)


def prime_of(run: Run) -> int:
    """Values or tokens that are read before the steps that are looked at."""
    return 10 if run.experiment.task.reads_tokens else 50


def _push(answer: PushAnswer, size: float, rates: RatesAnswer | None, noun: str, time: str = "") -> None:
    """What is seen of one push.

    Args:
        time: added to the keys of figures that are drawn for the first of two times.
    """
    _distances(answer, size, rates, time)
    if answer.words:
        _texts(answer, noun)
    elif size >= LARGE:
        _outputs(answer, time)


def _distances(answer: PushAnswer, size: float, rates: RatesAnswer | None, time: str = "") -> None:
    from rnnlab.plots.nudge import push_figure

    forced, alone = answer.teacher_forced, answer.free_running
    largest = (float(rates.teacher_forced[0]), float(rates.free_running[0])) if rates else None
    sentence = push_sentence(answer.length, forced.values, alone.values)
    draw_figure(
        push_figure(forced, alone, size, largest),
        sentence=sentence,
        source=TEXTS["predicted"] if rates else TEXTS["distance"],
        numbers=curves_table({"teacher-forced": forced, "free-running": alone}, "distance"),
        file="nudge",
        key=f"nudge{time}",
        alt="Distance of the pushed from the unpushed network on a logarithmic axis, over the steps after the push.",
        note=thinned_note(answer.length),
    )


def _outputs(answer: PushAnswer, time: str) -> None:
    from rnnlab.plots.nudge import outputs_figure

    draw_figure(
        outputs_figure(answer.outputs),
        sentence=outputs_sentence(*answer.apart, answer.ending),
        source="Predictions after each step, in the units of the data.",
        numbers=curves_table(answer.outputs, "output"),
        file="nudge-outputs",
        key=f"nudge-outputs{time}",
        alt="Predictions of the pushed and the unpushed network in both regimes.",
        note=thinned_note(answer.length),
    )


def _texts(answer: PushAnswer, noun: str) -> None:
    """What both networks wrote, from a little before the first difference."""
    pairs = zip(answer.words, answer.pushed_words, strict=True)
    parted = next((i for i, (word, pushed) in enumerate(pairs) if word != pushed), None)
    st.markdown(escaped(words_sentence(parted, len(answer.words), noun)))
    first = max(0, (parted or 0) - WORDS_SHOWN // 4)
    blank = "" if noun == "character" else " "
    for name, words in (("Unpushed", answer.words), ("Pushed", answer.pushed_words)):
        st.text(f"{name}: {blank.join(words[first : first + WORDS_SHOWN])}")


def _rates(run: Run, answer: RatesAnswer, noun: str) -> None:
    """The exponents beside the push. They do not depend on it."""
    import pandas as pd

    from rnnlab.plots.nudge import rates_figure

    forced, alone = answer.teacher_forced[:SHOWN_RATES], answer.free_running[:SHOWN_RATES]
    is_wave = not run.experiment.task.reads_tokens and not run.experiment.data.needs_own_text
    draw_figure(
        rates_figure(forced, alone),
        sentence=rates_sentence(float(forced[0]), float(alone[0]), is_wave, noun),
        source=TEXTS["rates source"].format(shown=len(forced), width=answer.width, steps=answer.steps),
        numbers=pd.DataFrame({"rank": range(1, len(forced) + 1), "teacher_forced": forced, "free_running": alone}),
        file="growth-rates",
        alt="Lyapunov exponents of both regimes by rank, with a line at 0.",
        height=300,
    )

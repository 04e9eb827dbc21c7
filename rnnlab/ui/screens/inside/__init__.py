"""Look inside: one figure at a time of what goes on in a trained network. Each study has a file of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from rnnlab.config import Experiment
from rnnlab.sentences.crossings import needs_few_layers
from rnnlab.sentences.gates import needs_gates, needs_one_direction
from rnnlab.sentences.inside import needs_free_run, needs_sine, refused_sentence
from rnnlab.sentences.inside_text import needs_next_word, needs_text
from rnnlab.store.run import Run
from rnnlab.ui.markdown import escaped
from rnnlab.ui.screens.inside.context import context_used
from rnnlab.ui.screens.inside.crossings import crossings
from rnnlab.ui.screens.inside.gates import averages, gates, saturated
from rnnlab.ui.screens.inside.gradients import reach, untrained
from rnnlab.ui.screens.inside.microscope import microscope
from rnnlab.ui.screens.inside.nudge import nudge
from rnnlab.ui.screens.inside.oscillation import phase, portrait, spectrum
from rnnlab.ui.screens.inside.unit import unit_that_knows
from rnnlab.ui.screens.inside.words_used import words_used
from rnnlab.ui.widgets.controls import choice, keep, kept


@dataclass(frozen=True)
class Study:
    """One figure of the inside, with what it is played with.

    Attributes:
        name: in the link, `?study=NAME`.
        title: in the choice of figures.
        question: what to look for, in one sentence.
        refusal: why it does not apply to an experiment, as a sentence; None where it applies.
        draw: draws the figure of a run, with its controls. It calls `draw_figure` of `figure.py`.
    """

    name: str
    title: str
    question: str
    refusal: Callable[[Experiment], str | None]
    draw: Callable[[Run], None]


STUDIES: tuple[Study, ...] = (
    Study(
        "nudge",
        "The nudge",
        "Push the state a little. In which regime is the push forgotten, and in which one does it stay?",
        needs_free_run,
        nudge,
    ),
    Study(
        "phase",
        "Phase and amplitude",
        "Does a free run lose the wave because it becomes smaller, or because it runs ahead or behind?",
        needs_sine,
        phase,
    ),
    Study(
        "portrait",
        "Portrait",
        "Does the free run settle on the same closed curve as the wave? Press Run, and follow the markers.",
        needs_sine,
        portrait,
    ),
    Study(
        "spectrum",
        "Fixed point",
        "Around which point does the free run turn, and do its eigenvalues turn as fast as the wave?",
        needs_sine,
        spectrum,
    ),
    Study(
        "words",
        "Words it used",
        "Which of the earlier words decided what the network expected here?",
        needs_next_word,
        words_used,
    ),
    Study(
        "context",
        "Context",
        "How many words of context does the network make use of?",
        needs_next_word,
        context_used,
    ),
    Study(
        "unit",
        "A unit that knows",
        "Is there one single unit whose value gives away a property of the text?",
        needs_text,
        unit_that_knows,
    ),
    Study(
        "gates",
        "Gates through time",
        "Which units follow the input, and which hold something for many steps?",
        needs_one_direction,
        gates,
    ),
    Study(
        "saturated",
        "Saturated gates",
        "Which gates are nearly always open or closed, and which work in between?",
        needs_gates,
        saturated,
    ),
    Study(
        "kept",
        "What is kept",
        "How far has training moved the gate that keeps the memory from where it started?",
        needs_gates,
        averages,
    ),
    Study(
        "microscope",
        "One cell",
        "How do the numbers of one step become the next state?",
        needs_one_direction,
        microscope,
    ),
    Study(
        "reach",
        "Gradients back in time",
        "After how many steps back has the error lost its grip on the state?",
        needs_one_direction,
        reach,
    ),
    Study(
        "untrained",
        "Untrained cells",
        "Which cells let the error reach far back before they have learned anything?",
        needs_one_direction,
        untrained,
    ),
    Study(
        "crossings",
        "Dropout's crossings",
        "Does information that is older cross dropout more often?",
        needs_few_layers,
        crossings,
    ),
)
"""In the order in which they are offered."""


def study_of(run: Run) -> None:
    """The choice of figures, the chosen one, and why the others do not apply to this run."""
    refusals = {study.name: study.refusal(run.experiment) for study in STUDIES}
    offered = [study for study in STUDIES if not refusals[study.name]]
    _say_if_refused(refusals)
    if offered:
        _draw_chosen(run, offered)
    _others({study.title: refusals[study.name] for study in STUDIES if refusals[study.name]}, are_all=not offered)


def _say_if_refused(refusals: dict[str, str | None]) -> None:
    """A figure that was wanted for another run, or by a link, and that this run does not have."""
    refusal = refusals.get(kept("study") or "")
    if refusal:
        title = next(study.title for study in STUDIES if study.name == kept("study"))
        st.info(escaped(refused_sentence(title, refusal)), icon=":material/block:")
        keep("study", None)


def _draw_chosen(run: Run, offered: list[Study]) -> None:
    by_name = {study.name: study for study in offered}
    with st.container(key="studies"):
        name = choice("study", "Figure", list(by_name), offered[0].name, lambda name: by_name[name].title)
    with st.container(key="study-question"):
        st.markdown(f"**{escaped(by_name[name].question)}**")
    by_name[name].draw(run)


def _others(refusals: dict[str, str | None], are_all: bool) -> None:
    if not refusals:
        return
    with (
        st.container(key="fold-other-studies"),
        st.expander("Figures that this run does not have", expanded=are_all, icon=":material/block:"),
    ):
        for title, refusal in refusals.items():
            st.markdown(f"**{title}.** {escaped(refusal or '')}")

"""One cell under the microscope: a unit at a step, with every number in its place."""

from __future__ import annotations

import streamlit as st

from rnnlab.analyses.microscope import MicroscopeAnswer, OneCell
from rnnlab.config import Play
from rnnlab.data.vocabulary import visible
from rnnlab.sentences.microscope import cell_sentence, projection_sentence, read_sentence
from rnnlab.store.run import Run
from rnnlab.ui.markdown import texts_beside
from rnnlab.ui.screens.inside.figure import draw_picture
from rnnlab.ui.screens.inside.picked import FORCED, FREE, picked_place, picked_regime, picked_stretch
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.widgets.asking import asked
from rnnlab.ui.widgets.controls import dial, keep, kept

TEXTS = texts_beside(__file__)

MOMENT = Play(0, 500, 1)


def microscope(run: Run) -> None:
    """The drawing, its formulas, and the way to the next step."""
    regime = picked_regime(run, (FORCED, FREE))
    with st.container(horizontal=True, vertical_alignment="bottom", key="microscope-steps"):
        at = kept("moment") or 0
        st.button("Back", icon=":material/chevron_left:", on_click=_move_to, args=(at - 1,), disabled=at == 0)
        st.button("Forward", icon=":material/chevron_right:", on_click=_move_to, args=(at + 1,))
        with st.container():
            at = dial("moment", "Step", MOMENT, 0)
    drawing = st.container()
    layer, unit = picked_place(run.experiment)
    stretch = picked_stretch(run)
    with drawing:
        answer = asked(run, OneCell(at=at, layer=layer, unit=unit, is_free=regime == FREE, **stretch))
        if answer is not None:
            _draw(run, answer)


@callback
def _move_to(step: int) -> None:
    keep("moment", max(0, step))


def _draw(run: Run, answer: MicroscopeAnswer) -> None:
    import pandas as pd

    from rnnlab.plots.microscope import cell_picture, formulas_table

    model, step = run.experiment.model, answer.cell
    is_own = answer.is_free and answer.at >= answer.given
    words = tuple(visible(word) for word in answer.words)
    sentences = [read_sentence(answer.at, words, answer.inputs, is_own), cell_sentence(model.cell, step)]
    if model.cell == "lstm" and model.num_proj:
        sentences.append(projection_sentence(step.output, model.num_proj, answer.units))
    if answer.at < (kept("moment") or 0):
        sentences.append(f"Step {answer.at:,} is the last one here.")
    rows = [
        {"line": line.name, "term": term.name, "value": term.value, "sum": line.total, "result": line.value}
        for line in step.lines
        for term in line.terms
    ]
    draw_picture(
        cell_picture(model.cell, step, f"{TEXTS['alt']} {sentences[1]}"),
        sentence=" ".join(sentences),
        source=TEXTS["source"],
        numbers=pd.DataFrame(rows),
        file="one-cell",
    )
    st.html(formulas_table(step.lines))
    reset = " ".join(TEXTS[name] for name in _variants(run))
    st.caption(f"{TEXTS['formulas']} {reset}".strip())


def _variants(run: Run) -> list[str]:
    """The names of the texts on what this cell has beside the plain one."""
    model = run.experiment.model
    if model.cell == "gru":
        return ["reset after" if model.reset_after else "reset before"]
    if model.cell == "lstm" and model.use_peepholes:
        return ["peepholes"]
    return []

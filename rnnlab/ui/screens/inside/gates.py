"""Gates and states through time: a heat map, how often gates are saturated, and what they keep on average."""

from __future__ import annotations

import numpy as np
import streamlit as st

from rnnlab.analyses.gates import GatesAnswer, GatesThroughTime, OneRegime
from rnnlab.config import CELL_KINDS
from rnnlab.data.vocabulary import visible
from rnnlab.sentences.gates import (
    difference_sentence,
    kept_sentence,
    map_sentence,
    moving_sentence,
    saturation_sentence,
    start_of_gate,
    thinned_sentence,
)
from rnnlab.store.run import Run
from rnnlab.ui.markdown import texts_beside
from rnnlab.ui.screens.inside.figure import draw_figure
from rnnlab.ui.screens.inside.passage import noun_of
from rnnlab.ui.screens.inside.picked import (
    DIFFERENCE,
    FORCED,
    FREE,
    REGIMES,
    picked_place,
    picked_regime,
    picked_stretch,
)
from rnnlab.ui.widgets.asking import asked
from rnnlab.ui.widgets.controls import choice

TEXTS = texts_beside(__file__)

MOST_TINTED = 300
"""Words, characters or symbols that are shown with their colours."""


def gates(run: Run) -> None:
    """The heat map of one gate or state, and the picked unit."""
    cell = CELL_KINDS[run.experiment.model.cell]
    part = choice("part", "Gate or state", cell.parts, cell.keeps or cell.parts[0], str)
    regime = picked_regime(run, (FORCED, FREE, DIFFERENCE))
    drawing = st.container()
    answer = _answer(run, part, drawing)
    if answer is None:
        return
    with drawing:
        _draw_map(answer, regime if answer.free is not None else FORCED, noun_of(run))


def saturated(run: Run) -> None:
    """How often each unit's gates are open and closed."""
    regime = picked_regime(run, (FORCED, FREE))
    drawing = st.container()
    answer = _answer(run, "", drawing)
    if answer is None:
        return
    import pandas as pd

    from rnnlab.plots.gates import saturation_figure

    found, letters = _of(answer, regime), answer.sigmoid_gates
    rows = [
        {"gate": gate, "unit": unit + 1, "closed": found.closed[row, unit], "open": found.open[row, unit]}
        for row, gate in enumerate(letters)
        for unit in range(found.closed.shape[1])
    ]
    with drawing:
        draw_figure(
            saturation_figure(letters, found.closed, found.open),
            sentence=saturation_sentence(letters, found.closed, found.open),
            source=TEXTS["saturation source"],
            numbers=pd.DataFrame(rows),
            file="saturated-gates",
            alt=TEXTS["saturation alt"],
        )


def averages(run: Run) -> None:
    """The average of the gate that keeps the memory, against where training started."""
    drawing = st.container()
    answer = _answer(run, "", drawing)
    if answer is None:
        return
    import pandas as pd

    from rnnlab.plots.gates import kept_figure

    model = run.experiment.model
    gate = CELL_KINDS[model.cell].keeps
    means = {REGIMES[name]: one.kept for name, one in ((FORCED, answer.forced), (FREE, answer.free)) if one}
    with drawing:
        draw_figure(
            kept_figure(gate, means, start_of_gate(model.cell, model.forget_bias)),
            sentence=kept_sentence(gate, model.cell, answer.forced.kept, model.forget_bias),
            source="Gers 2000; Jozefowicz 2015 on the forget bias.",
            numbers=pd.DataFrame({"unit": np.arange(1, len(answer.forced.kept) + 1), **means}),
            file="kept-on-average",
            alt=TEXTS["kept alt"],
        )


def _answer(run: Run, part: str, drawing: st.delta_generator.DeltaGenerator) -> GatesAnswer | None:
    """What the controls below the figure ask for."""
    experiment = run.experiment
    layer, unit = picked_place(experiment, with_unit=bool(part))
    stretch = picked_stretch(run)
    with drawing:
        return asked(run, GatesThroughTime(part=part, layer=layer, unit=unit, **stretch))


def _of(answer: GatesAnswer, regime: str) -> OneRegime:
    return answer.free if regime == FREE and answer.free is not None else answer.forced


def _draw_map(answer: GatesAnswer, regime: str, noun: str) -> None:
    import pandas as pd

    from rnnlab.plots.gates import HeatMap, gates_figure, tinted_text

    shown, both = _of(answer, regime), {FORCED: answer.forced, FREE: answer.free}
    values, is_unsigned = shown.map, answer.part in answer.sigmoid_gates
    level = map_sentence(answer.part, answer.forced.means, answer.free.means if answer.free else None)
    sentence = f"{level} {moving_sentence(values, answer.units)}"
    if regime == DIFFERENCE and answer.free is not None:
        values, is_unsigned = answer.free.map - answer.forced.map, False
        columns = min(-(-answer.given // answer.stride), values.shape[1] - 1)
        sentence = difference_sentence(answer.part, values, answer.units, columns)
    words = [visible(word) for word in shown.words] if regime != DIFFERENCE and answer.stride == 1 else []
    heat_map = HeatMap(values, answer.units, answer.part, is_unsigned, answer.stride, words)
    times = answer.curve_stride * np.arange(len(answer.forced.curve))
    present = {REGIMES[name]: one for name, one in both.items() if one is not None}
    curves = {name: (times, one.curve) for name, one in present.items()}
    series = {name: (times, one.values) for name, one in present.items() if len(one.values)}
    told = f"{sentence} {thinned_sentence(answer.stride, len(answer.units), answer.width)}".strip()
    numbers = pd.DataFrame({"step": heat_map.times} | _columns(values, answer.units))
    draw_figure(
        gates_figure(heat_map, answer.unit, curves, series or None, answer.given if answer.free else None),
        sentence=told,
        source=TEXTS["gates source"],
        numbers=numbers,
        file="gates-through-time",
        alt=TEXTS["gates alt"],
        height=560,
    )
    if shown.words and len(shown.words) <= MOST_TINTED:
        largest = 1.0 if answer.part != "c" else max(float(np.abs(shown.curve).max()), 1e-9)
        about = f"Each {noun} is coloured by {answer.part} of unit {answer.unit + 1} after it was read."
        st.caption(f"{about} {TEXTS['tints']}")
        st.html(tinted_text([visible(word) for word in shown.words], shown.curve, largest, about).html)


def _columns(values: np.ndarray, units: np.ndarray) -> dict[str, np.ndarray]:
    return {f"unit_{unit + 1}": row for unit, row in sorted(zip(units, values, strict=True), key=lambda pair: pair[0])}

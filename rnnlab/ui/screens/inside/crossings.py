"""How often information crosses dropout on its way through the run's network."""

from __future__ import annotations

import streamlit as st

from rnnlab.config import Play
from rnnlab.sentences.crossings import crossings_sentence
from rnnlab.store.run import Run
from rnnlab.ui.screens.inside.figure import draw_picture
from rnnlab.ui.screens.inside.picked import picked_layer
from rnnlab.ui.widgets.controls import dial

APART = Play(0, 7, 1)


def crossings(run: Run) -> None:
    """The way from an input to an output some steps later."""
    import pandas as pd

    from rnnlab.plots.crossings import crossings_picture

    model = run.experiment.model
    drawing = st.container()
    left, right = st.columns(2, gap="medium")
    with left:
        steps = dial("apart", "Time steps between input and output", APART, 3, highest=APART.high)
    with right:
        layer = picked_layer(run.experiment)
    sites = ["input", *(f"above layer {number + 1}" for number in range(model.num_layers))]
    rates = [model.input_dropout] + [model.output_dropout] * model.num_layers
    with drawing:
        draw_picture(
            crossings_picture(model, steps, layer),
            sentence=crossings_sentence(model, steps),
            source="Zaremba, Sutskever and Vinyals 2014, figure 2.",
            numbers=pd.DataFrame({"crossing": range(1, len(sites) + 1), "site": sites, "rate": rates}),
            file="dropout-crossings",
        )

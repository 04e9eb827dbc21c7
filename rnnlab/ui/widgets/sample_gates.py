"""The gates of a network at a sample: a small heat map that moves while it trains."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from rnnlab.plots.small_map import small_map
from rnnlab.sentences.gates import NAMES, sample_sentence
from rnnlab.store.run import Run
from rnnlab.ui.widgets.layout import picture_height

HEIGHT = 150
"""Pixels."""


def sample_gates(run: Run, inside: Mapping[str, Any] | None) -> None:
    """One gate of the first layer, folded away until somebody opens it.

    Args:
        run: whose sample it is.
        inside: what `rnnlab.inspection.samples.gates_at_a_sample` returned; None for a sample of an older version.
    """
    if not inside:
        return
    name = NAMES[inside["gate"]]
    with st.expander(f"Inside: {name}", icon=":material/grid_on:", key=f"gates-{run.id}", on_change="rerun") as fold:
        if fold.open:
            _draw(inside)


def _draw(inside: Mapping[str, Any]) -> None:
    gate, units = inside["gate"], inside["units"]
    levels = np.frombuffer(base64.b64decode(inside["levels"]), np.uint8).reshape(len(units), -1)
    values = inside["low"] + levels / 255 * (1 - inside["low"])
    about = f"{NAMES[gate]} of the first layer: units from top to bottom, time steps from left to right."
    st.html(small_map(levels, inside["low"] < 0, about, picture_height(HEIGHT)).html)
    st.caption(f"{about[0].upper()}{about[1:]} {sample_sentence(gate, values)}")

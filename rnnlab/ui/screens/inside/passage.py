"""Which passage of a text is read, and how its tokens are called."""

from __future__ import annotations

import streamlit as st

from rnnlab.config import Play
from rnnlab.store.run import Run
from rnnlab.ui.widgets.controls import dial

START = Play(0, 2000, 10)
LENGTH = {"words": (Play(10, 200, 10), 40), "characters": (Play(20, 400, 20), 120)}
"""The slider's range and where it starts, by what the text is cut into. Up to 2,000 can be typed."""


def kind_of(run: Run) -> str:
    """What the text is cut into: `words` or `characters`."""
    return getattr(run.experiment.data, "tokens", "words")


def noun_of(run: Run) -> str:
    """What the network reads at one step: `word`, `character`, `symbol`, `number` or `value`."""
    return getattr(run.experiment.data, "tokens", "").removesuffix("s") or run.experiment.task.noun


def passage_dials(kind: str) -> tuple[int, int]:
    """Where the passage begins in the validation text, and its length."""
    left, right = st.columns(2, gap="large")
    with left:
        start = dial("start", "Start: position in the validation text", START, 0)
    with right:
        length = dial("words", f"Length: {kind} that are read from an empty state", *LENGTH[kind])
    return start, length

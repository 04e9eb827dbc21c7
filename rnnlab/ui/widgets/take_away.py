"""The button that opens everything that can be taken away of a run."""

from __future__ import annotations

from functools import partial

import streamlit as st

from rnnlab.store.run import Run
from rnnlab.ui.markdown import escaped, texts_beside
from rnnlab.ui.server.lab_access import lab

TEXTS = texts_beside(__file__)


def take_away(run: Run) -> None:
    """A button "Take away". What it opens is drawn when it is open, and a file is made when its button is pressed."""
    with st.popover("Take away", icon=":material/download:", key=f"take-away-{run.id}", on_change="rerun") as offer:
        if offer.open:
            _offer(run)


def _offer(run: Run) -> None:
    # Nobody needs what makes the files before the button is pressed.
    from rnnlab.take_away import WAYS, take, take_name

    experiment = run.experiment
    for kind, way in WAYS.items():
        reason = way.why_not(experiment)
        if reason:
            st.caption(f"**{way.label}**: {escaped(reason)}")
            continue
        st.download_button(
            way.label,
            # It is called by a thread of its own, which has no session: so it is given the lab.
            partial(take, lab(), run.id, kind),
            take_name(run, kind),
            way.mime,
            key=f"take-{kind}-{run.id}",
            help=way.about,
            on_click="ignore",
            disabled=way.needs_weights and not run.step,
            width="stretch",
        )
    st.caption(TEXTS["worker"] if run.step else TEXTS["untrained"])
    st.caption(TEXTS["link"])

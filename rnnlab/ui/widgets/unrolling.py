"""The four ways to unroll a network: when to use each one, and what it costs."""

from __future__ import annotations

import streamlit as st

from rnnlab import config
from rnnlab.recorded.unrolling import UnrollingMeasured, unrolling_measured
from rnnlab.ui.markdown import texts_beside

TEXTS = texts_beside(__file__)

WAYS = ("dynamic", "static", "state_saving", "bidirectional")
"""The setting's choices, in the order of the table."""


def ways_to_unroll() -> None:
    """A table of the four ways in an expander, with their measured costs."""
    with st.expander("Four ways to unroll a network over time"):
        st.markdown(TEXTS["about"])
        measured = unrolling_measured()
        st.markdown(ways_table(measured))
        st.caption(config.all_settings()["unrolling"][0].tf1_line)
        if measured:
            st.caption(TEXTS["measured"].format(measured=measured))


def ways_table(measured: UnrollingMeasured | None) -> str:
    """The ways as a Markdown table, with their costs if they were measured."""
    costs = " compile | step | memory |" if measured else ""
    lines = [
        f"| way | what it is and suits |{costs}",
        "| --- | --- |" + (" ---: |" * 3 if measured else ""),
    ]
    for name in WAYS:
        line = f"| {name.replace('_', '-')} | {TEXTS[name]} |"
        if measured:
            way = measured.ways[name]
            line += (
                f" {way.compile_seconds:.1f} s | {1e3 * way.step_seconds:.2f} ms | {way.memory_bytes / 2**20:.0f} MiB |"
            )
        lines.append(line)
    return "\n".join(lines)

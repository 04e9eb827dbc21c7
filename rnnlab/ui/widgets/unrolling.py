"""The four ways to unroll a network: when to use each one, and what it costs."""

from __future__ import annotations

import streamlit as st

from rnnlab import config
from rnnlab.recorded.unrolling import UnrollingMeasured, unrolling_measured

WAYS = {
    "dynamic": "A loop over the steps. It suits nearly every case: any length works without compiling again.",
    "static": "A copy of the cell for each step. It suits short windows of one fixed length. It takes longest to "
    "compile.",
    "state_saving": "The loop, and a saver that keeps the last state of each stream under the stream's name. It suits "
    "long sequences that are read one window at a time, in any order, or by a process that may be restarted.",
    "bidirectional": "Two networks, one of which reads backwards. It suits labelling each step of a complete sequence "
    "(tagging). It cannot generate: the backward network would have to start at the end of a text that does not exist "
    "yet.",
}
"""What each way is and when to use it, by the setting's choice."""


def ways_to_unroll() -> None:
    """A table of the four ways in an expander, with their measured costs."""
    with st.expander("Four ways to unroll a network over time"):
        st.markdown(
            "The window is the number of steps that the gradient reaches back. The setting **Unrolling** decides how "
            "the cell is repeated over the window. The first three ways give the same numbers."
        )
        measured = unrolling_measured()
        st.markdown(ways_table(measured))
        st.caption(config.all_settings()["unrolling"][0].tf1_line)
        if measured:
            st.caption(
                f"Measured for an LSTM of {measured.units} units, windows of {measured.num_steps} steps and batch size "
                f"4, compiled by XLA ({measured.machine}, {measured.date}): `python -m benchmarks.unrolling`."
            )


def ways_table(measured: UnrollingMeasured | None) -> str:
    """The ways as a Markdown table, with their costs if they were measured."""
    costs = " compile | step | memory |" if measured else ""
    lines = [
        f"| way | what it is and suits |{costs}",
        "| --- | --- |" + (" ---: |" * 3 if measured else ""),
    ]
    for name, when in WAYS.items():
        line = f"| {name.replace('_', '-')} | {when} |"
        if measured:
            way = measured.ways[name]
            line += (
                f" {way.compile_seconds:.1f} s | {1e3 * way.step_seconds:.2f} ms | {way.memory_bytes / 2**20:.0f} MiB |"
            )
        lines.append(line)
    return "\n".join(lines)

"""The four ways to unroll a network: when each is right, and what each costs."""

from __future__ import annotations

import streamlit as st

from rnnlab.recorded.unrolling import UnrollingMeasured, unrolling_measured

WAYS = {
    "dynamic": ("dynamic_rnn", "A loop over the steps. Nearly always right: any length, nothing to compile anew."),
    "static": (
        "static_rnn",
        "A copy of the cell for each step. For short windows of one fixed length; it compiles longest.",
    ),
    "state_saving": (
        "static_state_saving_rnn",
        "The loop, and a saver that keeps each stream's last state under its name. For long sequences that are read a "
        "window at a time, in any order, or by a process that may be restarted.",
    ),
    "bidirectional": (
        "bidirectional_dynamic_rnn",
        "Two networks, one reading from the end. For saying something of each step of a sequence that is all there: "
        "tagging. It cannot generate, because what it has yet to say has no end to start from.",
    ),
}
"""By the setting's choice: TensorFlow 1's name, and when it is right."""


def ways_to_unroll() -> None:
    """A table to open: the first three give the same numbers, and what was measured of each."""
    with st.expander("Four ways to unroll a network over time"):
        st.markdown(
            "The window is the time that the gradient reaches back. How the cell is laid out over it is the setting "
            "**Unrolling**; the first three ways give the same numbers."
        )
        measured = unrolling_measured()
        st.markdown(ways_table(measured))
        if measured:
            st.caption(
                f"Measured for an LSTM of {measured.units} units, windows of {measured.num_steps} steps, batch 4, "
                f"compiled by XLA ({measured.machine}, {measured.date}): `python -m benchmarks.unrolling`."
            )


def ways_table(measured: UnrollingMeasured | None) -> str:
    """The ways as a Markdown table, with their costs if they were measured."""
    costs = " compile | step | memory |" if measured else ""
    lines = [f"| way | TF1 | when it is right |{costs}", "| --- | --- | --- |" + (" ---: |" * 3 if measured else "")]
    for name, (tf1, when) in WAYS.items():
        line = f"| {name.replace('_', '-')} | `{tf1}` | {when} |"
        if measured:
            way = measured.ways[name]
            line += (
                f" {way.compile_seconds:.1f} s | {1e3 * way.step_seconds:.2f} ms | {way.memory_bytes / 2**20:.0f} MiB |"
            )
        lines.append(line)
    return "\n".join(lines)

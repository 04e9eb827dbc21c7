"""Teacher-forced and free-running side by side: a chart for a series, a passage for a text."""

from __future__ import annotations

import streamlit as st

from rnnlab.runs import Run, ViewFailed, WorkersUnavailable
from rnnlab.ui.lab_access import lab

CHART = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}


def series_comparison(run: Run, prime: int, horizon: int, with_error: bool = True) -> None:
    """The comparison of a series run as a chart, with both errors in words."""
    view = looked_at(run, "compare_series", prime=prime, horizon=horizon)
    if view is None:
        return
    # Plotly takes its time to load, and only who sees a comparison needs it.
    from rnnlab.plots.comparison import series_figure, series_verdict

    st.markdown(series_verdict(view["teacher_forced_rmse"], view["free_running_rmse"], horizon))
    figure = series_figure(view["target"], view["teacher_forced"], view["free_running"], view["prime"], with_error)
    with st.container(key="comparison"):
        st.plotly_chart(figure, config=CHART, key=f"comparison-{run.id}")


def looked_at(run: Run, view: str, **parameters: object) -> dict | None:
    """What a view returned; or None, after a sentence that says why there is nothing."""
    try:
        with st.spinner("Asking the network ..."):
            return lab().view(view, run.id, **parameters)
    except (ViewFailed, WorkersUnavailable) as error:
        st.warning(str(error))
        st.button("Try again", icon=":material/refresh:", key=f"again-{view}")
        return None

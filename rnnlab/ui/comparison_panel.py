"""Teacher-forced and free-running side by side: a chart for a series, a passage for a text."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rnnlab import config
from rnnlab.data.vocabulary import join
from rnnlab.runs import Run, ViewFailed, WorkersUnavailable
from rnnlab.ui.fields import complain, escaped
from rnnlab.ui.lab_access import lab
from rnnlab.ui.passage import passage_table
from rnnlab.ui.run_panel import STATES

WORDS_SHOWN = 24
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


def looked_at(run: Run, view: str, **parameters: Any) -> dict[str, Any] | None:
    """What a view returned; or None, after a sentence that says why there is nothing."""
    try:
        with st.spinner("Asking the network ..."):
            return lab().view(view, run.id, **parameters)
    except (ViewFailed, WorkersUnavailable) as error:
        st.warning(str(error))
        st.button("Try again", icon=":material/refresh:", key=f"again-{view}")
        return None


def choose_run(runs: list[Run], chosen: Run | None) -> Run | None:
    """The list of runs that have something to compare; a run of somebody else's link is added to it."""
    trained = [run for run in runs if run.step]
    if chosen and chosen.id not in {run.id for run in trained}:
        trained.insert(0, chosen)
    if not trained:
        return None
    by_id = {run.id: run for run in trained}
    key = "compared-run"
    if st.session_state.get(key) not in by_id or (chosen and st.session_state[key] != chosen.id):
        st.session_state[key] = chosen.id if chosen else trained[0].id
    run_id = st.selectbox("Run", list(by_id), key=key, format_func=lambda i: _title(by_id[i]), on_change=_choose)
    return by_id[run_id]


def series_controls() -> dict[str, int]:
    """Prime and horizon, as the link or the visitor set them."""
    left, right = st.columns(2, gap="large")
    with left:
        prime = _slider("prime", "Prime: true values read before it runs alone", 1, 300, 50)
    with right:
        horizon = _slider("horizon", "Horizon: steps that it runs alone", 50, 1500, 500, step=50)
    return {"prime": prime, "horizon": horizon}


def text_comparison(run: Run) -> None:
    """The passage word by word, and the same beginning continued freely, each under its controls."""
    left, right = st.columns([0.62, 0.38], gap="large")
    with left:
        st.markdown("##### Teacher-forced: each guess is made after reading the true words")
        passage = _passage_controls()
    with right:
        st.markdown("##### Free-running: it reads its own words")
        drawing = _drawing_controls()
    view = looked_at(run, "compare_text", **passage, **drawing)
    if view is None:
        return
    with left:
        st.markdown(
            f"It read *{escaped_words(view['prime_words'])}* and then each true word of the table. Perplexity over the "
            f"passage: **{view['perplexity']:,.1f}**, as if it chose among so many words at each step."
        )
        with st.container(key="passage"):
            columns = ("words", "top_words", "top_probabilities", "true_probabilities")
            st.html(passage_table(*(view[name][:WORDS_SHOWN] for name in columns)))
    with right:
        with st.container(border=True, key="free-sample"):
            kind = getattr(run.experiment.data, "tokens", "words")
            st.caption(escaped(join(view["prime_words"], kind)) + " …")
            st.text(join(view["sample"], kind))
        st.caption(f"Weights after step {view['step']:,}.")


def _passage_controls() -> dict[str, int]:
    first, second = st.columns(2, gap="medium")
    with first:
        start = _slider("start", "Start: place in the validation text", 0, 2000, 0, step=10)
    with second:
        prime = _slider("prime", "Prime: true words read first", 1, 40, 10)
    return {"start": start, "prime": prime}


def _drawing_controls() -> dict[str, int | float]:
    temperature = _slider("temperature", "Temperature: how freely it draws", 0.1, 2.0, 1.0, step=0.1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = _draw_number()
        st.button("Draw again", icon=":material/casino:", on_click=_draw_again)
    return {"temperature": temperature, "seed": seed}


def escaped_words(words: list[str]) -> str:
    """Words in a sentence, without what Markdown would read in them."""
    return escaped(" ".join("⏎" if word == "<eos>" else word for word in words))


def _title(run: Run) -> str:
    return f"{run.name} · {STATES[run.state][0].lower()} at step {run.step:,} · {run.created:%d %b %H:%M} UTC"


def _choose() -> None:
    st.session_state["run"] = st.session_state["compared-run"]


def _slider(name: str, label: str, low: float, high: float, default: float, step: float = 1) -> Any:
    """A slider whose value outlives the screen and may come from the link."""
    kept, key = st.session_state["comparison"], f"compare-{name}"
    kind = type(default)
    if key not in st.session_state:
        st.session_state[key] = _within(kept.get(name), low, high, default, label)
    kept[name] = st.slider(label, kind(low), kind(high), step=kind(step), key=key)
    return kept[name]


def _within(value: object, low: float, high: float, default: float, label: str) -> float:
    """The link's value in its type; or the default, with a sentence."""
    if value is None:
        return default
    try:
        number = type(default)(str(value))
        if low <= number <= high:
            return number
    except (ValueError, OverflowError):
        pass
    name = label.partition(":")[0]
    st.warning(
        f"{name} was {str(value)[:40]!r} in the link, but must be from {low} to {high}; {default} is taken instead."
    )
    return default


def _draw_number() -> int:
    kept = st.session_state["comparison"]
    if "compare-draw" not in st.session_state:
        st.session_state["compare-draw"] = str(int(_within(kept.get("draw"), 0, 2**31 - 1, 0, "Seed")))
    text = st.text_input("Seed of the free run", key="compare-draw", width=160, autocomplete="off")
    try:
        kept["draw"] = config.parse_setting("seed", text)
    except config.InvalidSetting as error:
        complain(str(error))
    return kept.get("draw", 0)


def _draw_again() -> None:
    kept = st.session_state["comparison"]
    kept["draw"] = kept.get("draw", 0) + 1
    st.session_state["compare-draw"] = str(kept["draw"])


def link() -> dict[str, str]:
    """What of the comparison belongs into the address: all that the controls hold."""
    kept = st.session_state["comparison"]
    return {name: f"{kept[name]:g}" for name in kept if f"compare-{name}" in st.session_state}

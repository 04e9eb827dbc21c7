"""A run while it trains: its state, its curves, and what its network generates at the moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
import pyarrow as pa
import streamlit as st

from rnnlab.config import CONTINUE_SERIES, CONTINUE_TEXT, LABEL_NUMBERS, LABEL_PEAKS, Experiment, SineData, TextData
from rnnlab.data import floor_perplexity, wave
from rnnlab.data.vocabulary import join
from rnnlab.formulas import perplexity, written
from rnnlab.measures import GRAD_NORM, TEST_PERPLEXITY, TRAIN_LOSS, VALID_LOSS
from rnnlab.plots.live import MOST_ROWS, line_spec, wide_table, with_stops
from rnnlab.recorded import Published, RecordedRun, published_like, recorded_like
from rnnlab.store.run import Run
from rnnlab.store.store import Sample
from rnnlab.ui.markdown import escaped
from rnnlab.ui.server.lab_access import lab, my_lab
from rnnlab.ui.state import address
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.table import COMPARE
from rnnlab.ui.widgets import tags
from rnnlab.ui.widgets.layout import numbers
from rnnlab.watching.curves import Points, Watched, reference_points
from rnnlab.watching.durations import spoken_duration

TICK_SECONDS = 0.5

STATES = {
    "queued": ("Waiting for a worker", "gray", ":material/hourglass_empty:"),
    "starting": ("Starting", "blue", ":material/rocket_launch:"),
    "running": ("Training", "blue", ":material/sprint:"),
    "paused": ("Paused", "orange", ":material/pause:"),
    "finished": ("Finished", "green", ":material/check:"),
    "stopped": ("Stopped", "orange", ":material/stop:"),
    "failed": ("Failed", "red", ":material/error:"),
    "interrupted": ("Interrupted", "orange", ":material/power_off:"),
}


def run_panel(run: Run) -> None:
    """Everything about one run. It looks again by itself as long as something will change."""
    live_panel(run, TICK_SECONDS, _draw_all)


def curve_panel(run: Run) -> None:
    """Only the state and the loss, for a screen that soon shows something else."""
    live_panel(run, TICK_SECONDS / 2, _draw_curve)


def live_panel(run: Run, seconds: float, draw: Callable[[Run, Watched], None]) -> None:
    """Draw a run, again and again while it waits or trains, and the whole page once when that is over.

    Args:
        run: as it is now.
        seconds: from one look to the next.
        draw: called with the run and what was read of it.
    """
    is_changing = run.is_waiting_or_live

    @st.fragment(run_every=seconds if is_changing else None)
    def look() -> None:
        now = lab().run(run.id)
        if is_changing != now.is_waiting_or_live or st.session_state["notes"]:
            st.rerun()  # It has ended, or goes on, or a button failed: the whole page says how often to look, and why.
        draw(now, _watched(now))

    look()


def state_badge(run: Run) -> None:
    """The run's state as a coloured word."""
    word, color, icon = STATES[run.state]
    st.badge(word, color=color, icon=icon)  # type: ignore[arg-type]


def _draw_all(run: Run, watched: Watched) -> None:
    experiment = run.experiment
    _head(run)
    _numbers(run, experiment, watched)
    if run.error:
        st.error(run.error, icon=":material/error:")
    _loss_chart(run, experiment, watched)
    left, right = st.columns(2, gap="medium")
    with left:
        _gradient_chart(run, experiment, watched)
    with right:
        _generated(run, experiment, watched)


def _draw_curve(run: Run, watched: Watched) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        state_badge(run)
        st.caption(_progress_words(run))
    if run.error:
        st.error(run.error, icon=":material/error:")
    _chart(_loss_table(watched), ["train", "validation"], "Loss", True, f"loss-{run.id}", "live-chart")


def _watched(run: Run) -> Watched:
    # One run at a time: another one's curves need not be kept.
    kept = st.session_state["curves"]
    watched = kept.get(run.id) or Watched()
    st.session_state["curves"] = {run.id: watched}
    watched.look(lab(), run)
    return watched


# --- state and buttons -----------------------------------------------------------------------------------------------


def _head(run: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{escaped(run.name)}**", width="content")
        state_badge(run)
        st.space("stretch")
        _buttons(run)
    if run.state == "queued":
        if my_lab().trouble:
            st.warning(my_lab().trouble, icon=":material/warning:")
        st.caption(my_lab().queue_words(run).capitalize() + ".")
    if run.is_waiting_or_live:
        st.progress(min(1.0, run.step / run.total_steps) if run.total_steps else 0.0)


def _buttons(run: Run) -> None:
    if not my_lab().may_change(run):
        st.caption("Somebody else's run", help="You see it as it is; only its owner can pause, stop or change it.")
        if st.button("Make a copy with these settings", icon=":material/content_copy:"):
            address.take_settings_of(run)
            st.session_state["run"] = None
            st.rerun()
    elif run.is_waiting_or_live:
        # Callbacks are called before anything is drawn: a tick that comes at the same moment cannot cut them off.
        pause_words, stop_words = "Keep what was learned and go on later.", "End it now; what was learned is kept."
        st.button("Pause", icon=":material/pause:", help=pause_words, on_click=_pause, args=(run.id,))
        st.button("Stop", icon=":material/stop:", help=stop_words, on_click=_stop, args=(run.id,))
    elif my_lab().can_go_on(run):
        words = "Continue from the last checkpoint."
        st.button("Go on", icon=":material/play_arrow:", help=words, on_click=_go_on, args=(run.id,))
    if run.step and not run.is_waiting_or_live:
        st.page_link(COMPARE.page, label="Compare", icon=":material/compare_arrows:", query_params={"run": run.id})


@callback
def _pause(run_id: str) -> None:
    my_lab().pause(run_id)


@callback
def _stop(run_id: str) -> None:
    my_lab().stop(run_id)


@callback
def _go_on(run_id: str) -> None:
    my_lab().resume(run_id)


def _numbers(run: Run, experiment: Experiment, watched: Watched) -> None:
    speed = watched.steps_per_second(run)
    shown = {"Step": _progress_words(run), "Train": _shown(watched.last(TRAIN_LOSS.name), experiment)}
    shown["Validation"] = _shown(watched.last(VALID_LOSS.name), experiment)
    if experiment.task.reads_tokens:
        shown[TEST_PERPLEXITY.label] = _plain(watched.last(TEST_PERPLEXITY.name))
    shown["Speed"] = _speed_words(speed, experiment)
    if run.is_live and speed and run.total_steps:
        shown["Time left"] = spoken_duration((run.total_steps - run.step) / speed)
    if run.arithmetic:
        shown["Arithmetic"] = run.arithmetic.short
    numbers(shown)
    if run.arithmetic:
        st.caption(f"Arithmetic: {run.arithmetic.words}. The run keeps it when it goes on.")


def _progress_words(run: Run) -> str:
    return f"{run.step:,} of {run.total_steps:,}" if run.total_steps else f"{run.step:,}"


def _shown(loss: float | None, experiment: Experiment) -> str:
    if loss is None:
        return ""
    return f"{loss:.3g} · ppl {written(perplexity(loss))}" if experiment.task.reads_tokens else f"{loss:.3g}"


def _plain(value: float | None) -> str:
    return "" if value is None else written(value)


def _speed_words(speed: float | None, experiment: Experiment) -> str:
    if speed is None:
        return ""
    if not experiment.task.reads_tokens:
        return f"{speed:,.0f} steps/s"
    tokens = speed * experiment.training.batch_size * experiment.training.num_steps
    return f"{speed:,.1f} steps/s · {tokens:,.0f} words/s"


# --- charts ----------------------------------------------------------------------------------------------------------


def _loss_chart(run: Run, experiment: Experiment, watched: Watched) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown("###### Loss, at the same weights", width="content")
        measure = "Loss"
        if experiment.task.reads_tokens:
            choices = ["Perplexity", "Loss"]
            measure = st.segmented_control(
                "Measure",
                choices,
                default="Perplexity",
                required=True,
                key=f"measure-{run.id}",
                label_visibility="collapsed",
            )
        log_y = st.toggle("Log", value=True, key=f"log-{run.id}", help="Draw the logarithm of the vertical axis.")
    floor = _floor(experiment) if experiment.task.reads_tokens else None
    recorded = recorded_like(experiment)
    table = _loss_table(watched, floor, reference_points(recorded, experiment.training.epochs) if recorded else {})
    if measure == "Perplexity":
        table |= {name: np.exp(np.minimum(losses, 700)) for name, losses in table.items() if name != "step"}
    title = f"recorded run: {recorded.preset}, {recorded.date}" if recorded else None
    height = 380 if recorded else 300  # The longer legend must not take its room from the curves.
    _chart(table, list(table)[1:], measure, log_y, f"loss-{run.id}", "live-chart", "step", height, title)
    if not experiment.training.carry_state:
        st.caption("Trained with the state reset at each window. Both losses are measured with the state carried.")
    if recorded:
        with st.container(key="reference", gap=None):
            st.caption(_recorded_words(recorded))
            published = published_like(experiment)
            if published:
                st.caption(_published_words(published))


def _loss_table(
    watched: Watched, floor: float | None = None, reference: dict[str, Points] | None = None
) -> dict[str, np.ndarray]:
    """The columns that are drawn, the step and then what is to lie behind first."""
    curves = dict(reference or {})
    curves |= {"train": watched.points(TRAIN_LOSS.name), "validation": watched.points(VALID_LOSS.name)}
    if floor:
        curves["floor"] = _level(curves["validation"], float(np.log(floor)))
    return wide_table(curves, "step")


def _recorded_words(recorded: RecordedRun) -> str:
    return (
        f"Faint lines, the recorded run of {recorded.preset} of {recorded.date}: test perplexity "
        f"{recorded.epochs[-1].test:.2f} after {_epochs(len(recorded.epochs))}, {recorded.test_word_by_word:.2f} when "
        f"the test text is read word by word. Made by `{recorded.command}`."
    )


def _published_words(published: Published) -> str:
    return (
        f"Published for these settings, not measured here (`{published.source}`, {_epochs(published.epochs)}): "
        f"train {published.train:.2f}, validation {published.valid:.2f}, test {published.test:.2f}."
    )


def _epochs(count: int) -> str:
    return f"{count} epoch{'' if count == 1 else 's'}"


def _gradient_chart(run: Run, experiment: Experiment, watched: Watched) -> None:
    st.markdown("###### Gradient norm")
    norms = watched.points(GRAD_NORM.name)
    curves, clip = {"gradient norm": norms}, experiment.training.clip_norm
    if clip:
        curves["clip norm"] = _level(norms, clip)
    table = wide_table(curves, "step", MOST_ROWS // 2)  # The chart is half as wide as that of the loss.
    _chart(table, list(curves), "Norm", True, f"norm-{run.id}", "norm-chart", height=220)


def _chart(
    table: dict[str, np.ndarray],
    series: list[str],
    y_title: str,
    log_y: bool,
    key: str,
    place: str,
    x: str = "step",
    height: int = 300,
    legend_title: str | None = None,
) -> None:
    with st.container(key=place):
        # Selecting is what makes Streamlit keep the chart, and with it the zoom, when the data change.
        spec = line_spec(series, x, y_title, log_y, height, legend_title)
        st.vega_lite_chart(_as_arrow(with_stops(table)), spec, key=key, on_select="rerun", selection_mode=["zoom"])


def _as_arrow(table: dict[str, np.ndarray]) -> pa.Table:
    """What Streamlit makes of a data frame in ten times the time: it asks each column what it is, in threads."""
    return pa.table({name: pa.array(column, from_pandas=True) for name, column in table.items()})


def _level(like: Points, value: float) -> Points:
    """A straight line under a curve."""
    return like[0], np.full(len(like[0]), value)


def _floor(experiment: Experiment) -> float | None:
    return floor_perplexity(experiment.data)


# --- what the network generates --------------------------------------------------------------------------------------


def _generated(run: Run, experiment: Experiment, watched: Watched) -> None:
    st.markdown("###### What it says of each step" if experiment.task.tags else "###### What it generates on its own")
    if not watched.samples:
        st.caption("The first sample comes a moment after training has begun.")
        return
    # While the run goes on, all of it is the slider's range, so that it stays the same slider.
    step = (run.total_steps if run.is_waiting_or_live else None) or run.step
    if step > 1:
        key = f"back-{run.id}-{step}"
        step = st.slider("Look back to step", 0, step, step, key=key, help="At the right end: the newest sample.")
    sample = watched.sample_at(step)
    if sample is not None:
        _draw_sample(run, experiment, sample)
        st.caption(f"At step {sample.step:,}.")


def _draw_sample(run: Run, experiment: Experiment, sample: Sample) -> None:
    SAMPLES[experiment.task.name](run, experiment, sample)


def _drawn_text(run: Run, experiment: Experiment, sample: Sample) -> None:
    with st.container(border=True, key="live-sample"):
        st.text(join(sample.content["tokens"], cast(TextData, experiment.data).tokens))


def _drawn_numbers(run: Run, experiment: Experiment, sample: Sample) -> None:
    with st.container(border=True, key="live-sample"):
        st.markdown(tags.tagged_words(sample.content))
    st.caption(tags.LEGEND)


def _drawn_series(run: Run, experiment: Experiment, sample: Sample) -> None:
    _sample_chart(run, sample_curves(experiment, sample))


def _drawn_peaks(run: Run, experiment: Experiment, sample: Sample) -> None:
    _sample_chart(run, tags.peak_curves(sample.content))


SAMPLES: dict[str, Callable[[Run, Experiment, Sample], None]] = {
    CONTINUE_SERIES.name: _drawn_series,
    LABEL_PEAKS.name: _drawn_peaks,
    CONTINUE_TEXT.name: _drawn_text,
    LABEL_NUMBERS.name: _drawn_numbers,
}
"""How a sample of each task is drawn."""


def _sample_chart(run: Run, curves: dict[str, Points]) -> None:
    _chart(
        wide_table(curves, "time"),
        list(curves),
        "Value",
        False,
        f"sample-{run.id}",
        "live-sample",
        x="time",
        height=200,
    )


def sample_curves(experiment: Experiment, sample: Sample) -> dict[str, Points]:
    """A series sample as curves over time: what was given, what was generated, and what would have been right."""
    prime = np.array(sample.content["prime"])
    values = np.array(sample.content["values"], "float64")
    times = np.arange(len(prime) + len(values))
    target = wave(cast(SineData, experiment.data), len(times))
    given, later = times[: len(prime)], times[len(prime) :]
    return {"target": (times, target), "prime": (given, prime), "generated": (later, values)}

"""A run while it trains: its state and its buttons, its curves, and what its network generates at the moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import streamlit as st

from rnnlab import config
from rnnlab.config import Experiment
from rnnlab.formulas import perplexity, written
from rnnlab.measures import TEST_PERPLEXITY, TRAIN_LOSS, VALID_ACCURACY, VALID_LOSS
from rnnlab.sentences.settings import described, differing
from rnnlab.store.run import Run, UnknownRun
from rnnlab.ui.markdown import escaped
from rnnlab.ui.server.lab_access import lab, my_lab
from rnnlab.ui.state import address, session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.state.session import UNTIL_IT_TRAINS
from rnnlab.ui.table import COMPARE, INSIDE
from rnnlab.ui.widgets.curves import Before, gradient_chart, loss_chart
from rnnlab.ui.widgets.fragments import drawn_alone
from rnnlab.ui.widgets.layout import COPY_SETTINGS, head, numbers
from rnnlab.ui.widgets.samples import generated, is_playing
from rnnlab.ui.widgets.take_away import take_away
from rnnlab.watching.curves import Watched
from rnnlab.watching.diagnosis import Finding
from rnnlab.watching.durations import spoken_duration
from rnnlab.watching.waiting import queue_words

TICK_SECONDS = 0.5

SETTLED_SECONDS, SETTLED_PACE = 10.0, 2
"""A run that has trained for that long changes less from look to look. It is looked at half as often, and a live page
takes half as much of a laptop's processor.
"""

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


def run_panel(run: Run, notice: Callable[[], None]) -> None:
    """Everything about one run. It looks again by itself as long as something will change.

    Args:
        notice: draws what is to be said below the run's state.
    """
    # Once for all ticks: neither its settings nor those of this run change.
    before = _run_before(run)
    live_panel(run, TICK_SECONDS, lambda now, watched: _draw_all(now, watched, notice, before))


def gradient_panel(run: Run) -> None:
    """Only the gradient's norm."""
    live_panel(run, 2 * TICK_SECONDS, lambda now, watched: gradient_chart(now, now.experiment, watched))


def details_panel(run: Run) -> None:
    """How a run is computed, in small print: speed, arithmetic, and the perplexity of the test text."""
    if _is_changing(run):
        live_panel(run, 2 * TICK_SECONDS, _draw_details)
    else:  # Nothing in it is pressed, and nothing will change: no part of the page that could be drawn alone is needed.
        _draw_details(run, _watched(run))


def live_panel(run: Run, seconds: float, draw: Callable[[Run, Watched], None]) -> None:
    """Draw a run, again and again while it waits or trains, and the whole page once when that is over.

    Args:
        run: as it is now.
        seconds: from one look to the next, while the run is new.
        draw: called with the run and what was read of it.
    """
    is_changing, pace = _is_changing(run), _pace(run)

    def look() -> None:
        now = lab().run(run.id)
        is_as_before = (is_changing, pace) == (_is_changing(now), _pace(now))
        if not is_as_before or st.session_state["notes"] or st.session_state["whole_page"]:
            st.session_state["whole_page"] = False
            st.rerun()  # It has ended, or goes on, or a button failed: the whole page says how often to look, and why.
        draw(now, _watched(now))

    drawn_alone(look, pace * seconds if is_changing else None)


def state_badge(run: Run) -> None:
    """The run's state as a coloured word."""
    word, color, icon = STATES[run.state]
    st.badge(word, color=color, icon=icon)  # type: ignore[arg-type]


def _pace(run: Run) -> int:
    """How many times as long as at first the page waits from look to look; what is played keeps its time."""
    if run.started is None or is_playing(run):
        return 1
    return SETTLED_PACE if (datetime.now(UTC) - run.started).total_seconds() > SETTLED_SECONDS else 1


def _is_changing(run: Run) -> bool:
    return run.is_waiting_or_live or is_playing(run)


def _draw_details(run: Run, watched: Watched) -> None:
    shown = {"Speed": _speed_words(watched.steps_per_second(run), run.experiment)}
    if run.experiment.task.reads_tokens:
        shown[TEST_PERPLEXITY.label] = _plain(watched.last(TEST_PERPLEXITY.name))
    if run.arithmetic:
        shown["Arithmetic"] = run.arithmetic.short
    numbers(shown)
    if run.arithmetic:
        st.caption(f"Arithmetic: {run.arithmetic.words}. The run keeps it when it goes on.")


def _draw_all(run: Run, watched: Watched, notice: Callable[[], None], before: Before | None) -> None:
    experiment = run.experiment
    _head(run, experiment, watched)
    findings = watched.diagnosis(run)
    # The sentence about an overflow says the same as the run's error, and what to try.
    is_told = watched.overflow_step is not None and bool(findings) and findings[0].kind == "exploded"
    # Always there, so that the charts keep their place, and with it their zoom, when there is more or less to say.
    with st.container(gap="small", key="said"):
        notice()
        if run.error and not is_told:
            st.error(run.error, icon=":material/error:")
        if findings:
            _diagnosis(run, findings[0])
    with st.container(horizontal=True, gap="medium", key="pictures"):
        with st.container(gap="small", key="picture-loss"):
            loss_chart(run, experiment, watched, findings, before)
        with st.container(gap="small", key="picture-generated"):
            generated(run, experiment, watched)
    if not run.is_waiting_or_live:
        take_away(run)


def _diagnosis(run: Run, finding: Finding) -> None:
    """What the curves say first, and a run that tries what may help."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="diagnosis"):
        st.markdown(f":material/stethoscope: {escaped(finding.sentence)}", width="content")
        if finding.settings and not run.is_waiting_or_live:
            rows = config.all_settings()
            words = ", ".join(f"{rows[name][0].label.lower()} {value:g}" for name, value in finding.settings.items())
            st.button(f"Try {words}", icon=":material/play_arrow:", on_click=_try, args=(run.id, finding.settings))


@callback
def _try(run_id: str, settings: Mapping[str, float]) -> None:
    try_instead(lab().run(run_id), settings)


def try_instead(run: Run, settings: Mapping[str, float]) -> None:
    """Ask for a run that differs from another one in these settings. If it explodes too, it is followed by the next.

    Args:
        settings: by their flat names.
    """
    address.take_settings_of(run)
    for name, value in settings.items():
        session.form().set(name, value)
    st.session_state["train_asked"] = UNTIL_IT_TRAINS
    st.session_state["whole_page"] = True


def exploded(run: Run) -> Finding | None:
    """What to try instead of a run whose loss exploded; None if it did not."""
    findings = _watched(run).diagnosis(run) if run.state == "failed" else []
    return next((finding for finding in findings if finding.settings), None)


def _watched(run: Run) -> Watched:
    # One run at a time, and the one before: other curves need not be kept.
    kept = st.session_state["curves"]
    watched = kept.get(run.id) or Watched()
    before = st.session_state["run_before"]
    st.session_state["curves"] = {run.id: watched} | ({before: kept[before]} if before in kept else {})
    watched.look(lab(), run)
    return watched


def _run_before(run: Run) -> Before | None:
    """The run that was shown before this one, if it learned the same thing."""
    run_id = st.session_state["run_before"]
    if not run_id or run_id == run.id:
        return None
    try:
        earlier = lab().run(run_id)
        mine, others = config.to_flat(run.experiment), config.to_flat(earlier.experiment)
    except (UnknownRun, config.InvalidSetting):
        st.session_state["run_before"] = None
        return None
    if run.experiment.data.subject != earlier.experiment.data.subject or run.experiment.task != earlier.experiment.task:
        return None
    watched = st.session_state["curves"].setdefault(run_id, Watched())
    watched.look(lab(), earlier)
    changed = differing(mine, others)
    return Before(watched, described(others, changed) if changed else "the same settings")


# --- state and buttons -----------------------------------------------------------------------------------------------


def _head(run: Run, experiment: Experiment, watched: Watched) -> None:
    def state() -> None:
        state_badge(run)
        if not my_lab().may_change(run):
            words = "You see it as it is; only its owner can pause, stop or change it."
            st.caption("Somebody else's run", help=words, width="content")
        numbers(_numbers_of(run, experiment, watched))

    head(lambda: _buttons(run), run.name, state)
    # Always there, so that what is below has its place while a queued run becomes a live one.
    with st.container(gap="small", key="run-notes"):
        if run.state == "queued":
            if my_lab().trouble:
                st.warning(my_lab().trouble, icon=":material/warning:")
            st.caption(queue_words(lab(), run).capitalize() + ".")
        if run.is_waiting_or_live:
            st.progress(min(1.0, run.step / run.total_steps) if run.total_steps else 0.0)


def _numbers_of(run: Run, experiment: Experiment, watched: Watched) -> dict[str, str]:
    """The numbers beside a run's state, the most important first: the last ones are cut off where there is no room."""
    shown = {
        "Step": _progress_words(run),
        "Training": _shown(watched.last(TRAIN_LOSS.name), experiment),
        "Validation": _shown(watched.last(VALID_LOSS.name), experiment),
    }
    accuracy = watched.last(VALID_ACCURACY.name)
    if accuracy is not None:
        shown["Accuracy"] = f"{accuracy:.1%}"
    speed = watched.steps_per_second(run)
    if run.is_live and speed and run.total_steps:
        shown["Time left"] = spoken_duration((run.total_steps - run.step) / speed)
    return shown


def _buttons(run: Run) -> None:
    if not my_lab().may_change(run):
        st.button(**COPY_SETTINGS, on_click=_copy, args=(run.id,))
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
        st.page_link(INSIDE.page, label=INSIDE.title, icon=INSIDE.icon, query_params={"run": run.id})


@callback
def _copy(run_id: str) -> None:
    address.take_settings_of(lab().run(run_id))
    session.show_run(None)
    st.session_state["whole_page"] = True


@callback
def _pause(run_id: str) -> None:
    my_lab().pause(run_id)


@callback
def _stop(run_id: str) -> None:
    my_lab().stop(run_id)


@callback
def _go_on(run_id: str) -> None:
    my_lab().resume(run_id)


def _progress_words(run: Run) -> str:
    return f"{run.step:,} of {run.total_steps:,}" if run.total_steps else f"{run.step:,}"


def _shown(loss: float | None, experiment: Experiment) -> str:
    if loss is None:
        return ""
    return f"ppl {written(perplexity(loss))}" if experiment.task.reads_tokens else f"{loss:.3g}"


def _plain(value: float | None) -> str:
    return "" if value is None else written(value)


def _speed_words(speed: float | None, experiment: Experiment) -> str:
    if speed is None:
        return ""
    if not experiment.task.reads_tokens:
        return f"{speed:,.0f} steps/s"
    tokens = speed * experiment.training.batch_size * experiment.training.num_steps
    return f"{speed:,.1f} steps/s · {tokens:,.0f} words/s"

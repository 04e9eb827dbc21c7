"""Teacher-forced and free-running side by side: a chart for a series, a passage for a text."""

from __future__ import annotations

from typing import Any, TypeVar

import streamlit as st

from rnnlab import config
from rnnlab.analyses.cost import GenerationCost
from rnnlab.analyses.series import CompareSeries
from rnnlab.analyses.tags import TagsOfStretch
from rnnlab.analyses.text import CompareText, SampleText
from rnnlab.analyses.trained import Question
from rnnlab.config.feeding import ATTEMPTS, CARRIED, MISTAKES, WAYS, ZEROS, Attempt
from rnnlab.data.vocabulary import join
from rnnlab.engine.workers import WorkersUnavailable
from rnnlab.formulas import perplexity, written
from rnnlab.lab import NoAnswer
from rnnlab.sentences.cost import cost_sentence
from rnnlab.sentences.series import attempt_verdict, by_heart_sentence, series_verdict
from rnnlab.store.run import Run
from rnnlab.ui.markdown import escaped
from rnnlab.ui.server.lab_access import lab
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.state.form import Form
from rnnlab.ui.table import COMPARE, TRAIN
from rnnlab.ui.widgets import tags
from rnnlab.ui.widgets.fields import complain
from rnnlab.ui.widgets.live_run import STATES
from rnnlab.ui.widgets.passage import passage_table, visible

WORDS_SHOWN = 24

A = TypeVar("A")

CHART = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}
STATIC: dict[str, object] = {"displayModeBar": False}


def series_comparison(run: Run, prime: int, horizon: int, with_error: bool = True, way: str = CARRIED.key) -> None:
    """The comparison of a series run as a chart, with both errors in words."""
    answer = asked(run, CompareSeries(prime, horizon, way))
    if answer is None:
        return
    # Plotly takes its time to load, and only who sees a comparison needs it.
    from rnnlab.plots.comparison import series_figure

    told, alone = answer.teacher_forced_rmse, answer.free_running_rmse
    mine = mistakes_of(run)
    if way == CARRIED.key and not mine:
        st.markdown(series_verdict(told, alone, horizon))
    else:
        heard = "zeros" if ZEROS in mine else "the true value"
        st.markdown(attempt_verdict(told, alone, answer.carried_rmse, horizon, heard))
    if answer.later_steps is not None and answer.later_rmse is not None:
        st.markdown(by_heart_sentence(answer.later_steps, answer.later_rmse))
    figure = series_figure(answer.target, answer.teacher_forced, answer.free_running, prime, with_error)
    with st.container(key="comparison"):
        st.plotly_chart(figure, config=CHART, key=f"comparison-{run.id}")


def asked(run: Run, question: Question[A]) -> A | None:
    """The answer; or None, after a sentence that says why there is none."""
    try:
        with st.spinner("Asking the network ..."):
            return lab().ask(run.id, question)
    except (NoAnswer, WorkersUnavailable) as error:
        st.warning(str(error))
        st.button("Try again", icon=":material/refresh:", key=f"again-{type(question).__name__}")
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


def series_study(run: Run) -> None:
    """A series run: how its output is fed back, what comes of it, and what the right ways cost."""
    prime, horizon = _series_controls()
    left, right = st.columns([0.3, 0.7], gap="large")
    with left:
        way = _way_control(run)
        _explain(run, way)
    with right:
        series_comparison(run, prime, horizon, way=way)
    _cost(run)


def tagging_study(run: Run) -> None:
    """A tagging run: what it says of each step; and why it cannot go on alone."""
    st.info(
        "This network says a tag of each step, and a tag is no input that it could go on from, so there is no free run "
        "to compare with. To see one, train a network that predicts what comes next.",
        icon=":material/block:",
    )
    experiment = run.experiment
    start = _slider("start", "Start: place in the validation part", 0, experiment.data.most_start, 0)
    view = asked(run, TagsOfStretch(start))
    if view is None:
        return
    share = tags.accuracy(view)
    if share is not None:
        st.markdown(f"**{share:.1%}** of the tags of this stretch are right.")
    with st.container(border=experiment.task.reads_tokens, key="tags"):
        if experiment.task.reads_tokens:
            st.markdown(tags.tagged_words(view))
            st.caption(tags.LEGEND)
        else:
            from rnnlab.plots.waves import peaks_figure

            values, truth, said = (curve for _, curve in tags.peak_curves(view).values())
            st.plotly_chart(peaks_figure(values, truth, said), config=CHART, key=f"tags-{run.id}")


def mistakes_of(run: Run) -> list[Attempt]:
    """The attempts that the run's data were made for."""
    return [mistake.attempt for mistake in run.experiment.data.mistakes]


def _way_control(run: Run) -> str:
    """The choice of a way, as the link or the visitor set it; a network trained on zeros can be fed zeros, too."""
    ways = WAYS | ({ZEROS.key: ZEROS} if ZEROS in mistakes_of(run) else {})
    kept, key = st.session_state["comparison"], "compare-way"
    if key not in st.session_state:
        _refuse_way(kept.get("way"), ways)
    if st.session_state.get(key) not in ways:
        st.session_state[key] = kept["way"] if kept.get("way") in ways else CARRIED.key
    label = "How is the output fed back?"
    kept["way"] = st.radio(label, list(ways), key=key, format_func=lambda way: ways[way].label)
    return kept["way"]


def _refuse_way(way: str | None, ways: dict[str, Attempt]) -> None:
    """A sentence where the link's way is none of those that this run has."""
    if way is not None and way not in ways:
        sentence = f"The way was {config.shown(way)}, but must be one of {', '.join(ways)} here; carried is taken."
        st.warning(escaped(sentence))


def _explain(run: Run, way: str) -> None:
    """What happens in the chosen way, and in the training of this run; then how to see the attempts that are left."""
    mine = mistakes_of(run)
    with st.container(key="way-sentence"):
        for attempt in [ATTEMPTS[way], *(attempt for attempt in mine if attempt.key != way)]:
            icon = ":green[:material/check_circle:]" if attempt.is_right else ":red[:material/cancel:]"
            st.markdown(f"{icon} **{attempt.label}.** {escaped(attempt.sentence)}")
    others = [mistake for mistake in MISTAKES if mistake.attempt not in mine]
    if others:
        st.caption("Another way to fail is a mistake in training. To see it, train this network again:")
    for mistake in others:
        about, key = mistake.attempt.sentence, f"train-{mistake.attempt.key}"
        if st.button(mistake.label, key=key, help=about, icon=":material/model_training:"):
            form = Form.of_experiment(run.experiment, run.preset)
            form.set(mistake.setting, mistake.wrong)
            session.use_form(form)
            st.session_state["run"] = None
            st.switch_page(TRAIN.page)


@st.fragment
def _cost(run: Run) -> None:
    """What re-reading costs beside carrying, measured with this network when somebody asks."""
    with st.expander("Why not re-read everything?"):
        st.markdown(
            "It gives the same values. But the n-th of them then takes n steps of the network instead of one: "
            "n · (n + 1) / 2 for all, where carrying the state takes n."
        )
        if st.button("Measure it with this network", icon=":material/timer:", key="measure-cost"):
            st.session_state["measured-cost"] = (run.id, asked(run, GenerationCost()))
        measured_run, cost = st.session_state["measured-cost"]
        if measured_run == run.id and cost:
            from rnnlab.plots.attempts import generation_cost_figure

            lengths, carried, reread = cost.lengths, cost.carried, cost.reread
            st.markdown(cost_sentence(lengths[-1], carried[-1], reread[-1], cost.ratios[-1]))
            st.plotly_chart(generation_cost_figure(lengths, carried, reread), config=STATIC, key="generation-cost")
            st.caption("At the left, what any call costs hides the slopes.")


def _series_controls() -> tuple[int, int]:
    """Prime and horizon, as the link or the visitor set them."""
    left, right = st.columns(2, gap="large")
    with left:
        prime = _slider("prime", "Prime: true values read before it runs alone", 1, 300, 50)
    with right:
        horizon = _slider("horizon", "Horizon: steps that it runs alone", 50, 1500, 500, step=50)
    return prime, horizon


def text_comparison(run: Run) -> None:
    """The passage word by word, and the same beginning continued freely, each under its controls."""
    kind = getattr(run.experiment.data, "tokens", "words")
    left, right = st.columns([0.62, 0.38], gap="large")
    with left:
        st.markdown(f"##### Teacher-forced: each guess is made after reading the true {kind}")
        passage = _passage_controls(kind)
    with right:
        st.markdown(f"##### Free-running: it reads its own {kind}")
        drawing = _drawing_controls()
    answer = asked(run, CompareText(**passage))
    if answer is None:
        return
    beginning, seed = join(answer.prime_words, kind), int(drawing["seed"])
    written_text = asked(run, SampleText(beginning, 40, (drawing["temperature"],), seed=seed))
    with left:
        noun = kind.removesuffix("s")
        choices = written(perplexity(float(answer.passage.surprises.mean())))
        if answer.start < passage["start"] or len(answer.prime_words) < passage["prime"]:
            st.caption(f"The validation text has only {answer.length:,} {kind}: the passage begins at {answer.start}.")
        st.markdown(
            f"It read *{escaped_words(answer.prime_words, kind)}* and then each true {noun} of the table. Perplexity "
            f"over the passage: **{choices}**, as if it chose among so many {kind} at each step."
        )
        with st.container(key="passage"):
            shown = slice(WORDS_SHOWN)
            found = answer.passage
            words, top = found.words[shown], found.top_words[shown]
            likely, true = found.top_probabilities[shown], found.true_probabilities[shown]
            st.html(passage_table(words, top, likely, true, noun))
    with right:
        with st.container(border=True, key="free-sample"):
            st.caption(escaped(join(answer.prime_words, kind)) + " …")
            if written_text:
                st.text(join(written_text.samples[0].passage.words, kind))
        st.caption(f"Weights after step {answer.step:,}.")


def _passage_controls(kind: str) -> dict[str, int]:
    first, second = st.columns(2, gap="medium")
    with first:
        start = _slider("start", "Start: place in the validation text", 0, 2000, 0, step=10)
    with second:
        prime = _slider("prime", f"Prime: true {kind} read first", 1, 40, 10)
    return {"start": start, "prime": prime}


def _drawing_controls() -> dict[str, int | float]:
    temperature = _slider("temperature", "Temperature: how freely it draws", 0.1, 2.0, 1.0, step=0.1)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = _draw_number()
        st.button("Draw again", icon=":material/casino:", on_click=_draw_again)
    return {"temperature": temperature, "seed": seed}


def escaped_words(words: list[str], kind: str) -> str:
    """Tokens in a sentence, spelled together as they stand in the text, without what Markdown would read in them."""
    shown = ["⏎" if word == "<eos>" else visible(word) for word in words]
    return escaped(("" if kind == "characters" else " ").join(shown))


def _title(run: Run) -> str:
    return f"{run.name} · {STATES[run.state][0].lower()} at step {run.step:,} · {run.created:%d %b %H:%M} UTC"


@callback
def _choose() -> None:
    st.session_state["run"] = st.session_state["compared-run"]


def _slider(name: str, label: str, low: float, high: float, default: float, step: float = 1) -> Any:
    """A slider whose value outlives the screen and may come from the link."""
    kept, key = st.session_state["comparison"], f"compare-{name}"
    kind = type(default)
    if key not in st.session_state:
        st.session_state[key] = _within(kept.get(name), kind(low), kind(high), default, label)
    kept[name] = st.slider(label, kind(low), kind(high), step=kind(step), key=key)
    return kept[name]


def _within(value: float | None, low: float, high: float, default: float, label: str) -> float:
    """The link's value; or the default, with a sentence where this run allows less than a link may say."""
    if value is None or low <= value <= high:
        return default if value is None else value
    name = label.partition(":")[0]
    st.warning(f"{name} was {value:,} in the link, but must be from {low} to {high} here; {default} is taken instead.")
    return default


def _draw_number() -> int:
    kept = st.session_state["comparison"]
    if "compare-draw" not in st.session_state:
        st.session_state["compare-draw"] = str(kept.get("draw", 0))
    text = st.text_input("Seed of the free run", key="compare-draw", width=160, autocomplete="off")
    try:
        kept["draw"] = config.parse_setting("seed", text)
    except config.InvalidSetting as error:
        complain(str(error))
    return kept.get("draw", 0)


@callback
def _draw_again() -> None:
    kept = st.session_state["comparison"]
    kept["draw"] = (kept.get("draw", 0) + 1) % 2**31
    st.session_state["compare-draw"] = str(kept["draw"])


def link() -> dict[str, str]:
    """What of the comparison belongs into the address: all that the controls hold and a link can bring back."""
    kept = st.session_state["comparison"]
    shown = {name: value for name, value in kept.items() if f"compare-{name}" in st.session_state}
    return {name: _link_text(value) for name, value in shown.items() if name in COMPARE.parameters}


def _link_text(value: str | float) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)

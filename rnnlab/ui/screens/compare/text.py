"""A text: each word with the surprise that it was, and what the network writes on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import cast

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnlab.analyses.text import CompareText, SampleAnswer, SampleText, TextAnswer
from rnnlab.config import CORPORA, Play, TextData
from rnnlab.data.passage import Passage
from rnnlab.data.vocabulary import join, visible
from rnnlab.plots.passage import passage_table, pick_style, tint_legend
from rnnlab.sentences.text import passage_verdict, samples_sentence, unknown_sentence, word_sentence
from rnnlab.store.run import Run
from rnnlab.ui.markdown import escaped
from rnnlab.ui.state import address, session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.table import COMPARE
from rnnlab.ui.widgets import controls
from rnnlab.ui.widgets.asking import asked
from rnnlab.ui.widgets.controls import KEY, choice, dial, keep, kept
from rnnlab.ui.widgets.figure import STATIC
from rnnlab.ui.widgets.figure import figure as figure_to_take
from rnnlab.ui.widgets.fragments import drawn_alone
from rnnlab.ui.widgets.passage import pick_labels

LENGTH = {"words": 40, "characters": 120}
"""Tokens of the passage and of each sample, by what the text is cut into."""

PRIME = {"words": (Play(1, 40, 1), 10), "characters": (Play(1, 100, 1), 40)}
"""The slider's range, and where it starts."""

START = Play(0, 2000, 10)
TEMPERATURE, TOP_K, TOP_P = Play(0.1, 2.0, 0.1), Play(0, 50, 1), Play(0.05, 1.0, 0.05)

FACTORS = {"half the temperature": 0.5, "the temperature": 1.0, "twice the temperature": 2.0}
"""The three samples that stand side by side."""

TOP = 12
"""Most probable tokens that are shown of a distribution."""

GUESSES = 5
"""Of these, the columns of the table."""

SHOWN = {"validation": "Validation text", "own": "Its own text"}


def text_study(run: Run, line: DeltaGenerator) -> None:
    """The passage and what was expected first, then three samples; each above what it is played with."""
    kind = getattr(run.experiment.data, "tokens", "words")
    with line:
        shown = choice("passage", "Passage", list(SHOWN), "validation", SHOWN.__getitem__)
    passage_part, passage_controls, samples_part = st.container(), st.container(), st.container()
    with passage_controls:
        start, prime = start_and_prime(kind)
    with passage_part:
        answer = asked(run, CompareText(start, prime, LENGTH[kind], TOP))
    if answer is None:
        return
    marks = CORPORA[cast(TextData, run.experiment.data).corpus].marks
    question = _drawing_controls(answer, kind, TOP if shown == "own" else 0, marks)
    with samples_part:
        written = _samples(run, question, kind)
    with passage_part:
        own = written.samples[1].passage if written else None
        if written and own:
            drawn_alone(partial(_passage_panel, run.id, own, written.prime_words, kind, "drew"))
            return
        drawn_alone(partial(_passage_panel, run.id, answer.passage, answer.prime_words, kind, "predicted"))
        if answer.start < start or len(answer.prime_words) < prime:
            st.caption(f"The validation text has only {answer.length:,} {kind}: the passage begins at {answer.start}.")


def escaped_words(words: Sequence[str], kind: str) -> str:
    """Tokens in a sentence, spelled together as they stand in the text, without what Markdown would read in them."""
    return escaped(("" if kind == "characters" else " ").join(map(visible, words)))


# --- the passage -----------------------------------------------------------------------------------------------------


def start_and_prime(kind: str) -> tuple[int, int]:
    """Where the passage starts, and how much is read before it."""
    left, right = st.columns(2, gap="large")
    with left:
        start = dial("start", "Start: position in the validation text", START, 0)
    with right:
        prime = dial("prime", f"Prime: true {kind} read first", *PRIME[kind])
    return start, prime


def _passage_panel(run_id: str, passage: Passage, prime_words: list[str], kind: str, did: str) -> None:
    """The words in the colours of their surprise, and beside them what was expected in place of the picked one.

    Args:
        prime_words: what the network read before the passage.
        did: what it did then, `predicted` or `drew`.
    """
    noun = kind.removesuffix("s")
    st.markdown(escaped(passage_verdict([*map(visible, passage.words)], passage.surprises, noun)))
    left, right = st.columns([0.62, 0.38], gap="large")
    with left, st.container(key="passage", gap="small"):
        st.caption(f"It read *{escaped_words(prime_words[-20:], kind)}* and then {did} each {noun} after it:")
        position = _picked(passage, noun)
        st.html(tint_legend())
        with st.expander(f"The most probable {kind} at each position"):
            st.html(_table(passage, noun))
    with right:
        _distribution(passage, position, noun)
    address.show(run=run_id, **controls.link(COMPARE))


def _picked(passage: Passage, noun: str) -> int:
    """The position of the picked word; the most surprising one until somebody picks another."""
    labels = pick_labels(passage.words, passage.surprises)
    st.html(pick_style(passage.surprises, "passage"))
    position, last = kept("word"), len(labels) - 1
    if position is None or position > last:
        position = int(np.argmax(passage.surprises))
    st.pills(
        f"Pick a {noun} to see what was expected in its place",
        range(len(labels)),
        default=position,
        key=session.key_of(KEY + "word", lambda shown: shown == position),
        format_func=labels.__getitem__,
        required=True,
        on_change=_pick,
    )
    return position


@callback
def _pick() -> None:
    controls.pick("word")


def _distribution(passage: Passage, position: int, noun: str) -> None:
    """What was expected at one position."""
    from rnnlab.plots.distribution import distribution_figure

    word, surprise = visible(passage.words[position]), float(passage.surprises[position])
    rank, entropy = int(passage.ranks[position]), float(passage.entropies[position])
    st.markdown(escaped(word_sentence(word, surprise, rank, entropy, noun)))
    top = [visible(token) for token in passage.top_words[position]]
    figure = distribution_figure(top, passage.top_probabilities[position], word, float(np.exp(-surprise)))
    with st.container(key="distribution"):
        figure_to_take(figure, STATIC, "distribution-figure", f"distribution {word}")


def _table(passage: Passage, noun: str) -> str:
    words = [visible(word) for word in passage.words]
    top = [[visible(word) for word in guesses[:GUESSES]] for guesses in passage.top_words]
    likely = passage.top_probabilities[:, :GUESSES]
    return passage_table(words, top, likely, passage.true_probabilities, noun)


# --- what it writes --------------------------------------------------------------------------------------------------


def _drawing_controls(answer: TextAnswer, kind: str, top: int, marks: Mapping[str, str]) -> SampleText:
    """How the free run begins and how its words are drawn.

    Args:
        top: see `SampleText`.
    """
    beginning = _beginning_field(kind)
    first, second, third = st.columns(3, gap="large")
    with first:
        temperature = dial("temperature", "Temperature", TEMPERATURE, 1.0)
    with second:
        top_k = dial("top_k", f"Top-k (0: all {kind})", TOP_K, 0)
    with third:
        top_p = dial("top_p", f"Top-p (1: all {kind})", TOP_P, 1.0)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        banned = _ban_control(answer.placeholders, marks)
        seed = controls.number("draw", "Seed of the free run", 0)
        st.button("Draw again", icon=":material/casino:", on_click=_draw_again)
    return SampleText(
        prime=beginning or join(answer.prime_words, kind),
        horizon=LENGTH[kind],
        temperatures=tuple(factor * temperature for factor in FACTORS.values()),
        top_k=top_k,
        top_p=top_p,
        banned=banned,
        seed=seed,
        top=top,
    )


def _beginning_field(kind: str) -> str:
    placeholder = f"Type some {kind}; empty continues the {kind} that it read above"
    return controls.text("beginning", "A beginning of your own", placeholder)


def _ban_control(placeholders: tuple[str, ...], marks: Mapping[str, str]) -> tuple[str, ...]:
    """The tokens that stand for something else, each with a switch that keeps it from being drawn."""
    if not placeholders:
        return ()
    banned = [word for word in placeholders if word in (kept("ban") or "").split()]
    st.pills(
        "Never draw",
        placeholders,
        default=banned,
        key=session.key_of(KEY + "ban", lambda shown: {*shown} == {*banned}),
        selection_mode="multi",
        format_func=escaped,
        help=" ".join(f"`{word}` stands for {marks[word]}." for word in placeholders if word in marks),
        on_change=_ban,
    )
    return tuple(banned)


@callback
def _ban() -> None:
    if controls.is_drawn("ban"):
        keep("ban", " ".join(session.value_in(KEY + "ban")))


@callback
def _draw_again() -> None:
    keep("draw", ((kept("draw") or 0) + 1) % 2**31)


def _samples(run: Run, question: SampleText, kind: str) -> SampleAnswer | None:
    """Three texts from one beginning and one seed."""
    noun = kind.removesuffix("s")
    st.markdown(f"##### Free-running: each {noun} that it draws is its next input")
    written = asked(run, question)
    if written is None:
        return None
    texts = [sample.words for sample in written.samples]
    if written.unknown:
        st.markdown(escaped(unknown_sentence(written.unknown, noun)))
    st.markdown(samples_sentence(texts, question.temperatures, noun))
    with st.container(key="free-sample"):
        st.caption(f"It read *{escaped_words(written.prime_words, kind)}* and went on:")
        columns = st.columns(len(texts), gap="medium")
        for column, (name, temperature, words) in zip(
            columns, zip(FACTORS, question.temperatures, texts, strict=True), strict=True
        ):
            with column, st.container(border=True, height="stretch"):
                st.caption(f"{temperature:g}, {name}")
                st.text(join(words, kind))
    st.caption(f"Weights after step {written.step:,}.")
    return written

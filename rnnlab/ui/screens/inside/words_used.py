"""Which earlier words a prediction used: colours over the passage, and bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import streamlit as st

from rnnlab.analyses.inside_text import MOST_TAKEN_AWAY, UsedWords, WordsUsedAnswer
from rnnlab.config import CORPORA, TextData
from rnnlab.data.vocabulary import visible
from rnnlab.plots.passage import tinted_buttons
from rnnlab.sentences import inside_text as sentences
from rnnlab.sentences.text import nats
from rnnlab.store.run import Run
from rnnlab.ui.markdown import escaped, texts_beside
from rnnlab.ui.screens.inside.figure import draw_figure
from rnnlab.ui.screens.inside.passage import kind_of, noun_of, passage_dials
from rnnlab.ui.state import session
from rnnlab.ui.state.callbacks import callback
from rnnlab.ui.widgets import controls
from rnnlab.ui.widgets.asking import asked
from rnnlab.ui.widgets.passage import told_apart
from rnnlab.ui.widgets.tinted import Tinted, background, legend, tinted_text

if TYPE_CHECKING:
    import pandas as pd

TEXTS = texts_beside(__file__)

PICKED = "picked"

MOST_BUTTONS = 200
"""Words that can be clicked at once: the browser draws each as a button of its own."""

REPLACING = {"away": "Take each word away", "number": "Put each word into the other number"}
REACH = {"whole": "Whole passage", "windows": "Windows of the training"}


def words_used(run: Run) -> None:
    """The passage in the colours of both measures, the bars, and below them what is played with."""
    kind = kind_of(run)
    drawing = st.container()
    start, length = passage_dials(kind)
    has_numbers = getattr(run.experiment.data, "corpus", "") == "grammar" and kind == "words"
    with st.container(horizontal=True, key="words-choices"):
        replacing = "away"
        if has_numbers:  # The other number shows most clearly what a verb depends on.
            replacing = controls.choice("replacing", "In its place", [*REPLACING], "number", REPLACING.__getitem__)
        reach = controls.choice("reach", "Reach", list(REACH), "whole", REACH.__getitem__)
    question = UsedWords(start, length, controls.kept(PICKED), replacing == "number", reach == "windows")
    with drawing:
        answer = asked(run, question)
        if answer is not None:
            _draw(run, answer, kind, question)


def _draw(run: Run, answer: WordsUsedAnswer, kind: str, question: UsedWords) -> None:
    from rnnlab.plots.words_used import words_used_figure

    noun = kind.removesuffix("s")
    shown = [visible(word) for word in answer.words]
    before = shown[: answer.chosen]
    changes = np.where(answer.replaced, answer.occlusion, np.nan)
    left, right = st.columns(2, gap="large")
    with left, st.container(key="used-words", gap="small"):
        _passage(answer, noun)
    with right, st.container(key="occluded-words", gap="small"):
        _occluded(answer, changes, kind)
    marked = [] if answer.subject is None else [answer.subject]
    draw_figure(
        words_used_figure(before, answer.connectivity, changes, marked),
        sentence=_sentence(run, answer, before, changes, question),
        source=TEXTS["source"],
        numbers=_numbers(answer),
        file="words-used",
        alt=f"Bars of the connectivity and of the change of the surprise for the {noun}s before the predicted one.",
    )
    _notes(run, answer, question)


def _sentence(run: Run, answer: WordsUsedAnswer, before: list[str], changes: np.ndarray, question: UsedWords) -> str:
    noun = noun_of(run)
    chosen = visible(answer.words[answer.chosen])
    parts = [sentences.connectivity_sentence(before, answer.connectivity, chosen, noun)]
    if np.isfinite(changes).any():
        parts.append(sentences.occlusion_sentence(before, changes, visible(answer.replacement), noun))
    if answer.subject is not None:
        parts.append(
            sentences.subject_sentence(before, answer.nouns, answer.subject, answer.connectivity, answer.occlusion)
        )
    if question.as_trained:
        parts.append(sentences.window_sentence(answer.window, run.experiment.training.carry_state, noun))
    return " ".join(parts)


def _passage(answer: WordsUsedAnswer, noun: str) -> None:
    """The passage as buttons: the picked word is the predicted one, the words before it have their connectivity."""
    most = float(np.max(answer.connectivity)) or 1.0
    shares = np.zeros(len(answer.words))
    shares[: answer.chosen] = answer.connectivity / most
    first = max(0, min(answer.chosen - 3 * MOST_BUTTONS // 4, len(answer.words) - MOST_BUTTONS))
    offered = range(first, min(first + MOST_BUTTONS, len(answer.words)))
    labels = told_apart([escaped(visible(answer.words[at])) for at in offered])
    st.html(tinted_buttons([background(shares[at]) for at in offered], "used-words"))
    st.pills(
        f"Pick a {noun} to see which {noun}s before it moved its logit: connectivity",
        offered,
        default=answer.chosen,
        key=session.key_of(controls.KEY + PICKED, lambda at: at == answer.chosen),
        format_func=lambda at: labels[at - first],
        required=True,
        on_change=_pick,
    )
    st.html(legend(Tinted("no connectivity"), Tinted(f"connectivity {most / 2:.2g}", 0.5), Tinted(f"{most:.2g}", 1.0)))


@callback
def _pick() -> None:
    if controls.is_drawn(PICKED):
        controls.keep(PICKED, max(1, session.value_in(controls.KEY + PICKED)))


def _occluded(answer: WordsUsedAnswer, changes: np.ndarray, kind: str) -> None:
    """The words before the predicted one in the colours of what happens without each."""
    known = changes[np.isfinite(changes)]
    most = max(float(np.max(np.abs(known))) if len(known) else 0.0, sentences.SMALL_CHANGE)
    chosen, noun = visible(answer.words[answer.chosen]), kind.removesuffix("s")
    how = f"is replaced by “{visible(answer.replacement)}”" if answer.replacement else "is put into the other number"
    told = f"By how many nats “{chosen}” (now {nats(answer.surprise)}) gets more surprising if a {noun} before it {how}"
    st.caption(escaped(told))
    first = max(0, answer.chosen - MOST_TAKEN_AWAY)
    words = [
        Tinted(
            word,
            float(change / most) if np.isfinite(change) else 0.0,
            f"{change:+.1f}" if abs(change) >= sentences.SMALL_CHANGE else "",
            () if np.isfinite(change) else ("faint",),
        )
        for word, change in zip(answer.words[first : answer.chosen], changes[first:], strict=True)
    ]
    predicted = Tinted(answer.words[answer.chosen], marks=("marked",))
    st.html(tinted_text([*words, predicted], kind))
    st.html(legend(Tinted(f"{most:.1f} nats more surprising", 1.0), Tinted(f"{most:.1f} nats less surprising", -1.0)))


def _numbers(answer: WordsUsedAnswer) -> pd.DataFrame:
    import pandas as pd

    before = answer.words[: answer.chosen]
    return pd.DataFrame(
        {
            "position": answer.start + np.arange(answer.chosen),
            "word": before,
            "predicted": answer.words[answer.chosen],
            "connectivity": answer.connectivity,
            "was_replaced": answer.replaced & np.isfinite(answer.occlusion),
            "change_of_surprise_nats": answer.occlusion,
        }
    )


def _notes(run: Run, answer: WordsUsedAnswer, question: UsedWords) -> None:
    """What the figure leaves out, and why."""
    kind = kind_of(run)
    if len(answer.words) < question.length:
        st.caption(f"The validation text ends here: the passage has {len(answer.words):,} {kind}.")
    if answer.chosen > MOST_TAKEN_AWAY:
        st.caption(f"Only the last {MOST_TAKEN_AWAY} {kind} were replaced, because each takes another reading.")
    if len(answer.words) > MOST_BUTTONS:
        st.caption(f"Only {MOST_BUTTONS} {kind} around the picked one can be clicked; all are in the CSV file.")
    if answer.replacement:
        marks = CORPORA[cast(TextData, run.experiment.data).corpus].marks
        stands = f"stands for {marks[answer.replacement]}" if answer.replacement in marks else TEXTS["most frequent"]
        st.caption(escaped(f"“{visible(answer.replacement)}” {stands}."))
    else:
        st.caption(TEXTS["other number"])

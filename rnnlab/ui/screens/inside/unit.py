"""A unit that knows: the one whose value best tells a property of the text, as colours over a passage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from rnnlab.analyses.inside_text import FindUnit, KnowingUnit, ReadUnit, UnitOverText
from rnnlab.data.properties import UNLABELLED, Property, properties_of
from rnnlab.data.vocabulary import visible
from rnnlab.sentences.inside_text import passage_sentence, unit_sentence
from rnnlab.store.run import Run
from rnnlab.ui.markdown import texts_beside
from rnnlab.ui.screens.inside.figure import draw_figure
from rnnlab.ui.screens.inside.passage import kind_of, passage_dials
from rnnlab.ui.widgets.asking import asked
from rnnlab.ui.widgets.controls import choice
from rnnlab.ui.widgets.tinted import Tinted, legend, tinted_text

if TYPE_CHECKING:
    import pandas as pd

TEXTS = texts_beside(__file__)


def unit_that_knows(run: Run) -> None:
    """The passage in the colours of the unit, the figure, and below them what is played with."""
    kind = kind_of(run)
    offered = {one.name: one for one in properties_of(getattr(run.experiment.data, "corpus", ""), kind)}
    drawing = st.container()
    name = choice("property", "Property", list(offered), next(iter(offered)), lambda name: offered[name].title)
    start, length = passage_dials(kind)
    with drawing:
        unit = asked(run, FindUnit(name))
        over = asked(run, ReadUnit(unit.part, unit.position, name, start, length)) if unit else None
        if unit and over:
            _draw(unit, over, offered[name], kind)


def _draw(unit: KnowingUnit, over: UnitOverText, asked_of: Property, kind: str) -> None:
    from rnnlab.plots.units import unit_figure

    noun = kind.removesuffix("s")
    answers = np.where(over.values > unit.threshold, int(unit.is_high), int(not unit.is_high))
    labelled = over.labels != UNLABELLED
    control = (unit.untrained_part, unit.untrained_position, unit.untrained_accuracy)
    st.markdown(f"*{asked_of.question}*")
    st.html(tinted_text(_tinted(unit, over, answers), kind))
    low, high = asked_of.classes
    st.html(
        legend(
            Tinted(f"the unit says: {high}", 1.0),
            Tinted(f"the unit says: {low}", -1.0),
            Tinted(f"it is {high}", marks=("marked",)),
            Tinted("the unit is wrong", marks=("wrong",)),
            Tinted("in neither class", marks=("faint",)),
        )
    )
    told = unit_sentence(unit.part, unit.position, unit.accuracy, control, unit.tokens, noun)
    right = int(np.sum(answers[labelled] == over.labels[labelled]))
    shown = [visible(word) for word in over.words]
    accuracies = (unit.accuracy, unit.untrained_accuracy)
    draw_figure(
        unit_figure(shown, over.values, over.labels, unit.threshold, asked_of.classes, accuracies),
        sentence=f"{told} {passage_sentence(right, int(labelled.sum()), noun)}",
        source=TEXTS["source"],
        numbers=_numbers(unit, over, answers, asked_of),
        file="unit",
        alt=f"The value of one unit after each {noun} of a passage, and bars of two accuracies.",
        height=380,
    )
    st.caption(TEXTS["chosen"].format(noun=noun))


def _tinted(unit: KnowingUnit, over: UnitOverText, answers: np.ndarray) -> list[Tinted]:
    """Each token on the colour of the class that the unit's value stands for: stronger, further from the threshold."""
    distances = (over.values.astype("float64") - unit.threshold) * (1 if unit.is_high else -1)
    most = float(np.max(np.abs(distances))) or 1.0
    return [
        Tinted(word, float(distance / most), marks=_marks(int(label), int(said)))
        for word, distance, label, said in zip(over.words, distances, over.labels, answers, strict=True)
    ]


def _marks(label: int, said: int) -> tuple[str, ...]:
    if label == UNLABELLED:
        return ("faint",)
    return (("marked",) if label else ()) + (("wrong",) if said != label else ())


def _numbers(unit: KnowingUnit, over: UnitOverText, answers: np.ndarray, asked_of: Property) -> pd.DataFrame:
    import pandas as pd

    names = {UNLABELLED: "", **dict(enumerate(asked_of.classes))}
    return pd.DataFrame(
        {
            "position": over.start + np.arange(len(over.words)),
            "token": over.words,
            "value": over.values,
            "threshold": unit.threshold,
            "class": [names[label] for label in over.labels.tolist()],
            "answer": [names[said] for said in answers.tolist()],
            "accuracy": unit.accuracy,
            "untrained_accuracy": unit.untrained_accuracy,
        }
    )

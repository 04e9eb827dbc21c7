"""What a run answers when it is compared with its data, with the figures of the Compare screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from rnnlab.analyses.memory import AddingAnswer, RecallAnswer
from rnnlab.analyses.series import SeriesAnswer
from rnnlab.analyses.tags import TagsAnswer
from rnnlab.analyses.text import TextAnswer
from rnnlab.config import Experiment
from rnnlab.data.vocabulary import visible
from rnnlab.errors import LabError
from rnnlab.formulas import perplexity
from rnnlab.notebook.theme import for_notebook
from rnnlab.plots.comparison import errors_figure, series_figure
from rnnlab.plots.distribution import distribution_figure
from rnnlab.plots.drawing import Picture
from rnnlab.plots.sequences import lags_figure, recall_picture, sums_figure
from rnnlab.plots.surprise import surprise_figure
from rnnlab.plots.waves import peaks_figure


class SeriesComparison(SeriesAnswer):
    """A series, predicted one step ahead and continued freely; its attributes are those of `SeriesAnswer`."""

    def figure(self) -> go.Figure:
        """Target, teacher-forced and free-running prediction on the same axes."""
        return for_notebook(series_figure(self.target, self.teacher_forced, self.free_running, self.prime))

    def errors_figure(self) -> go.Figure:
        """The distance of both predictions from the target at each step after the prime."""
        known, naive = self.prime, {one.label: one.alone for one in self.naive}
        return for_notebook(
            errors_figure(self.target[known:], self.teacher_forced[known:], self.free_running, known, naive)
        )

    def table(self) -> pd.DataFrame:
        """One row for each time step; NaN before the free run begins."""
        alone = np.concatenate([np.full(self.prime, np.nan), self.free_running])
        columns = {"target": self.target, "teacher_forced": self.teacher_forced, "free_running": alone}
        return pd.DataFrame(columns).rename_axis("time")

    def __repr__(self) -> str:
        errors = f"teacher-forced RMSE {self.teacher_forced_rmse:.4g}, free-running RMSE {self.free_running_rmse:.4g}"
        return f"<comparison after {self.prime} values, over {len(self.free_running)} steps: {errors}>"


class TextComparison(TextAnswer):
    """A passage of the validation text, predicted token by token; its attributes are those of `TextAnswer`."""

    @property
    def perplexity(self) -> float:
        """Of the passage."""
        return perplexity(float(np.mean(self.passage.surprises, dtype="float64")))

    def figure(self) -> go.Figure:
        """The surprise at each token, in nats."""
        words = [visible(word) for word in self.passage.words]
        return for_notebook(surprise_figure(words, self.passage.surprises, self.passage.entropies))

    def distribution_figure(self, position: int = 0) -> go.Figure:
        """What was expected at one position of the passage, counted from 0."""
        passage = self.passage
        if not 0 <= position < len(passage.words):
            raise LabError(f"The position was {position}, but must be from 0 to {len(passage.words) - 1}.")
        top = [visible(token) for token in passage.top_words[position]]
        word, probability = visible(passage.words[position]), float(passage.true_probabilities[position])
        return for_notebook(distribution_figure(top, passage.top_probabilities[position], word, probability))

    def table(self) -> pd.DataFrame:
        """One row for each token, with its probability and what was expected in its place."""
        passage = self.passage
        columns = {
            "token": passage.words,
            "probability": passage.true_probabilities,
            "surprise": passage.surprises,
            "rank": passage.ranks,
            "expected": [words[0] for words in passage.top_words],
        }
        return pd.DataFrame(columns, index=pd.RangeIndex(self.start, self.start + len(passage.words), name="position"))

    def __repr__(self) -> str:
        return (
            f"<comparison of {len(self.passage.words)} tokens from {self.start} on: perplexity {self.perplexity:.4g}>"
        )


@dataclass(frozen=True, eq=False, repr=False)
class RecallComparison(RecallAnswer):
    """The answer to each symbol; its attributes are those of `RecallAnswer`.

    Attributes:
        time_lag: blanks between the symbol and the cue in training.
    """

    time_lag: int

    def figure(self) -> go.Figure:
        """The share of right answers after each number of blanks."""
        if not self.lags:
            raise LabError("A bidirectional network is asked at its own time lag only; look at comparison.accuracy.")
        return for_notebook(lags_figure(self.lags, self.accuracies, self.time_lag, 1 / len(self.symbols)))

    def picture(self) -> Picture:
        """Each sequence with the probability of each answer at the cue."""
        return recall_picture(self.symbols, self.time_lag, self.probabilities)

    def __repr__(self) -> str:
        return f"<comparison of {len(self.symbols)} symbols: accuracy {self.accuracy:.3g}>"


class AddingComparison(AddingAnswer):
    """The answered sums; its attributes are those of `AddingAnswer`."""

    def figure(self) -> go.Figure:
        """Each answer against the right sum."""
        return for_notebook(sums_figure(self.truth, self.answers))

    def __repr__(self) -> str:
        return f"<comparison of {len(self.truth)} sums: mean squared error {self.error:.4g}>"


class TagsComparison(TagsAnswer):
    """A labelled stretch; its attributes are those of `TagsAnswer`."""

    def figure(self) -> go.Figure:
        """A wave, its peaks and the probability of a peak. Raises `ValueError` for a text: take `table()`."""
        if not all(isinstance(value, float) for value in self.inputs):
            raise LabError("Labels of words are read in a table; take comparison.table().")
        values, truth = np.array(self.inputs, "float64"), self.truth
        return for_notebook(peaks_figure(values, truth, self.probabilities[:, 1]))

    def table(self) -> pd.DataFrame:
        """One row for each step: what was read, the right label, the network's, and its probability."""
        columns = {
            "input": self.inputs,
            "label": self.truth,
            "answer": self.probabilities.argmax(axis=1),
            "probability": self.probabilities.max(axis=1),
        }
        return pd.DataFrame(columns)

    def __repr__(self) -> str:
        return f"<comparison of {len(self.inputs)} labels: accuracy {self.accuracy}>"


COMPARISONS: dict[type[Any], type[Any]] = {
    SeriesAnswer: SeriesComparison,
    TextAnswer: TextComparison,
    RecallAnswer: RecallComparison,
    AddingAnswer: AddingComparison,
    TagsAnswer: TagsComparison,
}
"""What a notebook makes of each answer."""


def with_figures(answer: Any, experiment: Experiment) -> Any:
    """An answer of the lab as a comparison with figures.

    Args:
        answer: to a question about the network of this experiment.
    """
    known = {"time_lag": getattr(experiment.data, "time_lag", 0)} if isinstance(answer, RecallAnswer) else {}
    return COMPARISONS[type(answer)](**vars(answer), **known)

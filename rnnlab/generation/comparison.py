"""The two ways to run a network, side by side on the same data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.config import SineData
from rnnlab.data import Dataset, wave
from rnnlab.errors import LabError
from rnnlab.formulas import perplexity
from rnnlab.generation.free_running import generate_series, generate_tokens
from rnnlab.generation.teacher_forced import log_probabilities, predict_teacher_forced
from rnnlab.models import Network


@dataclass(frozen=True, eq=False)
class SeriesComparison:
    """A series, predicted one step ahead and generated freely.

    Attributes:
        target: float32 (P + horizon,), the clean wave.
        teacher_forced: float32 (P + horizon,), at t the prediction of target[t] from all true values before t; NaN at
            0, before which nothing was read.
        free_running: float32 (horizon,), for the times P to P + horizon - 1, from the first P values alone.
        prime: P.
    """

    target: np.ndarray
    teacher_forced: np.ndarray
    free_running: np.ndarray
    prime: int

    @property
    def teacher_forced_rmse(self) -> float:
        """Root mean squared error of one-step prediction over the horizon."""
        return _rmse(self.teacher_forced[self.prime :], self.target[self.prime :])

    @property
    def free_running_rmse(self) -> float:
        """Root mean squared error of free-running generation over the horizon."""
        return _rmse(self.free_running, self.target[self.prime :])


def compare_series(network: Network, data: SineData, prime: int, horizon: int) -> SeriesComparison:
    """Read the wave step by step, and generate it freely after a prime.

    Args:
        network: a series network.
        data: the wave; a network that was trained on zeros in its place is fed zeros here too.
        prime: values P of the wave that the free run reads first, >= 1.
        horizon: steps generated after them, >= 1.
    Raises:
        ValueError: prime or horizon below 1.
    """
    if prime < 1:
        raise LabError(f"The prime was {prime}, but must be at least 1 value.")
    if horizon < 1:
        raise LabError(f"The horizon was {horizon}, but must be at least 1 step.")
    target = wave(data, prime + horizon)
    read = np.zeros_like(target) if data.inputs == "zeros" else target
    inputs = read[None, :, None]  # (1, P + horizon, 1)
    predicted, _ = predict_teacher_forced(network, inputs)
    generated = generate_series(network, inputs[:, :prime], horizon)
    teacher_forced = np.concatenate([[np.nan], predicted[0, :-1, 0]]).astype("float32")
    return SeriesComparison(target, teacher_forced, generated[0, :, 0], prime)


@dataclass(frozen=True, eq=False)
class TextComparison:
    """A passage of text, predicted word by word and continued freely.

    Attributes:
        words: the T true tokens that the network read, then had to predict.
        top_words: for each of the T positions the most probable tokens, most probable first.
        top_probabilities: float32 (T, K), their probabilities.
        surprises: float32 (T,), minus the logarithm of the probability that the true token was given, in nats.
        prime_words: the tokens that the free run read first.
        sample: the tokens that it generated after them.
    """

    words: list[str]
    top_words: list[list[str]]
    top_probabilities: np.ndarray
    surprises: np.ndarray
    prime_words: list[str]
    sample: list[str]

    @property
    def perplexity(self) -> float:
        """exp of the mean surprise over the passage."""
        return perplexity(float(np.mean(self.surprises, dtype="float64")))

    @property
    def true_probabilities(self) -> np.ndarray:
        """float32 (T,): the probability that the true token was given; 0 where it is too small for a float32."""
        return np.exp(-self.surprises)


def compare_text(
    network: Network,
    dataset: Dataset,
    start: int = 0,
    prime: int = 10,
    horizon: int = 40,
    temperature: float = 1.0,
    seed: int = 0,
    top: int = 5,
) -> TextComparison:
    """Predict a passage of the validation text word by word, and go on from its beginning freely.

    Args:
        network: a text network.
        dataset: the text that it was trained on.
        start: position of the passage in the validation text, in tokens, >= 0.
        prime: tokens that are read before the first prediction is shown, and before the free run begins, >= 1.
        horizon: tokens that are predicted and generated, >= 1.
        temperature, seed: of the free run; see `generate_tokens`.
        top: how many of the most probable tokens are shown at each position.
    Raises:
        ValueError: the passage lies outside the validation text, or a number is out of its range.
    """
    if start < 0 or prime < 1 or horizon < 1 or top < 1:
        raise LabError(
            f"Start, prime, horizon and top were {start}, {prime}, {horizon} and {top}, but must be at least 0, 1, 1 "
            "and 1."
        )
    passage = dataset.valid[start : start + prime + horizon]
    if len(passage) < prime + 1:
        last = len(dataset.valid) - prime - 1
        advice = (
            f"start at token {last} or before" if last >= 0 else f"take a prime of at most {len(dataset.valid) - 1}"
        )
        raise LabError(
            f"The passage at token {start} has {len(passage)} of the {len(dataset.valid)} tokens of the validation "
            f"text, but {prime + 1} are needed; {advice}."
        )
    logarithms = log_probabilities(network, passage[None, :-1])[0, prime - 1 :]
    truth = passage[prime:]
    order = np.argsort(-logarithms, axis=1, kind="stable")[:, :top]
    generated = generate_tokens(network, passage[None, :prime], horizon, temperature, seed)[0]
    vocabulary = dataset.vocabulary
    return TextComparison(
        words=[vocabulary[token] for token in truth],
        top_words=[[vocabulary[token] for token in row] for row in order],
        top_probabilities=np.exp(np.take_along_axis(logarithms, order, axis=1)),
        surprises=-logarithms[np.arange(len(truth)), truth],
        prime_words=[vocabulary[token] for token in passage[:prime]],
        sample=[vocabulary[token] for token in generated],
    )


def _rmse(predicted: np.ndarray, target: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(predicted.astype("float64") - target))))

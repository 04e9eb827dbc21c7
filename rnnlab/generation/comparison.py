"""The two ways to run a network, side by side on the same data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnnlab.config import SineData
from rnnlab.config.sampling import Sampling
from rnnlab.data import Dataset, wave
from rnnlab.data.forecast import known_around
from rnnlab.data.own_series import AS_IT_IS, Scale
from rnnlab.data.passage import Passage, passage_of
from rnnlab.data.vocabulary import decode
from rnnlab.errors import LabError
from rnnlab.formulas import perplexity
from rnnlab.generation.free_running import generate_series, generate_tokens
from rnnlab.generation.teacher_forced import log_probabilities, predict_teacher_forced
from rnnlab.models import Network


@dataclass(frozen=True, eq=False, repr=False)
class SeriesComparison:
    """A series, predicted one step ahead and generated freely. All values are in the units of the data.

    Attributes:
        target: (P + horizon,), the clean wave, or the values of one's own; float32 or float64.
        teacher_forced: (P + horizon,), at t the prediction of target[t] from all true values before t; NaN at 0, before
            which nothing was read.
        free_running: (horizon,), for the times P to P + horizon - 1, from the first P values alone.
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

    def __repr__(self) -> str:
        errors = f"teacher-forced RMSE {self.teacher_forced_rmse:.4g}, free-running RMSE {self.free_running_rmse:.4g}"
        return f"<comparison after {self.prime} values, over {len(self.free_running)} steps: {errors}>"


def compare_series(network: Network, data: SineData | Dataset, prime: int, horizon: int) -> SeriesComparison:
    """Read a series step by step, and generate it freely after a prime.

    Args:
        network: a series network.
        data: the wave, which is read from its start; a network that was trained on zeros in its place is fed zeros here
            too. Or the dataset of a series of one's own: the prime is then the end of its training part, and the
            horizon what follows.
        prime: values P of the series that the free run reads first, >= 1; at most the training part of a dataset.
        horizon: steps generated after them, >= 1; at most the validation and test part of a dataset.
    Returns:
        Values in the units of the data; of a dataset that is shorter, as many as there are.
    Raises:
        ValueError: prime or horizon below 1, or data of another kind.
    """
    if prime < 1:
        raise LabError(f"The prime was {prime}, but must be at least 1 value.")
    if horizon < 1:
        raise LabError(f"The horizon was {horizon}, but must be at least 1 step.")
    truth = _true_values(data, prime, horizon)
    inputs = truth.read[None, :, None]  # (1, P + horizon, 1)
    predicted, _ = predict_teacher_forced(network, inputs)
    generated = generate_series(network, inputs[:, : truth.prime], len(truth.target) - truth.prime)
    teacher_forced = np.concatenate([[np.nan], truth.scale.undo(predicted[0, :-1, 0])])
    return SeriesComparison(truth.target, teacher_forced, truth.scale.undo(generated[0, :, 0]), truth.prime)


class _Truth(NamedTuple):
    """True values to read and to compare with.

    Attributes:
        read: float32 (P + horizon,), as the network reads them.
        target: (P + horizon,), in the units of the data.
        prime: P.
        scale: from the one to the other.
    """

    read: np.ndarray
    target: np.ndarray
    prime: int
    scale: Scale


def _true_values(data: SineData | Dataset, prime: int, horizon: int) -> _Truth:
    if isinstance(data, Dataset):
        known = known_around(data, horizon)
        last = known.history[-prime:]
        target = np.concatenate([last, known.future])
        return _Truth(data.scale.apply(target), target, len(last), data.scale)
    if data.needs_own_text:
        raise LabError("These settings of a series do not hold its values; pass its dataset, such as run.dataset.")
    target = wave(data, prime + horizon)
    return _Truth(np.zeros_like(target) if data.inputs == "zeros" else target, target, prime, AS_IT_IS)


@dataclass(frozen=True, eq=False, repr=False)
class TextComparison(Passage):
    """A passage of text, predicted token by token and continued freely.

    Attributes:
        prime_words: the tokens that both runs read first.
        sample: the tokens that the free run generated after them.
    """

    prime_words: list[str]
    sample: list[str]

    @property
    def perplexity(self) -> float:
        """exp of the mean surprise over the passage."""
        return perplexity(float(np.mean(self.surprises, dtype="float64")))

    def __repr__(self) -> str:
        return f"<comparison of {len(self.words)} tokens: perplexity {self.perplexity:.4g}>"


def compare_text(
    network: Network,
    dataset: Dataset,
    start: int = 0,
    prime: int = 10,
    horizon: int = 40,
    sampling: Sampling | float = 1.0,
    seed: int = 0,
    top: int = 5,
) -> TextComparison:
    """Predict a passage of the validation text token by token, and go on from its beginning freely.

    Args:
        network: a text network.
        dataset: the text that it was trained on.
        start: position of the passage in the validation text, in tokens, >= 0.
        prime: tokens that are read before the first prediction is shown, and before the free run begins, >= 1.
        horizon: tokens that are predicted and generated, >= 1.
        sampling, seed: of the free run; see `generate_tokens`.
        top: how many of the most probable tokens are shown at each position.
    Raises:
        ValueError: the passage lies outside the validation text, or a number is out of its range.
    """
    read, passage = predict_passage(network, dataset, start, prime, horizon, top)
    generated = generate_tokens(network, read[None], horizon, sampling, seed)[0]
    vocabulary = dataset.vocabulary
    return TextComparison(**vars(passage), prime_words=decode(read, vocabulary), sample=decode(generated, vocabulary))


def predict_passage(
    network: Network, dataset: Dataset, start: int, prime: int, length: int, top: int
) -> tuple[np.ndarray, Passage]:
    """Read a passage of the validation text, and predict each token of it but the first ones.

    Args:
        start, prime, top: see `compare_text`.
        length: tokens that are predicted, >= 1; the passage ends with the text.
    Returns:
        The tokens that were read first, int32 (prime,), and the predicted ones after them.
    Raises:
        ValueError: the passage lies outside the validation text, or a number is out of its range.
    """
    if start < 0 or prime < 1 or length < 1 or top < 1:
        raise LabError(
            f"Start, prime, horizon and top were {start}, {prime}, {length} and {top}, but must be at least 0, 1, 1 "
            "and 1."
        )
    tokens = dataset.valid[start : start + prime + length]
    if len(tokens) < prime + 1:
        last = len(dataset.valid) - prime - 1
        advice = (
            f"start at token {last} or before" if last >= 0 else f"take a prime of at most {len(dataset.valid) - 1}"
        )
        raise LabError(
            f"The passage at token {start} has {len(tokens)} of the {len(dataset.valid)} tokens of the validation "
            f"text, but {prime + 1} are needed; {advice}."
        )
    return tokens[:prime], read_passage(network, tokens, prime, dataset.vocabulary, top)


def read_passage(
    network: Network,
    tokens: np.ndarray,
    prime: int,
    vocabulary: Sequence[str],
    top: int,
    sampling: Sampling | float = 1.0,
) -> Passage:
    """What is predicted for each of these tokens but the first ones.

    Args:
        network: a text network.
        tokens: int32 (P + T,), the whole text.
        prime: P, the tokens that are read before the first prediction, >= 1.
        vocabulary: token of each id.
        top: how many of the most probable tokens are kept at each position.
        sampling: how the tokens were drawn, if the network drew them; see `generate_tokens`.
    """
    logarithms = log_probabilities(network, tokens[None, :-1], sampling)[0, prime - 1 :]
    return passage_of(tokens[prime:], logarithms, vocabulary, top)


def _rmse(predicted: np.ndarray, target: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(predicted.astype("float64") - target))))

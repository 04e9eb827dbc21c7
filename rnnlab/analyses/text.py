"""A text, predicted and continued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rnnlab.analyses.trained import Question, TrainedNetwork
from rnnlab.config.sampling import Sampling
from rnnlab.errors import LabError

if TYPE_CHECKING:
    from rnnlab.data import Dataset
    from rnnlab.data.passage import Passage


@dataclass(frozen=True, eq=False)
class TextAnswer:
    """A passage of the validation text, predicted token by token.

    Attributes:
        passage: the predicted tokens.
        prime_words: what was read before the first prediction.
        start: where the passage begins in the validation text.
        length: of the validation text, in tokens.
        placeholders: the tokens of the vocabulary that stand for something else, such as `<unk>`.
        step: updates that the weights have had.
    """

    passage: Passage
    prime_words: list[str]
    start: int
    length: int
    placeholders: tuple[str, ...]
    step: int


@dataclass(frozen=True)
class CompareText(Question[TextAnswer]):
    """What does it expect after each true token?

    Attributes:
        start, prime: of the passage; a short validation text has both cut to what it has, as sliders know nothing of
            its length.
        horizon: tokens that are predicted.
        top: how many of the most probable tokens are given at each position.
    """

    start: int = 0
    prime: int = 10
    horizon: int = 40
    top: int = 5

    def answer(self, trained: TrainedNetwork) -> TextAnswer:
        """See `rnnlab.generation.predict_passage`."""
        from rnnlab import generation
        from rnnlab.data.vocabulary import PLACEHOLDERS, decode

        _check_text(trained)
        dataset = trained.dataset
        length = len(dataset.valid)
        prime = min(self.prime, length - 1)
        start = min(self.start, length - prime - 1)
        read, passage = generation.predict_passage(trained.network, dataset, start, prime, self.horizon, self.top)
        return TextAnswer(
            passage=passage,
            prime_words=decode(read, dataset.vocabulary),
            start=start,
            length=length,
            placeholders=tuple(word for word in PLACEHOLDERS[dataset.tokens] if word in dataset.vocabulary),
            step=trained.step,
        )


@dataclass(frozen=True, eq=False)
class Sample:
    """What was written at one temperature.

    Attributes:
        temperature: of the draws.
        words: the tokens that were drawn.
        passage: the same tokens, each with the distribution that it was drawn from; None if that was not asked for.
    """

    temperature: float
    words: list[str]
    passage: Passage | None


@dataclass(frozen=True, eq=False)
class SampleAnswer:
    """A text that was written freely, once for each temperature.

    Attributes:
        prime_words: the tokens that were read first.
        unknown: the words of the beginning that the vocabulary lacks; they were read as `<unk>`.
        samples: in the order of the temperatures.
        step: updates that the weights have had.
    """

    prime_words: list[str]
    unknown: tuple[str, ...]
    samples: tuple[Sample, ...]
    step: int


@dataclass(frozen=True)
class SampleText(Question[SampleAnswer]):
    """What does it write on its own?

    Attributes:
        prime: the beginning that it reads first, in the letters of a person; "" begins a sentence.
        horizon: tokens.
        temperatures: one for each sample, all drawn with the same seed.
        top_k, top_p: see `rnnlab.config.sampling.Sampling`.
        banned: tokens that may not be drawn, such as `<unk>`.
        seed: decides the draws.
        top: how many of the most probable tokens are given at each position; 0 leaves the distributions out.
    """

    prime: str = ""
    horizon: int = 100
    temperatures: tuple[float, ...] = (1.0,)
    top_k: int = 0
    top_p: float = 1.0
    banned: tuple[str, ...] = ()
    seed: int = 0
    top: int = 0

    def answer(self, trained: TrainedNetwork) -> SampleAnswer:
        """See `rnnlab.generation.generate_tokens`."""
        from rnnlab.data.vocabulary import decode

        _check_text(trained)
        vocabulary = trained.dataset.vocabulary
        prime, unknown = _beginning(trained.dataset, self.prime)
        banned = _banned(self.banned, trained.dataset)
        samplings = [Sampling(temperature, self.top_k, self.top_p, banned) for temperature in self.temperatures]
        samples = tuple(self._sample(trained, prime, sampling) for sampling in samplings)
        return SampleAnswer(decode(prime, vocabulary), unknown, samples, trained.step)

    def _sample(self, trained: TrainedNetwork, prime: np.ndarray, sampling: Sampling) -> Sample:
        from rnnlab import generation
        from rnnlab.data.vocabulary import decode

        network, vocabulary = trained.network, trained.dataset.vocabulary
        drawn = generation.generate_tokens(network, prime[None], self.horizon, sampling, self.seed)[0]
        tokens = np.concatenate([prime, drawn])
        passage = (
            generation.read_passage(network, tokens, len(prime), vocabulary, self.top, sampling) if self.top else None
        )
        return Sample(sampling.temperature, decode(drawn, vocabulary), passage)


def _beginning(dataset: Dataset, text: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """The tokens that a person's text becomes, int32 (P,), and the words of it that are not in the vocabulary."""
    from rnnlab.data.vocabulary import EOS, UNK, encode, tokenize

    if not text.strip():
        start = dataset.vocabulary.index(EOS) if EOS in dataset.vocabulary else 0
        return np.array([start], "int32"), ()
    words, known = tokenize(text, dataset.tokens), {*dataset.vocabulary}
    unknown = tuple(dict.fromkeys(word for word in words if word not in known))
    if unknown and UNK not in known:
        noun = dataset.tokens.removesuffix("s")
        raise LabError(
            f"The beginning holds the {noun} {unknown[0][:40]!r}, which does not occur in the text that this network "
            f"learned; take another {noun}."
        )
    return encode(words, dataset.vocabulary), unknown


def _banned(words: tuple[str, ...], dataset: Dataset) -> tuple[int, ...]:
    for word in words:
        if word not in dataset.vocabulary:
            raise LabError(
                f"The {dataset.tokens.removesuffix('s')} {word[:40]!r} was to be banned, but it is not in this text's "
                f"vocabulary of {len(dataset.vocabulary):,}; leave it out."
            )
    return tuple(dataset.vocabulary.index(word) for word in words)


def _check_text(trained: TrainedNetwork) -> None:
    if trained.experiment.task.is_sequences:
        raise LabError("This run was trained on separate sequences, and text was asked for; compare its answers.")
    if not trained.experiment.task.reads_tokens:
        raise LabError("This run was trained on a wave, and text was asked for; please compare its series.")

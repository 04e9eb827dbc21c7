"""A text, predicted and continued."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlab.analyses.trained import Question, TrainedNetwork
from rnnlab.errors import LabError


@dataclass(frozen=True, eq=False)
class TextAnswer:
    """A passage predicted token by token, and continued freely; T tokens, the K most probable ones of each.

    Attributes:
        words: the T true tokens.
        top_words: for each of the T positions the most probable tokens, most probable first.
        top_probabilities: float32 (T, K).
        true_probabilities: float32 (T,), what the true tokens were given.
        surprises: float32 (T,), in nats.
        perplexity: over the passage.
        prime_words: what was read first.
        sample: what was generated after it.
        start: where the passage begins in the validation text.
        length: of the validation text, in tokens.
        step: updates that the weights have had.
    """

    words: list[str]
    top_words: list[list[str]]
    top_probabilities: np.ndarray
    true_probabilities: np.ndarray
    surprises: np.ndarray
    perplexity: float
    prime_words: list[str]
    sample: list[str]
    start: int
    length: int
    step: int


@dataclass(frozen=True)
class CompareText(Question[TextAnswer]):
    """What does it expect after each true token, and how does it go on alone?

    Attributes:
        start, prime: of the passage; a short validation text has both cut to what it has, as sliders know nothing of
            its length.
        horizon, temperature, seed, top: see `rnnlab.generation.compare_text`.
    """

    start: int = 0
    prime: int = 10
    horizon: int = 40
    temperature: float = 1.0
    seed: int = 0
    top: int = 5

    def answer(self, trained: TrainedNetwork) -> TextAnswer:
        """See `rnnlab.generation.compare_text`."""
        from rnnlab import generation

        _check_text(trained)
        length = len(trained.dataset.valid)
        prime = min(self.prime, length - 1)
        start = min(self.start, length - prime - 1)
        drawing = (self.horizon, self.temperature, self.seed, self.top)
        found = generation.compare_text(trained.network, trained.dataset, start, prime, *drawing)
        return TextAnswer(
            found.words,
            found.top_words,
            found.top_probabilities,
            found.true_probabilities,
            found.surprises,
            found.perplexity,
            found.prime_words,
            found.sample,
            start,
            length,
            trained.step,
        )


@dataclass(frozen=True)
class SampleAnswer:
    """A text that was written freely: the `prime` that was read, and the `text` after it."""

    prime: str
    text: str


@dataclass(frozen=True)
class SampleText(Question[SampleAnswer]):
    """What does it write on its own?

    Attributes:
        prime: what it reads first; "" begins a sentence.
        horizon: tokens.
        temperature, seed: see `rnnlab.generation.generate_tokens`.
    """

    prime: str = ""
    horizon: int = 100
    temperature: float = 1.0
    seed: int = 0

    def answer(self, trained: TrainedNetwork) -> SampleAnswer:
        """See `rnnlab.generation.generate_tokens`."""
        from rnnlab import generation

        _check_text(trained)
        dataset = trained.dataset
        start = [dataset.vocabulary.index("<eos>") if "<eos>" in dataset.vocabulary else 0]
        tokens = dataset.encode(self.prime) if self.prime.strip() else np.array(start)
        drawn = generation.generate_tokens(trained.network, tokens[None], self.horizon, self.temperature, self.seed)
        return SampleAnswer(dataset.decode(tokens), dataset.decode(drawn[0]))


def _check_text(trained: TrainedNetwork) -> None:
    if not trained.experiment.task.reads_tokens:
        raise LabError("This run was trained on a wave, and text was asked for; please compare its series.")

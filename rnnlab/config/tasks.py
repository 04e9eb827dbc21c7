"""What a network should answer at each step, as one value with everything that depends on it."""

from __future__ import annotations

import string
from dataclasses import dataclass

from rnnlab.measures import EPOCH_TRAIN_PERPLEXITY, EPOCH_VALID_PERPLEXITY, TEST_PERPLEXITY, Measure

EPOCH_MEASURES = (EPOCH_TRAIN_PERPLEXITY, EPOCH_VALID_PERPLEXITY, TEST_PERPLEXITY)


@dataclass(frozen=True)
class Task:
    """One kind of answer that a network learns.

    Attributes:
        name: of the task.
        about: the task in words.
        reads_tokens: whether the network reads token ids, rather than numbers.
        tags: the labels of a tagging network; () for a network that predicts the next value or token.
        noun: the name of the value or token of one step.
        epoch_measures: measures of a whole split, at the end of an epoch and of the run.
        features: numbers that the network reads at each step, where it does not read tokens.
        is_sequences: whether the data are separate sequences, each with one answer, at its last step. Otherwise they
            are one long sequence with an answer at each step.
    """

    name: str
    about: str
    reads_tokens: bool
    tags: tuple[str, ...] = ()
    noun: str = "value"
    epoch_measures: tuple[Measure, ...] = ()
    features: int = 1
    is_sequences: bool = False

    @property
    def can_generate(self) -> bool:
        """Whether an output can be the next input, so that the network can run on its own."""
        return not (self.tags or self.is_sequences)

    @property
    def is_perplexity(self) -> bool:
        """Whether the exponential of its loss has a meaning: the network chooses among tokens or their labels."""
        return self.reads_tokens


CONTINUE_SERIES = Task("continue_series", "Predict the next value.", reads_tokens=False)
LABEL_PEAKS = Task("label_peaks", "Label the peaks.", reads_tokens=False, tags=("no peak", "peak"))
CONTINUE_TEXT = Task(
    "continue_text", "Predict the next word.", reads_tokens=True, noun="word", epoch_measures=EPOCH_MEASURES
)
LABEL_NUMBERS = Task(
    "label_numbers",
    "Label each word as singular or plural.",
    reads_tokens=True,
    tags=("neither", "singular", "plural"),
    noun="word",
    epoch_measures=EPOCH_MEASURES,
)

SYMBOLS = tuple(string.ascii_uppercase)
"""The symbols that delayed recall can have."""

LAZY_ERROR = 1 / 6
"""Mean squared error of always answering 1.0 in the adding problem: the variance of the sum of two numbers that are
uniform in [0, 1)."""

RECALL = Task(
    "recall",
    "Recall the symbol at the cue.",
    reads_tokens=True,
    tags=SYMBOLS[:8],
    noun="symbol",
    is_sequences=True,
)
ADDING = Task("adding", "Add the two marked numbers.", reads_tokens=False, noun="number", features=2, is_sequences=True)

TASKS = {task.name: task for task in (CONTINUE_SERIES, LABEL_PEAKS, CONTINUE_TEXT, LABEL_NUMBERS, RECALL, ADDING)}

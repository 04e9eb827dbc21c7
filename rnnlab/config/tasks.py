"""What a network should answer at each step, as one value with everything that depends on it."""

from __future__ import annotations

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
    """

    name: str
    about: str
    reads_tokens: bool
    tags: tuple[str, ...] = ()
    noun: str = "value"
    epoch_measures: tuple[Measure, ...] = ()

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

TASKS = {task.name: task for task in (CONTINUE_SERIES, LABEL_PEAKS, CONTINUE_TEXT, LABEL_NUMBERS)}

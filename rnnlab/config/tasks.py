"""What a network is asked for at each step, as one value with all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlab.measures import EPOCH_TRAIN_PERPLEXITY, EPOCH_VALID_PERPLEXITY, TEST_PERPLEXITY, Measure

EPOCH_MEASURES = (EPOCH_TRAIN_PERPLEXITY, EPOCH_VALID_PERPLEXITY, TEST_PERPLEXITY)


@dataclass(frozen=True)
class Task:
    """One kind of question.

    Attributes:
        name: of the task.
        about: what is asked, in the words of a person.
        reads_tokens: whether the network reads token ids, rather than numbers.
        tags: what it may say of each step; () for a network that predicts what comes next.
        noun: what one step is called.
        epoch_measures: what is measured of a whole split, at the end of an epoch and of the run.
    """

    name: str
    about: str
    reads_tokens: bool
    tags: tuple[str, ...] = ()
    noun: str = "value"
    epoch_measures: tuple[Measure, ...] = ()

    @property
    def is_perplexity(self) -> bool:
        """Whether the exponential of its loss means something: it chooses among tokens of a text or their tags."""
        return self.reads_tokens


CONTINUE_SERIES = Task("continue_series", "Predict the next value.", reads_tokens=False)
LABEL_PEAKS = Task("label_peaks", "Mark the peaks.", reads_tokens=False, tags=("no peak", "peak"))
CONTINUE_TEXT = Task(
    "continue_text", "Predict the next word.", reads_tokens=True, noun="word", epoch_measures=EPOCH_MEASURES
)
LABEL_NUMBERS = Task(
    "label_numbers",
    "Say whether a noun is singular or plural.",
    reads_tokens=True,
    tags=("neither", "singular", "plural"),
    noun="word",
    epoch_measures=EPOCH_MEASURES,
)

TASKS = {task.name: task for task in (CONTINUE_SERIES, LABEL_PEAKS, CONTINUE_TEXT, LABEL_NUMBERS)}

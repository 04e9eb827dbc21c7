"""A corpus before it becomes numbers, and the error for a corpus that is not available."""

from __future__ import annotations

from typing import NamedTuple

from rnnlab.errors import LabError


class Corpus(NamedTuple):
    """A text in three parts, in the treebank's format: words between blanks, one sentence a line.

    Attributes:
        train: the network learns from it, and its tokens make the vocabulary.
        valid: measures the progress.
        test: used once, at the end.
    """

    train: str
    valid: str
    test: str


class DatasetUnavailable(LabError):
    """The data of an experiment are not available. The message says what is missing and what to do."""


class TextMissing(DatasetUnavailable):
    """The settings name a file of one's own that is not kept here.

    Args:
        setting: that names it, such as `upload`.
        advice: what the reader of the message can do.
    """

    def __init__(self, setting: str, advice: str = "start a new run from its file"):
        self.setting, self.advice = setting, advice
        super().__init__(f"The file of your own ({setting}) that these settings name is not kept here; {advice}.")

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        """How a copy is made, for instance when it leaves a worker: from the arguments, not from the message."""
        return type(self), (self.setting, self.advice)

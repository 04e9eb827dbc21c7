"""What a corpus is before it becomes numbers, and the error for one that cannot be had."""

from __future__ import annotations

from typing import NamedTuple

from rnnlab.errors import LabError


class Corpus(NamedTuple):
    """A text in three parts, in the treebank's format: words between blanks, one sentence a line.

    Attributes:
        train: what the network learns from; the vocabulary is counted here.
        valid: what its progress is measured on.
        test: what is looked at once, in the end.
    """

    train: str
    valid: str
    test: str


class DatasetUnavailable(LabError):
    """The data of an experiment cannot be had here. The message says what is missing and what to do."""


class TextMissing(DatasetUnavailable):
    """A text of one's own is named and not kept here.

    Args:
        advice: what to do about it where the message is read.
    """

    def __init__(self, advice: str = "start a new run from its file"):
        super().__init__(f"The text of your own (upload) that these settings name is not kept here; {advice}.")

"""Every text that a network may learn from, declared once: all that settings and screens know about it.

A row of `rnnlab.data.dataset.READERS` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MARKS = {"<unk>": "every word outside the vocabulary", "<eos>": "the end of a line, drawn as ⏎"}
"""The meaning of the tokens that the reader adds to a text."""


@dataclass(frozen=True)
class CorpusKind:
    """One corpus.

    Attributes:
        label: its name on screens and in the names of runs.
        marks: the meaning of the tokens that are not words, in the order in which they are explained.
    """

    label: str
    marks: Mapping[str, str] = field(default_factory=lambda: MARKS)


UPLOAD = "upload"
"""The corpus that a person uploads."""

OWN_FILE = {"text": UPLOAD, "series": "series"}
"""By the kind of data: the setting that holds the identifier of a file of one's own."""

CORPORA = {
    "ptb": CorpusKind(
        "Penn Treebank",
        {"<unk>": "a rare word", "<eos>": "the end of a sentence, drawn as ⏎", "N": "a number"},
    ),
    "grammar": CorpusKind("Built-in grammar", MARKS | {"<eos>": "the end of a sentence, drawn as ⏎"}),
    "python_docs": CorpusKind(
        "Python documentation", MARKS | {"<eos>": "the end of a sentence, drawn as ⏎", "N": "a number"}
    ),
    "period": CorpusKind("Period text"),
    UPLOAD: CorpusKind("Text of your own"),
}
"""By the value of the setting `corpus`, in the order of the choices on Data and Train."""

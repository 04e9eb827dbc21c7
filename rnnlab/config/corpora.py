"""Every text that a network may learn from, declared once: what settings and screens know of it.

How it is read is a row of `rnnlab.data.dataset.READERS`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CorpusKind:
    """One corpus.

    Attributes:
        label: on screens and in the names of runs.
    """

    label: str


UPLOAD = "upload"
"""The corpus that a person brings along."""

CORPORA = {
    "ptb": CorpusKind("Penn Treebank"),
    "grammar": CorpusKind("Built-in grammar"),
    "python_docs": CorpusKind("Python documentation"),
    UPLOAD: CorpusKind("Text of your own"),
}
"""By the value of the setting `corpus`, in the order of the list on Data and Train."""

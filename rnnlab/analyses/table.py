"""Every question that may be asked of a trained network."""

from __future__ import annotations

from typing import Any

from rnnlab.analyses.cost import GenerationCost
from rnnlab.analyses.memory import AddNumbers, RecallSymbols
from rnnlab.analyses.series import CompareSeries
from rnnlab.analyses.tags import TagsOfStretch
from rnnlab.analyses.text import CompareText, SampleText
from rnnlab.analyses.trained import Question

QUESTIONS: dict[str, type[Question[Any]]] = {
    question.__name__: question
    for question in (
        *(CompareSeries, GenerationCost, CompareText, SampleText, TagsOfStretch),
        *(RecallSymbols, AddNumbers),
    )
}

"""Every question that may be asked of a trained network."""

from __future__ import annotations

from typing import Any

from rnnlab.analyses.cost import GenerationCost
from rnnlab.analyses.gates import GatesThroughTime
from rnnlab.analyses.gradients import GradientsBackInTime, UntrainedGradients
from rnnlab.analyses.inside_text import ContextUsed, FindUnit, ReadUnit, UsedWords
from rnnlab.analyses.memory import AddNumbers, RecallSymbols
from rnnlab.analyses.microscope import OneCell
from rnnlab.analyses.network_files import NetworkFiles
from rnnlab.analyses.nudge import GrowthRates, PushState
from rnnlab.analyses.oscillation import ClosedLoop, WavePhase, WavePortrait
from rnnlab.analyses.series import CompareSeries
from rnnlab.analyses.tags import TagsOfStretch
from rnnlab.analyses.text import CompareText, SampleText
from rnnlab.analyses.trained import Question

QUESTIONS: dict[str, type[Question[Any]]] = {
    question.__name__: question
    for question in (
        *(CompareSeries, GenerationCost, CompareText, SampleText, TagsOfStretch),
        *(PushState, GrowthRates, WavePhase, WavePortrait, ClosedLoop),
        *(UsedWords, ContextUsed, FindUnit, ReadUnit),
        *(GatesThroughTime, OneCell, GradientsBackInTime, UntrainedGradients),
        *(RecallSymbols, AddNumbers, NetworkFiles),
    )
}

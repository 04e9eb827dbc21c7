"""Look inside a network: gates and states over time, what becomes of a push, how much its memory keeps."""

from rnnlab.inspection.carrying import CarriedAgainstReset, TrainedOnce, carry_against_reset
from rnnlab.inspection.components import Components, main_components
from rnnlab.inspection.connectivity import (
    Windows,
    WordsUsed,
    in_other_number,
    in_place_of,
    word_connectivity,
    word_occlusion,
    words_used,
)
from rnnlab.inspection.context import PerplexityByContext, perplexity_by_context
from rnnlab.inspection.fixed_points import FixedPoint, closed_loop_fixed_point, find_fixed_point
from rnnlab.inspection.lyapunov import carry_by, exponents_of_regimes, lyapunov_exponents, network_exponents
from rnnlab.inspection.memory import MemoryKept, forget_gate_memory, memory_kept
from rnnlab.inspection.nudge import Nudge, nudge_series, nudge_text
from rnnlab.inspection.phase import PhaseFit, fit_phase
from rnnlab.inspection.state_map import jacobians, orbit, output_of, precise
from rnnlab.inspection.traces import Trace, trace_free_running, trace_teacher_forced
from rnnlab.inspection.units import Unit, accuracy_of, best_unit, most_tokens, states_of

__all__ = [
    "CarriedAgainstReset",
    "Components",
    "FixedPoint",
    "MemoryKept",
    "Nudge",
    "PerplexityByContext",
    "PhaseFit",
    "Trace",
    "TrainedOnce",
    "Unit",
    "Windows",
    "WordsUsed",
    "accuracy_of",
    "best_unit",
    "carry_against_reset",
    "carry_by",
    "closed_loop_fixed_point",
    "exponents_of_regimes",
    "find_fixed_point",
    "fit_phase",
    "forget_gate_memory",
    "in_other_number",
    "in_place_of",
    "jacobians",
    "lyapunov_exponents",
    "main_components",
    "memory_kept",
    "most_tokens",
    "network_exponents",
    "nudge_series",
    "nudge_text",
    "orbit",
    "output_of",
    "perplexity_by_context",
    "precise",
    "states_of",
    "trace_free_running",
    "trace_teacher_forced",
    "word_connectivity",
    "word_occlusion",
    "words_used",
]

"""Look inside a network: gates and states over time, how much its memory keeps, how much the carried state helps."""

from rnnlab.inspection.carrying import CarriedAgainstReset, TrainedOnce, carry_against_reset
from rnnlab.inspection.memory import MemoryKept, forget_gate_memory, memory_kept
from rnnlab.inspection.traces import Trace, trace_free_running, trace_teacher_forced

__all__ = [
    "CarriedAgainstReset",
    "MemoryKept",
    "Trace",
    "TrainedOnce",
    "carry_against_reset",
    "forget_gate_memory",
    "memory_kept",
    "trace_free_running",
    "trace_teacher_forced",
]

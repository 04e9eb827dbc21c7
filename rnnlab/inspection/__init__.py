"""Look inside a network: what its memory keeps, and what the state that it carries is worth."""

from rnnlab.inspection.carrying import CarriedAgainstReset, TrainedOnce, carry_against_reset
from rnnlab.inspection.memory import MemoryKept, forget_gate_memory, memory_kept

__all__ = [
    "CarriedAgainstReset",
    "MemoryKept",
    "TrainedOnce",
    "carry_against_reset",
    "forget_gate_memory",
    "memory_kept",
]

"""RNN Lab: see how recurrent networks learn, and what happens when a network listens to itself.

In a notebook:

    import rnnlab
    run = rnnlab.fit("sine", units=16)
    run.compare(prime=50, horizon=500).figure()

docs/library.md describes every name.

The names are loaded when they are first used: the app's pages import this package and must not load TensorFlow.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import Any

from rnnlab.errors import UnknownName
from rnnlab.startup import quiet_tensorflow

quiet_tensorflow()

_HOMES = {
    "Experiment": "rnnlab.config",
    "InvalidSetting": "rnnlab.config",
    "Lab": "rnnlab.lab",
    "LabError": "rnnlab.errors",
    "MemoryData": "rnnlab.config",
    "ModelConfig": "rnnlab.config",
    "Network": "rnnlab.models",
    "Sampling": "rnnlab.config.sampling",
    "SeriesData": "rnnlab.config",
    "SineData": "rnnlab.config",
    "StateSaver": "rnnlab.models",
    "TextData": "rnnlab.config",
    "TrainingConfig": "rnnlab.config",
    "carried_state_figure": "rnnlab.notebook",
    "carry_against_reset": "rnnlab.inspection",
    "compare_series": "rnnlab.generation",
    "compare_text": "rnnlab.generation",
    "feed_back": "rnnlab.generation",
    "fit": "rnnlab.notebook",
    "forget_gate_memory": "rnnlab.inspection",
    "from_flat": "rnnlab.config",
    "from_json": "rnnlab.config",
    "generate_series": "rnnlab.generation",
    "generate_series_batch": "rnnlab.generation",
    "generate_tokens": "rnnlab.generation",
    "generate_tokens_batch": "rnnlab.generation",
    "lines_figure": "rnnlab.notebook",
    "load_dataset": "rnnlab.data",
    "memory_kept": "rnnlab.inspection",
    "memory_kept_figure": "rnnlab.notebook",
    "open_group": "rnnlab.notebook",
    "open_run": "rnnlab.notebook",
    "own_series": "rnnlab.notebook",
    "own_text": "rnnlab.notebook",
    "predict_teacher_forced": "rnnlab.generation",
    "preset": "rnnlab.presets",
    "runs": "rnnlab.notebook",
    "sequence_loss_by_example": "rnnlab.training",
    "sweep": "rnnlab.notebook",
    "tag_stretch": "rnnlab.generation",
    "to_json": "rnnlab.config",
}

__all__ = sorted(_HOMES)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        nearest = get_close_matches(name, __all__, n=1)
        advice = f"did you mean {nearest[0]}?" if nearest else "docs/library.md lists all names."
        raise UnknownName(f"rnnlab has no {name!r}; {advice}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]

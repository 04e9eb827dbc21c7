"""RNN Lab: see how recurrent networks learn, and what happens when a network listens to itself.

In a notebook:

    import rnnlab
    run = rnnlab.fit(rnnlab.preset("sine").experiment)
    comparison = rnnlab.compare_series(run.network, run.experiment.data, prime=50, horizon=500)
    comparison.free_running_rmse

The names are loaded when they are first used: the app's pages import this package and must not load TensorFlow.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

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
    "carry_against_reset": "rnnlab.inspection",
    "compare_series": "rnnlab.generation",
    "compare_text": "rnnlab.generation",
    "feed_back": "rnnlab.generation",
    "fit": "rnnlab.training",
    "forget_gate_memory": "rnnlab.inspection",
    "from_flat": "rnnlab.config",
    "from_json": "rnnlab.config",
    "generate_series": "rnnlab.generation",
    "generate_series_batch": "rnnlab.generation",
    "generate_tokens": "rnnlab.generation",
    "generate_tokens_batch": "rnnlab.generation",
    "load_dataset": "rnnlab.data",
    "memory_kept": "rnnlab.inspection",
    "predict_teacher_forced": "rnnlab.generation",
    "preset": "rnnlab.presets",
    "sequence_loss_by_example": "rnnlab.training",
    "sweep": "rnnlab.training",
    "tag_stretch": "rnnlab.generation",
    "to_json": "rnnlab.config",
}

__all__ = sorted(_HOMES)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]

"""The lab in a notebook: fit, watch, compare, save and open runs. Each result shows itself."""

from rnnlab.notebook.drawing import carried_state_figure, lines_figure, memory_kept_figure
from rnnlab.notebook.fitting import fit, open_run, runs
from rnnlab.notebook.groups import RunGroup, open_group, sweep
from rnnlab.notebook.own_data import OwnData, own_series, own_text
from rnnlab.notebook.run import TrainedRun

__all__ = [
    "OwnData",
    "RunGroup",
    "TrainedRun",
    "carried_state_figure",
    "fit",
    "lines_figure",
    "memory_kept_figure",
    "open_group",
    "open_run",
    "own_series",
    "own_text",
    "runs",
    "sweep",
]

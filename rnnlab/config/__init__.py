"""Every setting that decides a result, declared once.

    Experiment(data=SineData | SeriesData | TextData | MemoryData, model=ModelConfig, training=TrainingConfig, seed)

Each field carries its default, range, help and source. From this one table come the widgets, the JSON, the shareable
URL, the command line's options and their check: a value from any of them meets the same sentence.
"""

from rnnlab.config.cells import CELL_KINDS, CellKind
from rnnlab.config.corpora import CORPORA, OWN_FILE, UPLOAD, CorpusKind
from rnnlab.config.data_settings import (
    DATA_KINDS,
    PROBLEMS,
    DataSettings,
    MemoryData,
    SeriesData,
    SineData,
    TextData,
)
from rnnlab.config.experiment import MOST_STATIC_STEPS, Experiment
from rnnlab.config.flat import (
    all_settings,
    changes,
    check_belongs,
    decided,
    default_of,
    from_flat,
    from_form,
    from_json,
    nearest_setting,
    overruled,
    parse_kind,
    parse_setting,
    to_flat,
    to_json,
    unknown_setting,
)
from rnnlab.config.limits import check_limits, machine_limit
from rnnlab.config.model_settings import ModelConfig
from rnnlab.config.relevance import WINDOW, why_unused
from rnnlab.config.sweep import Sweep
from rnnlab.config.table import InvalidSetting, Play, Setting, check, counted, settings_of, shown
from rnnlab.config.tasks import (
    ADDING,
    CONTINUE_SERIES,
    CONTINUE_TEXT,
    LABEL_NUMBERS,
    LABEL_PEAKS,
    LAZY_ERROR,
    RECALL,
    SYMBOLS,
    TASKS,
    Task,
)
from rnnlab.config.training_settings import TrainingConfig

__all__ = [
    "ADDING",
    "CELL_KINDS",
    "CONTINUE_SERIES",
    "CONTINUE_TEXT",
    "CORPORA",
    "DATA_KINDS",
    "LABEL_NUMBERS",
    "LABEL_PEAKS",
    "LAZY_ERROR",
    "MOST_STATIC_STEPS",
    "OWN_FILE",
    "PROBLEMS",
    "RECALL",
    "SYMBOLS",
    "TASKS",
    "UPLOAD",
    "WINDOW",
    "CellKind",
    "CorpusKind",
    "DataSettings",
    "Experiment",
    "InvalidSetting",
    "MemoryData",
    "ModelConfig",
    "Play",
    "SeriesData",
    "Setting",
    "SineData",
    "Sweep",
    "Task",
    "TextData",
    "TrainingConfig",
    "all_settings",
    "changes",
    "check",
    "check_belongs",
    "check_limits",
    "counted",
    "decided",
    "default_of",
    "from_flat",
    "from_form",
    "from_json",
    "machine_limit",
    "nearest_setting",
    "overruled",
    "parse_kind",
    "parse_setting",
    "settings_of",
    "shown",
    "to_flat",
    "to_json",
    "unknown_setting",
    "why_unused",
]

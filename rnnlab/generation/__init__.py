"""Run a network two ways: on the data (teacher-forced) and on its own outputs (free-running)."""

from rnnlab.generation.comparison import SeriesComparison, TextComparison, compare_series, compare_text
from rnnlab.generation.free_running import generate_free_running, generate_series, generate_tokens
from rnnlab.generation.samples import sample_from
from rnnlab.generation.teacher_forced import predict_teacher_forced

__all__ = [
    "SeriesComparison",
    "TextComparison",
    "compare_series",
    "compare_text",
    "generate_free_running",
    "generate_series",
    "generate_tokens",
    "predict_teacher_forced",
    "sample_from",
]

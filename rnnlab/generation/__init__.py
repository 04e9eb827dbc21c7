"""Run a network two ways: on the data (teacher-forced) and on its own outputs (free-running), rightly and wrongly."""

from rnnlab.generation.comparison import (
    SeriesComparison,
    TextComparison,
    compare_series,
    compare_text,
    predict_passage,
    read_passage,
)
from rnnlab.generation.cost import GenerationCost, measure_cost
from rnnlab.generation.feeding import feed_back, steps_needed
from rnnlab.generation.free_running import (
    generate_free_running,
    generate_series,
    generate_series_batch,
    generate_tokens,
    generate_tokens_batch,
)
from rnnlab.generation.samples import sample_from, tags_of
from rnnlab.generation.tagging import Tagged, tag_stretch
from rnnlab.generation.teacher_forced import predict_teacher_forced

__all__ = [
    "GenerationCost",
    "SeriesComparison",
    "Tagged",
    "TextComparison",
    "compare_series",
    "compare_text",
    "feed_back",
    "generate_free_running",
    "generate_series",
    "generate_series_batch",
    "generate_tokens",
    "generate_tokens_batch",
    "measure_cost",
    "predict_passage",
    "predict_teacher_forced",
    "read_passage",
    "sample_from",
    "steps_needed",
    "tag_stretch",
    "tags_of",
]

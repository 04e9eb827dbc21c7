"""What was really measured and is shown: full runs, costs of unrolling, the carried state; published perplexities."""

from rnnlab.recorded.runs import (
    PUBLISHED,
    Published,
    RecordedEpoch,
    RecordedRun,
    from_json,
    published_like,
    recorded_like,
    recorded_runs,
    to_json,
)

__all__ = [
    "PUBLISHED",
    "Published",
    "RecordedEpoch",
    "RecordedRun",
    "from_json",
    "published_like",
    "recorded_like",
    "recorded_runs",
    "to_json",
]

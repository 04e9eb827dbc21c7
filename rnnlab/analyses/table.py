"""Every question that may be asked of a trained network, by its name."""

from __future__ import annotations

from collections.abc import Callable

from rnnlab.analyses.cost import generation_cost
from rnnlab.analyses.series import compare_series
from rnnlab.analyses.tags import tags_of_stretch
from rnnlab.analyses.text import compare_text, sample_text
from rnnlab.analyses.trained import View

VIEWS: dict[str, Callable[..., View]] = {
    f.__name__: f for f in (compare_series, generation_cost, compare_text, sample_text, tags_of_stretch)
}

"""What a network that labels each step says."""

from __future__ import annotations

from rnnlab.analyses.trained import TrainedNetwork, View


def tags_of_stretch(trained: TrainedNetwork, start: int = 0, length: int = 0) -> View:
    """What a tagging network says of a stretch of the validation part; see `rnnlab.generation.tags_of`."""
    from rnnlab import generation

    return generation.tags_of(trained.network, trained.dataset, start, length)

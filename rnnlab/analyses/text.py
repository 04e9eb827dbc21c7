"""A text, predicted and continued."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlab.analyses.trained import TrainedNetwork, View


def compare_text(trained: TrainedNetwork, start: int = 0, prime: int = 10, **passage: Any) -> View:
    """A passage predicted token by token, and continued freely; see `rnnlab.generation.TextComparison`.

    Args:
        start, prime: of the passage; a short validation text has both cut to what it has, as sliders know nothing of
            its length.
        passage: horizon, temperature, seed, top.
    Returns:
        The comparison, its perplexity and probabilities, the `start` that was taken, and the `length` of the text.
    """
    from rnnlab import generation

    _check_text(trained)
    length = len(trained.dataset.valid)
    prime = min(prime, length - 1)
    start = min(start, length - prime - 1)
    comparison = generation.compare_text(trained.network, trained.dataset, start, prime, **passage)
    measured = {"perplexity": comparison.perplexity, "true_probabilities": comparison.true_probabilities}
    return vars(comparison) | measured | {"start": start, "length": length}


def sample_text(
    trained: TrainedNetwork, prime: str = "", horizon: int = 100, temperature: float = 1.0, seed: int = 0
) -> View:
    """Text that the network writes on its own after a prime; without one it begins a sentence.

    Returns:
        `prime` and `text`, each a string.
    """
    from rnnlab import generation

    _check_text(trained)
    vocabulary = trained.dataset.vocabulary
    start = [vocabulary.index("<eos>") if "<eos>" in vocabulary else 0]
    tokens = trained.dataset.encode(prime) if prime.strip() else np.array(start)
    generated = generation.generate_tokens(trained.network, tokens[None], horizon, temperature, seed)
    return {"prime": trained.dataset.decode(tokens), "text": trained.dataset.decode(generated[0])}


def _check_text(trained: TrainedNetwork) -> None:
    if not trained.experiment.task.reads_tokens:
        raise ValueError("This run was trained on a wave, and text was asked for; please compare its series.")

"""A short look at what a network generates on its own: what the live panel shows beside the loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlab.data import Dataset
from rnnlab.generation.free_running import generate_series, generate_tokens
from rnnlab.models import Network

PRIME = 50
SERIES_HORIZON = 200
TEXT_HORIZON = 40


def sample_from(network: Network, dataset: Dataset, seed: int = 0) -> dict[str, Any]:
    """Generate from the start of the training data, JSON-able.

    Args:
        network: of the dataset's kind.
        dataset: gives the prime: the first 50 values of a series, or the end of a sentence.
        seed: decides which words are drawn.
    Returns:
        `kind`, `series` or `text`. For a series `prime`, the values that were read, and `values`, SERIES_HORIZON
        generated numbers after them, None where one is not finite; for text `tokens`, TEXT_HORIZON generated words.
    """
    if network.is_text:
        start = dataset.vocabulary.index("<eos>") if "<eos>" in dataset.vocabulary else 0
        tokens = generate_tokens(network, np.array([[start]]), TEXT_HORIZON, temperature=1.0, seed=seed)
        return {"kind": "text", "tokens": [dataset.vocabulary[token] for token in tokens[0]]}
    wave = dataset.streams("train", 1).inputs
    prime = wave[:, : min(PRIME, wave.shape[1])]
    values = generate_series(network, prime, SERIES_HORIZON)
    return {"kind": "series", "prime": prime[0, :, 0].tolist(), "values": [_finite(v) for v in values[0, :, 0]]}


def _finite(value: float) -> float | None:
    """JSON has no word for infinity; a network that ran away leaves a gap."""
    return float(value) if np.isfinite(value) else None

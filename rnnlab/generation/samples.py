"""A short look at what a network generates on its own: what the live panel shows beside the loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlab.data import Dataset
from rnnlab.generation.free_running import generate_series, generate_tokens
from rnnlab.generation.tagging import tag_stretch
from rnnlab.models import Network

PRIME = 50
SERIES_HORIZON = 200
TEXT_HORIZON = 40
TAGGED_STEPS = {True: 40, False: 200}
"""Steps of text, and of a series."""


def sample_from(network: Network, dataset: Dataset, seed: int = 0) -> dict[str, Any]:
    """Generate from the start of the training data, JSON-able.

    Args:
        network: of the dataset's kind.
        dataset: gives the prime: the first 50 values of a series, or the end of a sentence.
        seed: decides which words are drawn.
    Returns:
        `kind`, `series`, `text` or `tags`. For a series `prime`, the values that were read, and `values`,
        SERIES_HORIZON generated numbers after them, None where one is not finite, and `error`, their root mean squared
        error, None if it is not finite or the training part is too short for it; for text `tokens`, TEXT_HORIZON
        generated words; for a tagging network `inputs`, the values or words that it read, `truth`, the number of each
        one's right tag (-1: unknown), and `probabilities`, a list of one number for each tag. A series is in the units
        of the data. One of one's own also has `target`: its true values from the start of the prime on, as far as they
        go.
    """
    if network.tags:
        return tags_of(network, dataset)
    if network.reads_tokens:
        start = dataset.vocabulary.index("<eos>") if "<eos>" in dataset.vocabulary else 0
        tokens = generate_tokens(network, np.array([[start]]), TEXT_HORIZON, seed=seed)
        return {"kind": "text", "tokens": [dataset.vocabulary[token] for token in tokens[0]]}
    wave = dataset.streams("train", 1).inputs
    prime = wave[:, : min(PRIME, wave.shape[1])]
    values = generate_series(network, prime, SERIES_HORIZON)
    scale = dataset.scale
    generated = scale.undo(values[0, :, 0])
    content = {
        "kind": "series",
        "prime": scale.undo(prime[0, :, 0]).tolist(),
        "values": [_finite(value) for value in generated],
        "error": _error(generated, scale.undo(wave[0, prime.shape[1] :, 0])),
    }
    if dataset.understood:
        known = np.concatenate([dataset.train, dataset.valid, dataset.test])
        content["target"] = scale.undo(known[: prime.shape[1] + SERIES_HORIZON]).tolist()
    return content


def _error(values: np.ndarray, truth: np.ndarray) -> float | None:
    if len(truth) < len(values):
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        return _finite(float(np.sqrt(np.mean((values - truth[: len(values)]) ** 2))))


def tags_of(network: Network, dataset: Dataset, start: int = 0, length: int = 0) -> dict[str, Any]:
    """What a tagging network says of a stretch of the validation part, JSON-able; see `sample_from`.

    Args:
        start, length: of the stretch; a length of 0 takes as much as is easily looked at.
    """
    tagged = tag_stretch(network, dataset, start, length or TAGGED_STEPS[dataset.has_tokens])
    words = [dataset.vocabulary[token] for token in tagged.inputs] if dataset.has_tokens else tagged.inputs.tolist()
    probabilities = [[_finite(p) for p in step] for step in tagged.probabilities]
    return {"kind": "tags", "inputs": words, "truth": tagged.truth.tolist(), "probabilities": probabilities}


def _finite(value: float) -> float | None:
    """JSON has no word for infinity; a network that ran away leaves a gap."""
    return float(value) if np.isfinite(value) else None

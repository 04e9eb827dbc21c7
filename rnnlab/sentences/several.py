"""What to say of several networks over one truth: numbers by their names in, words out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rnnlab.formulas import perplexity
from rnnlab.sentences.series import size

CLEARLY = 0.5
"""Nats from which one word is told to be less surprising to one network than to another: a factor of 1.6."""


def free_runs_sentence(errors: Mapping[str, float], horizon: int) -> str:
    """Which network continues the series best, and which worst.

    Args:
        errors: of the free runs (RMSE), by the name of the network; at least two.
        horizon: steps of the free runs.
    """
    best, worst = _ends(errors)
    return (
        f"Smallest error of the free runs over {horizon:,} steps (RMSE): {best}, {size(errors[best])}. "
        f"Largest: {worst}, {size(errors[worst])}."
    )


def passage_sentence(words: Sequence[str], surprises: Mapping[str, np.ndarray], noun: str) -> str:
    """How well each network predicts one passage, and the word on which the best and the worst differ most.

    Args:
        words: the N tokens of the passage.
        surprises: of each token in nats, float (N,), by the name of the network; at least two.
        noun: what a token is called.
    """
    found = {name: perplexity(float(np.mean(values))) for name, values in surprises.items()}
    best, worst = _ends(found)
    listed = "; ".join(f"{name}, {found[name]:.4g}" for name in sorted(found, key=lambda name: found[name]))
    sentence = f"Perplexity on these {len(words)} {noun}s: {listed}."
    gains = surprises[worst] - surprises[best]
    if np.max(gains) < CLEARLY:
        return sentence
    at = int(np.argmax(gains))
    return (
        f"{sentence} They differ most at the {noun} “{words[at]}”: {surprises[best][at]:.2f} nats for {best}, and "
        f"{surprises[worst][at]:.2f} for {worst}."
    )


def recall_sentence(accuracies: Mapping[str, float], time_lag: int, chance: float) -> str:
    """Which networks answer right at the time lag that they were trained for.

    Args:
        accuracies: share of right answers, by the name of the network; at least two.
        time_lag: blanks.
        chance: accuracy of a guess.
    """
    listed = "; ".join(f"{name}, {accuracy:.0%}" for name, accuracy in accuracies.items())
    return f"Right answers after {time_lag} blanks: {listed}. A guess is right in {chance:.0%} of all cases."


def _ends(values: Mapping[str, float]) -> tuple[str, str]:
    """The names of the smallest and of the largest value; what is no number counts as the largest."""
    order = sorted(values, key=lambda name: values[name] if np.isfinite(values[name]) else np.inf)
    return order[0], order[-1]

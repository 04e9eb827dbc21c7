"""How a text was predicted and written, in words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np


def passage_verdict(words: Sequence[str], surprises: np.ndarray, noun: str) -> str:
    """How uncertain the network was over a passage, and where most.

    Args:
        words: the T tokens as they are shown, at least one.
        surprises: float (T,), in nats.
        noun: what a token is called, `word` or `character`.
    """
    perplexity = float(np.exp(np.mean(surprises, dtype="float64")))
    most = int(np.argmax(surprises))
    choices = f"{_amount(perplexity)} equally likely {noun}s"
    return (
        f"Over {_counted(len(words), noun)} its perplexity is {_amount(perplexity)}, as uncertain as a choice among "
        f"{choices}; the most surprising one is “{words[most]}”, with {nats(surprises[most])} nats."
    )


def word_sentence(word: str, surprise: float, rank: int, entropy: float, noun: str) -> str:
    """What the distribution at one position says of the token that came there.

    Args:
        word: the token as it is shown.
        surprise: in nats.
        rank: 1 for the most probable token.
        entropy: of the distribution, in nats.
        noun: what a token is called.
    """
    likely = f"the most probable {noun}" if rank == 1 else f"the {_ordinal(rank)} most probable {noun}"
    measured = f"its surprise is {nats(surprise)} nats, and {nats(entropy)} nats were to be expected here (the entropy)"
    return f"“{word}” is {likely}; {measured}."


def samples_sentence(samples: Sequence[Sequence[str]], temperatures: Sequence[float], noun: str) -> str:
    """What the temperature changes in samples of one length: how many different tokens there are.

    Args:
        samples: the tokens of each sample, in the order of rising temperatures.
        temperatures: of each.
        noun: what a token is called.
    """
    different = [len({*sample}) for sample in samples]
    told = ", ".join(f"{count} at {temperature:g}" for count, temperature in zip(different, temperatures, strict=True))
    if all(fewer < more for fewer, more in pairwise(different)):
        return f"The lower the temperature, the more it repeats itself. Different {noun}s of {len(samples[0])}: {told}."
    return f"Different {noun}s of {len(samples[0])}: {told}."


def unknown_sentence(unknown: Sequence[str], noun: str) -> str:
    """Which tokens of a beginning the network does not know.

    Args:
        unknown: at least one.
        noun: what a token is called.
    """
    named = ", ".join(f"“{word[:40]}”" for word in unknown[:5]) + (" and others" if len(unknown) > 5 else "")
    does = f"The {noun} {named} is" if len(unknown) == 1 else f"The {noun}s {named} are"
    return f"{does} not in the vocabulary; the network reads <unk> instead."


def nats(surprise: float) -> str:
    """A number of nats, short enough to stand beside a word."""
    return f"{max(0.0, surprise):.1f}" if np.isfinite(surprise) else "∞"


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def _counted(number: int, noun: str) -> str:
    return f"this {noun}" if number == 1 else f"these {number} {noun}s"


def _amount(number: float) -> str:
    if not np.isfinite(number):
        return "∞"
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"

"""What to look at in the figures of a dataset, in words. Texts may be Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rnnlab.config import counted

RARE = 10
"""A token that occurs less often than this is called rare."""


def wave_sentence(steps: int, period: float | None) -> str:
    """How much of a wave the training part shows.

    Args:
        steps: time steps of the training part.
        period: steps until the wave repeats; None for one that never does.
    """
    shown = (
        f"The {steps:,} training steps show a wave that never repeats"
        if period is None
        else f"The {steps:,} training steps show {steps / period:,.1f} periods of {period:,.1f} steps each"
    )
    return f"{shown}; the validation part continues the wave where they end."


def points_sentence(points: int) -> str:
    """Why a part of a wave has one point more than it has steps."""
    return f"{points:,} points make {points - 1:,} steps, because the last step needs one more point as its target."


def scaling_sentence(mean: float, std: float) -> str:
    """How a series of one's own is scaled, and where its own units are shown.

    Args:
        mean, std: of the training part, in the units of the series.
    """
    return (
        f"The network reads each value minus {_plain(mean)}, divided by {_plain(std)}: mean and standard deviation of "
        "the training part. The loss is measured in these scaled numbers: always answering the mean has a loss of 1 in "
        "training. Figures and other errors are in the units of the file."
    )


def _plain(number: float) -> str:
    """A number to six digits, without an exponent where it is not too long."""
    return f"{float(f'{number:.6g}'):,.0f}" if 1e5 <= abs(number) < 1e12 else f"{number:.6g}"


def noise_sentence(noise: float) -> str:
    """What noise means for the loss of a network that predicts the next value.

    Args:
        noise: its standard deviation, > 0.
    """
    return f"Nobody can predict the noise, so only chance takes the validation loss below its variance, {noise**2:.3g}."


def inputs_targets_sentence(inputs: np.ndarray, targets: np.ndarray) -> str:
    """What a network that predicts a series has to do, and the error of a lazy answer.

    Args:
        inputs: (T,), T >= 2.
        targets: (T,), what it should answer at the same steps.
    """
    if not np.any(inputs):
        return "Every input is 0, so the network never sees the wave; it can only count the steps."
    if np.array_equal(targets[:-1], inputs[1:]):
        lazy = float(np.sqrt(np.mean((targets - inputs) ** 2)))
        return (
            f"Each target is the next input; a network that only repeats its input has an error of {lazy:.2g} (RMSE), "
            "and a useful network has a smaller one."
        )
    if np.array_equal(targets[1:], inputs[:-1]):
        return "Each target is the input of the step before, so the network need only remember; it predicts nothing."
    return "The target at each step is what the network should answer after it has read the input."


def labels_sentence(labels: np.ndarray, is_one: str) -> str:
    """How often a label of 1 stands among the targets.

    Args:
        labels: (T,), 0 or 1 each.
        is_one: what a 1 means, such as `a peak`.
    """
    ones = int(np.count_nonzero(labels == 1))
    return (
        f"The target is 1 at {is_one} and 0 elsewhere; {ones:,} of the {len(labels):,} steps have a 1. So a network "
        f"that always answers 0 is right in {1 - ones / len(labels):.0%} of the steps."
    )


def frequent_words_sentence(word: str, count: int, total: int, noun: str) -> str:
    """How far the simplest guess gets.

    Args:
        word: the most frequent token, as Markdown shows it.
        count: how often it occurs.
        total: tokens of the text.
        noun: what a token is called, `word` or `character`.
    """
    return f"Always predicting the most frequent {noun}, {word}, would be right in {count / total:.1%} of the cases."


def rank_frequency_sentence(counts: np.ndarray, noun: str) -> str:
    """How uneven the frequencies are.

    Args:
        counts: (N,), how often each token occurs, falling, N >= 1.
        noun: what a token is called, `word` or `character`.
    """
    half = int(np.searchsorted(np.cumsum(counts), counts.sum() / 2)) + 1
    rare = int(np.count_nonzero(counts < RARE))
    uneven = f"The {counted(half, noun)} at the left {'makes' if half == 1 else 'make'} up half of the text"
    return f"{uneven}, and {f'{rare:,}' if rare else 'none'} of the {len(counts):,} occur fewer than {RARE} times."


def marks_sentence(meanings: Mapping[str, str], vocabulary: Sequence[str]) -> str:
    """What the tokens stand for that are not words of the text; empty if there are none.

    Args:
        meanings: such as `{"N": "a number"}`.
        vocabulary: only tokens that are in it are explained.
    """
    known = set(vocabulary)
    parts = [f"`{token}` stands for {meaning}" for token, meaning in meanings.items() if token in known]
    *others, last = parts or [""]
    return (f"{', '.join(others)}, and {last}." if others else f"{last}.") if last else ""


def minibatches_sentence(points: int, noun: str, batch_size: int, length: int, windows: int, num_steps: int) -> str:
    """The arithmetic of cutting a sequence into streams and windows.

    Args:
        points: length of the whole sequence.
        noun: what one of them is called, in the plural.
        batch_size: streams.
        length: points of each stream.
        windows: minibatches of an epoch.
        num_steps: time steps of each window.
    """
    unused = points - batch_size * length
    if unused > 1:
        left_over = f" The last {unused:,} {noun} fill no stream."
    else:
        left_over = f" The last {noun.removesuffix('s')} fills no stream." if unused else ""
    return (
        f"The {points:,} {noun} are cut into **{counted(batch_size, 'stream')}** of {length:,}. An epoch reads them "
        f"in **{counted(windows, 'window')}** of {counted(num_steps, 'step')}.{left_over}"
    )


READING = (
    "In each cell, the target follows the small arrow. Each row continues where it ended in the previous window, so "
    "its state can be carried over."
)
"""How to read the drawing of the minibatches."""

READING_SEQUENCES = (
    "In each cell, the target follows the small arrow. Only the last step of a sequence has one. Each window is a "
    "sequence of its own, so no state is carried into it."
)
"""How to read the drawing of separate sequences."""

"""What to look at in the sequences of a memory task, and in a network's answers, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnlab.config import LAZY_ERROR, counted

LEARNED = 0.01
"""Mean squared error from which an answer is called a sum: off by 0.1 on average."""


def recall_sentence(symbols: int, time_lag: int) -> str:
    """What delayed recall asks for, and what a network without memory gets.

    Args:
        symbols: number of different symbols.
        time_lag: blanks between the symbol and the cue.
    """
    return (
        f"The network reads one of {symbols} symbols, then {time_lag:,} blanks, then the cue `?`. Only the answer at "
        f"the cue counts. A network that has forgotten the symbol can only guess: it is right in {1 / symbols:.1%} of "
        "the sequences."
    )


def adding_sentence(marked: Sequence[float], length: int) -> str:
    """What the adding problem asks for in one sequence, and the error of a network without memory.

    Args:
        marked: the two marked numbers.
        length: numbers of the sequence.
    """
    first, second = marked
    return (
        f"The network reads {length:,} numbers, each with its mark. Two are marked, here {first:.2f} and {second:.2f}. "
        f"At the last step it should answer their sum, {first + second:.2f}. Always answering 1.0 has a mean squared "
        f"error of 1/6 = {LAZY_ERROR:.3f}."
    )


def sequences_sentence(sequences: int, batch_size: int, length: int) -> str:
    """How separate sequences become minibatches.

    Args:
        sequences: of the training part.
        batch_size: streams.
        length: steps of each sequence.
    """
    each = sequences // batch_size
    unused = sequences - batch_size * each
    left_over = f" The last {unused:,} fill no stream." if unused else ""
    return (
        f"The {sequences:,} training sequences have {length:,} steps each. They are dealt to "
        f"**{counted(batch_size, 'stream')}**. Each window is one whole sequence, so an epoch has "
        f"**{counted(each, 'update')}**.{left_over} The state starts from zeros in every window."
    )


def recall_verdict(accuracy: float, symbols: int, time_lag: int) -> str:
    """How well the symbols are recalled.

    Args:
        accuracy: share of right answers, one sequence for each symbol.
        symbols: number of different symbols.
        time_lag: blanks between the symbol and the cue.
    """
    right = round(accuracy * symbols)
    judged = (
        ": its memory lasts"
        if right == symbols
        else ", which is no better than chance: it has forgotten the symbol"
        if right <= 1
        else ": it remembers some of them"
    )
    return f"After {time_lag:,} blanks, {right} of {symbols} symbols are recalled{judged}."


def lags_sentence(lags: Sequence[int], accuracies: np.ndarray, trained_lag: int) -> str:
    """For how long a network remembers that was trained at one time lag.

    Args:
        lags: ascending.
        accuracies: (lags,).
        trained_lag: of the training.
    """
    trained = f"The network was trained at a time lag of {trained_lag:,}."
    whole = [lag for lag, accuracy in zip(lags, accuracies, strict=True) if accuracy == 1]
    if not whole:
        return f"{trained} It recalls all symbols at no time lag."
    if any(lag < max(whole) for lag in lags if lag not in whole):
        named = (
            f"It recalls all symbols after {', '.join(f'{lag:,}' for lag in whole)} blanks, but not always after fewer."
        )
        return f"{trained} {named} It has learned these time lags, and not to wait for the cue."
    return f"{trained} It recalls all symbols at every tried time lag up to {max(whole):,}."


def adding_verdict(error: float) -> str:
    """How well two numbers are added.

    Args:
        error: mean squared error of the answers.
    """
    if not np.isfinite(error):
        return "The network's answers are not finite any more."
    judged = (
        "it has learned to add"
        if error < LEARNED
        else "its answers depend on the marked numbers, but not closely"
        if error < 0.9 * LAZY_ERROR
        else "that is no better than always answering 1.0"
    )
    return f"The mean squared error is {error:.2g}, and always answering 1.0 has {LAZY_ERROR:.3f}: {judged}."

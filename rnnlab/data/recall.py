"""Delayed recall: a symbol, T blanks, a cue. At the cue the network should answer the symbol.

    C · · · · · ?       T = 5; the answer is C

With T blanks there are only as many different sequences as symbols. So there is nothing to generalise, and a wrong
answer has one reason only: the memory did not last. An answer that does not depend on the symbol is right once in
`symbols` times, because the symbols are dealt from shuffled decks: every symbol comes once in each deck.

Source: Hochreiter and Schmidhuber 1997, experiment 2, without distractors.
"""

from __future__ import annotations

import numpy as np

from rnnlab.config import SYMBOLS, MemoryData
from rnnlab.data.sequences import Sequences

BLANK, CUE = "·", "?"


def tokens(data: MemoryData) -> tuple[str, ...]:
    """The token of each id: the symbols, the blank and the cue."""
    return (*SYMBOLS[: data.symbols], BLANK, CUE)


def sequences(data: MemoryData, count: int, random: np.random.Generator) -> Sequences:
    """Some sequences, their symbols in random order.

    Args:
        data: the number of symbols, and the time lag T.
        count: of sequences, >= 1.
        random: decides the order.
    Returns:
        int32 inputs (count, T + 2), and answers (count,): the number of each one's symbol.
    """
    decks = [random.permutation(data.symbols) for _ in range(-(-count // data.symbols))]
    return asked(data, np.concatenate(decks)[:count])


def asked(data: MemoryData, symbols: np.ndarray) -> Sequences:
    """One sequence for each of these symbols.

    Args:
        symbols: int (N,), the number of each symbol.
    """
    inputs = np.full((len(symbols), data.length), data.symbols, np.int32)  # The blank comes after the symbols.
    inputs[:, 0] = symbols
    inputs[:, -1] = data.symbols + 1
    return Sequences(inputs, symbols.astype(np.int32))

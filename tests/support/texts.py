"""Texts whose held-out parts are short: to read all of them takes many times as long as what a test trains."""

from __future__ import annotations

import dataclasses

from rnnlab.config import TextData
from rnnlab.data import Dataset, load_dataset


def held_out_cut(data: TextData, seed: int = 0, tokens: int = 1000) -> Dataset:
    """A text of which only the first tokens of the validation and test parts are left.

    Args:
        data, seed: as `load_dataset` has them.
        tokens: that are left of each.
    """
    whole = load_dataset(data, seed)
    return dataclasses.replace(whole, valid=whole.valid[:tokens], test=whole.test[:tokens])

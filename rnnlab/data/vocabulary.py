"""Text as tokens, and tokens as numbers, as in `ptb_word_lm`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import repeat

import numpy as np

from rnnlab.errors import LabError

EOS = "<eos>"
"""The token that stands for a newline: the end of a sentence."""

UNK = "<unk>"
"""The token that stands for every word outside the vocabulary."""

NUMBER = "N"
"""What Mikolov's preparation of the Penn Treebank writes for every number."""

PLACEHOLDERS = {"words": (UNK, NUMBER, EOS), "characters": (UNK, EOS)}
"""Tokens that stand for something else than they spell, by what a text is cut into. N is a letter among characters."""


def tokenize(text: str, tokens: str = "words") -> list[str]:
    """Cut a text into words at white space, or into characters; a newline becomes `<eos>` either way.

    Args:
        text: the whole text.
        tokens: `words` or `characters`.
    Source: reader._read_words of ptb_word_lm.
    """
    if tokens == "characters":
        return [EOS if character == "\n" else character for character in text]
    return text.replace("\n", f" {EOS} ").split()


def join(tokens: Iterable[str], kind: str = "words") -> str:
    """The text that the tokens spell: `<eos>` is a newline again."""
    if kind == "characters":
        return "".join("\n" if token == EOS else token for token in tokens)
    lines = " ".join(tokens).split(EOS)
    return "\n".join(line.strip() for line in lines)


def build_vocabulary(train: Sequence[str], held_out: Iterable[str] = (), size: int | None = None) -> tuple[str, ...]:
    """The tokens that get a number, most frequent first. Equally frequent ones are in alphabetical order.

    Args:
        train: tokens of the training text; only these are counted.
        held_out: further tokens that will be encoded. If one of them is not in the training text, `<unk>` is kept to
            encode it.
        size: largest number of tokens, `<unk>` included, >= 2. The rarest tokens are left out. None keeps all.
    Returns:
        Tokens sorted by (-count, token). The number of a token is its position. Tokens left out count as `<unk>`.
    Source: reader._build_vocab of ptb_word_lm, which has no limit.
    """
    counts = Counter(train)
    ranked = _ranked(counts)
    kept = ranked[:size]
    if len(kept) == len(ranked) and set(held_out) <= counts.keys():
        return tuple(kept)
    if UNK not in kept:
        kept = ranked[: None if size is None else size - 1]
    remaining = {token: counts[token] for token in kept}
    remaining[UNK] = len(train) - sum(count for token, count in remaining.items() if token != UNK)
    return tuple(_ranked(remaining))


def visible(token: str) -> str:
    """A token as one can see it: what would be blank has a sign."""
    return {" ": "␣", "\t": "⇥", EOS: "⏎"}.get(token, token)


def encode(tokens: Sequence[str], vocabulary: Sequence[str]) -> np.ndarray:
    """The numbers of the tokens.

    Args:
        tokens: N tokens.
        vocabulary: token of each number.
    Returns:
        int32 (N,), unknown tokens as `<unk>`.
    Raises:
        ValueError: a token is not in the vocabulary and neither is `<unk>`; the message names the token.
    """
    numbers = {token: number for number, token in enumerate(vocabulary)}
    ids = np.fromiter(map(numbers.get, tokens, repeat(numbers.get(UNK, -1))), np.int32, len(tokens))
    if len(ids) and ids.min() < 0:
        unknown = tokens[int(np.argmin(ids))]
        raise LabError(
            f"{unknown[:40]!r} is not one of the {len(vocabulary)} tokens of this text, and it has no {UNK}; take a "
            "token that occurs in it."
        )
    return ids


def decode(ids: Iterable[int], vocabulary: Sequence[str]) -> list[str]:
    """The tokens with these numbers."""
    return [vocabulary[number] for number in ids]


def _ranked(counts: dict[str, int]) -> list[str]:
    return sorted(counts, key=lambda token: (-counts[token], token))

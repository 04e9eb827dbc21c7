"""Properties of a text that a unit could know: two classes, and which of them each token is in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rnnlab.data import grammar
from rnnlab.data.agreement import NOTHING, waiting_nouns
from rnnlab.data.vocabulary import EOS

UNLABELLED = -1
"""In place of a class where a token is in none of the two. Such tokens do not count."""

LATE = 10
"""Tokens of a sentence from which on it is called long."""


@dataclass(frozen=True)
class Property:
    """What a unit could know.

    Attributes:
        name: in links.
        title: as it is shown.
        question: what is asked of each token.
        classes: what the labels 0 and 1 mean.
        label: the labels, int8 (T,), of T tokens of the kind `words` or `characters`.
        tokens: the kinds that it suits.
        corpora: the corpora that it suits; () for any.
    """

    name: str
    title: str
    question: str
    classes: tuple[str, str]
    label: Callable[[Sequence[str], str], np.ndarray]
    tokens: tuple[str, ...] = ("words", "characters")
    corpora: tuple[str, ...] = ()

    def suits(self, corpus: str, kind: str) -> bool:
        """Whether a text of this corpus and this kind of tokens has the property."""
        return kind in self.tokens and (not self.corpora or corpus in self.corpora)


def number(tokens: Sequence[str], kind: str) -> np.ndarray:
    """Whether the noun that waits for its verb is singular (0) or plural (1), see `rnnlab.data.agreement`.

    In characters, a word counts once its last letter is known: from the blank after it.
    """
    if kind == "words":
        return _number_of_words(tokens)
    words, ends = _words_of(tokens)
    labels = np.append(UNLABELLED, _number_of_words(words)).astype("int8")
    return labels[np.searchsorted(ends, np.arange(len(tokens)), side="right")]


def _number_of_words(words: Sequence[str]) -> np.ndarray:
    plural = np.array([grammar.number_of(word) == "plural" for word in words], "int8")
    waiting = waiting_nouns(words)
    return np.where(waiting == NOTHING, UNLABELLED, plural[waiting]).astype("int8")


def _words_of(characters: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """The words that characters spell, `<eos>` included, and the position at which each is complete: int64 (N,)."""
    words, ends, letters = [], [], []
    for position, character in enumerate(characters):
        if character not in (" ", EOS):
            letters.append(character)
            continue
        if letters:
            words.append("".join(letters))
            ends.append(position)
            letters = []
        if character == EOS:
            words.append(EOS)
            ends.append(position)
    return words, np.array(ends, "int64")


def quoted(tokens: Sequence[str], _kind: str) -> np.ndarray:
    """Whether each character stands between double quotation marks (1) or not (0); a line that ends closes them."""
    labels, is_open = np.zeros(len(tokens), "int8"), False
    for position, token in enumerate(tokens):
        if token == '"':
            is_open = not is_open
        elif token == EOS:
            is_open = False
        labels[position] = is_open
    return labels


def late(tokens: Sequence[str], _kind: str) -> np.ndarray:
    """Whether at least `LATE` words were read since the sentence began (1) or fewer (0)."""
    labels, read = np.zeros(len(tokens), "int8"), 0
    for position, token in enumerate(tokens):
        read = 0 if token == EOS else read + 1
        labels[position] = read >= LATE
    return labels


def in_word(tokens: Sequence[str], _kind: str) -> np.ndarray:
    """Whether at least four letters of the present word were read (1) or fewer (0)."""
    labels, read = np.zeros(len(tokens), "int8"), 0
    for position, token in enumerate(tokens):
        read = read + 1 if token.isalpha() else 0
        labels[position] = read >= 4
    return labels


PROPERTIES = {
    each.name: each
    for each in (
        Property(
            name="number",
            title="Singular or plural",
            question="Is the noun that waits for its verb singular or plural?",
            classes=("singular", "plural"),
            label=number,
            corpora=("grammar",),
        ),
        Property(
            name="late",
            title="A long sentence",
            question=f"Were at least {LATE} words read since the sentence began?",
            classes=("early in the sentence", "late in the sentence"),
            label=late,
            tokens=("words",),
        ),
        Property(
            name="in_word",
            title="Inside a word",
            question="Were at least four letters of the word read?",
            classes=("early in a word", "late in a word"),
            label=in_word,
            tokens=("characters",),
        ),
        Property(
            name="quoted",
            title="Quotation marks",
            question="Does the character stand between double quotation marks?",
            classes=("outside quotation marks", "inside quotation marks"),
            label=quoted,
            tokens=("characters",),
        ),
    )
}
"""Every property by its name. The first that suits a text is shown first."""


def properties_of(corpus: str, kind: str) -> tuple[Property, ...]:
    """The properties that suit a text, see `Property.suits`."""
    return tuple(one for one in PROPERTIES.values() if one.suits(corpus, kind))

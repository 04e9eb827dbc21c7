"""Which noun each verb of the built-in grammar agrees with.

    the teacher that the dogs near every farmer follow laughs
        0            1                          1      0

Nouns wait for their verbs on a stack: the last one that began to wait is the first to get its verb. A noun after a
preposition or after a transitive verb does not wait, except where a clause that begins with `that` is about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from rnnlab.data import grammar
from rnnlab.data.vocabulary import EOS

NOUN, VERB = ("Noun",), ("Intransitive", "Transitive", "Be")
"""Parts of speech, as `grammar.number_of` takes them."""

NOTHING = -1
"""In place of a position where there is none."""


def agreements(words: Sequence[str]) -> list[tuple[int, int]]:
    """The positions of each verb's noun and of the verb, in the order of the verbs.

    Args:
        words: whole sentences of the grammar, each ending with `<eos>`. A sentence that is not complete, or has a word
            that the grammar lacks, gives no pairs.
    """
    waiting = waiting_nouns(words)
    return [
        (int(waiting[verb - 1]), verb)
        for verb in range(1, len(words))
        if waiting[verb - 1] != NOTHING and grammar.number_of(words[verb], VERB)
    ]


def waiting_nouns(words: Sequence[str]) -> np.ndarray:
    """After each word, the position of the noun whose verb is to come next; see `agreements` for the words.

    Returns:
        int64 (T,); NOTHING where no noun waits, and in a sentence that cannot be understood.
    """
    found = np.full(len(words), NOTHING, "int64")
    for begin, end in _sentences(words):
        understood = _understood(words[begin:end])
        if understood is not None:
            found[begin:end] = np.where(understood == NOTHING, NOTHING, understood + begin)
    return found


def sentence_start(words: Sequence[str], position: int) -> int:
    """The position of the first word of the sentence in which a word stands."""
    return next((at + 1 for at in range(position - 1, -1, -1) if words[at] == EOS), 0)


def _sentences(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each sentence begins, and where its `<eos>` stands or the text ends."""
    begin = 0
    for position, word in enumerate([*words, EOS]):
        if word == EOS:
            yield begin, position
            begin = position + 1


def _understood(words: Sequence[str]) -> np.ndarray | None:
    """`waiting_nouns` of one sentence without its `<eos>`; None if it cannot be understood."""
    if not {*words} <= _words():
        return None
    stack: list[int] = []
    last, after = NOTHING, []
    is_subject = True  # The first noun of a sentence waits for a verb.
    for position, word in enumerate(words):
        if grammar.number_of(word, NOUN):
            last = position
            stack += [position] if is_subject else []
            is_subject = False
        elif word == "that":
            # Before a determiner, the clause has a noun of its own; otherwise it is about the last noun.
            is_subject = words[position + 1 : position + 2] != [] and words[position + 1] in _determiners()
            stack += [] if is_subject or last == NOTHING else [last]
        elif grammar.number_of(word, VERB):
            if not stack or grammar.number_of(words[stack[-1]]) != grammar.number_of(word):
                return None
            stack.pop()
        after.append(stack[-1] if stack else NOTHING)
    return np.array(after, "int64")


@cache
def _words() -> frozenset[str]:
    """Every word of the grammar."""
    return frozenset(
        part for rule in grammar.RULES.values() for _, parts in rule for part in parts if part not in grammar.RULES
    )


@cache
def _determiners() -> frozenset[str]:
    return frozenset(word for end in "sp" for _, (word,) in grammar.RULES[f"Determiner_{end}"])

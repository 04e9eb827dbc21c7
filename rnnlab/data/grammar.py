"""A probabilistic grammar that writes English-like sentences, and the lowest perplexity that a model can reach on them.

    the teacher that the dogs near every farmer follow laughs
        ^^^^^^^          ^^^^                   ^^^^^^ ^^^^^^
        |                 +---- plural ----------+      |
        +-------------------- singular -----------------+

A verb agrees with its noun, and there can be any number of words between them. So a network that remembers does better
than one that uses only the last few words.

The floor is exact. Every sentence has only one derivation. So the entropy of a sentence is the entropy of the choices
that made it: the sum over symbols of (expected uses of the symbol) x (entropy of its rule). Sentences are independent,
so earlier sentences do not help. Hence floor = exp(entropy of a sentence / expected tokens of a sentence).

There is only one derivation for four reasons. A noun phrase starts with a determiner: if a determiner follows `that`,
the relative clause is about the object, otherwise about the subject. A noun phrase has at most one phrase or clause
after its noun, so `near` and `that` always belong to the nearest noun. No verb has a phrase of its own. Singular and
plural words differ, except for `the`, where the noun decides.
"""

from __future__ import annotations

import math
import random
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import accumulate

import numpy as np

from rnnlab.data.corpus import Corpus

Rule = tuple[tuple[float, tuple[str, ...]], ...]
"""The choices for a symbol: probabilities that sum to 1, each with the symbols or words that replace the symbol."""

START = "Sentence"
CORPUS_SEED = 37
"""The same corpus for all runs: two seeds of an experiment differ in the network, not in the text.

The floor is a mean over all texts. By chance, 20,000 tokens can be 2 % easier, and a curve would cross the line. Among
the seeds 1 to 60, the three parts of this one are nearest to the floor, all within 0.1 %.
"""

TOKENS = (200_000, 20_000, 20_000)
"""Tokens of train, valid and test; each part ends with the sentence that reaches its number."""


def _words(text: str) -> Rule:
    """Words whose probabilities fall as 1 / rank, as word frequencies do (Zipf 1935)."""
    words = text.split()
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    return tuple((weight / sum(weights), (word,)) for weight, word in zip(weights, words, strict=True))


def _agreeing(number: str) -> dict[str, Rule]:
    """The rules that exist for the singular and for the plural."""
    noun_phrase, modifier, verb_phrase = f"NounPhrase_{number}", f"Modifier_{number}", f"VerbPhrase_{number}"
    return {
        noun_phrase: ((1.0, (f"Determiner_{number}", "Adjectives", f"Noun_{number}", modifier)),),
        modifier: ((0.5, ()), (0.2, ("Preposition", "NounPhrase")), (0.3, ("that", f"Clause_{number}"))),
        # Either the noun does it ("that chases the cat"), or it is done to it ("that the cats chase").
        f"Clause_{number}": ((0.6, (verb_phrase,)), (0.2, _object_clause("s")), (0.2, _object_clause("p"))),
        verb_phrase: ((0.8, (f"Verb_{number}",)), (0.2, ("Adverb", f"Verb_{number}"))),
        f"Verb_{number}": (
            (0.45, (f"Intransitive_{number}",)),
            (0.35, (f"Transitive_{number}", "NounPhrase")),
            (0.2, (f"Be_{number}", "Adjective")),
        ),
    }


def _object_clause(number: str) -> tuple[str, ...]:
    return (f"NounPhrase_{number}", f"Transitive_{number}")


RULES: dict[str, Rule] = {
    START: ((0.5, ("NounPhrase_s", "VerbPhrase_s")), (0.5, ("NounPhrase_p", "VerbPhrase_p"))),
    "NounPhrase": ((0.5, ("NounPhrase_s",)), (0.5, ("NounPhrase_p",))),
    **_agreeing("s"),
    **_agreeing("p"),
    "Adjectives": ((0.75, ()), (0.25, ("Adjective", "Adjectives"))),
    "Adjective": _words("small young tired happy clever quiet brave big"),
    "Adverb": _words("often never always really"),
    "Preposition": _words("near behind with beside"),
    "Determiner_s": _words("the a every this"),
    "Determiner_p": _words("the some many these"),
    "Noun_s": _words("dog teacher child cat farmer woman bird man student doctor horse mouse singer king sailor robot"),
    "Noun_p": _words(
        "dogs teachers children cats farmers women birds men students doctors horses mice singers kings sailors robots"
    ),
    "Intransitive_s": _words("sleeps laughs runs waits sings works falls dances"),
    "Intransitive_p": _words("sleep laugh run wait sing work fall dance"),
    "Transitive_s": _words("sees likes follows knows hears helps chases calls"),
    "Transitive_p": _words("see like follow know hear help chase call"),
    "Be_s": _words("is was"),
    "Be_p": _words("are were"),
}

NUMBERED = ("Determiner", "Noun", "Intransitive", "Transitive", "Be")
"""Parts of speech that have a singular and a plural."""


def _words_of(symbol: str) -> frozenset[str]:
    return frozenset(word for _, (word,) in RULES[symbol])


ADJECTIVES = _words_of("Adjective")
OPEN_DETERMINERS = _words_of("Determiner_s") & _words_of("Determiner_p")
"""Determiners of both singular and plural nouns."""


@cache
def number_of(word: str, parts: tuple[str, ...] = NUMBERED) -> str | None:
    """`singular` or `plural`, if the word itself shows its number and is one of these parts of speech; else None."""
    if word in OPEN_DETERMINERS:
        return None
    numbers = {"singular": "s", "plural": "p"}
    return next((n for n, end in numbers.items() if any(word in _words_of(f"{part}_{end}") for part in parts)), None)


@cache
def other_number(word: str) -> str | None:
    """The word in the other number, such as `dogs` for `dog`; None if the word does not show its number.

    A determiner has no other form: it is replaced by the equally frequent one, such as `some` for `a`.
    """
    if number_of(word) is None:
        return None
    pairs = [(f"{part}_{one}", f"{part}_{other}") for part in NUMBERED for one, other in ("sp", "ps")]
    return next(_word_beside(word, one, other) for one, other in pairs if word in _words_of(one))


def _word_beside(word: str, symbol: str, other: str) -> str:
    """The word of another symbol in the same place of its rule."""
    place = [found for _, (found,) in RULES[symbol]].index(word)
    return RULES[other][place][1][0]


# --- what is known about it ------------------------------------------------------------------------------------------


@cache
def floor_perplexity(tokens: str = "words") -> float:
    """The lowest perplexity per token, `<eos>` included, that any model can reach on average.

    Args:
        tokens: `words`, or `characters`: the same entropy spread over more tokens.
    """
    return math.exp(sentence_entropy() / expected_length(tokens))


def sentence_entropy() -> float:
    """Entropy of a sentence in nats: what even a model that knows the grammar must be surprised by."""
    return sum(uses * _entropy(RULES[symbol]) for symbol, uses in expected_uses().items())


def expected_length(tokens: str = "words") -> float:
    """Mean number of tokens of a sentence, `<eos>` included."""
    if tokens == "characters":  # the blank after each word, and for the last word the newline
        return _expected_sum(lambda word: len(word) + 1)
    return _expected_sum(lambda word: 1) + 1


@cache
def expected_uses() -> dict[str, float]:
    """How often each symbol is expanded in a sentence, on average.

    It solves u = start + M' u, where M[a, b] is the mean number of b in an expansion of a.
    """
    symbols = list(RULES)
    index = {symbol: number for number, symbol in enumerate(symbols)}
    means = np.zeros((len(symbols), len(symbols)))
    for symbol, rule in RULES.items():
        for probability, parts in rule:
            for part in parts:
                if part in index:
                    means[index[symbol], index[part]] += probability
    start = np.eye(len(symbols))[index[START]]
    return dict(zip(symbols, np.linalg.solve(np.eye(len(symbols)) - means.T, start).tolist(), strict=True))


def _entropy(rule: Rule) -> float:
    return -sum(probability * math.log(probability) for probability, _ in rule)


def _expected_sum(measure: Callable[[str], int]) -> float:
    """Mean over sentences of the sum of `measure(word)` over their words."""
    return sum(
        uses * probability * measure(part)
        for symbol, uses in expected_uses().items()
        for probability, parts in RULES[symbol]
        for part in parts
        if part not in RULES
    )


# --- sentences -------------------------------------------------------------------------------------------------------


@cache
def corpus() -> Corpus:
    """The three texts, the same on every machine."""
    sentences = sample_sentences(random.Random(CORPUS_SEED))
    return Corpus(*(_text(sentences, tokens) for tokens in TOKENS))


def sample_sentences(rng: random.Random) -> Iterator[list[str]]:
    """Sentences without end, each a list of words.

    Args:
        rng: Python's own generator: its `random()` is promised to stay the same in every version.
    """
    tables = {symbol: _table(rule) for symbol, rule in RULES.items()}
    while True:
        words, stack = [], [START]
        while stack:
            symbol = stack.pop()
            if symbol in tables:
                bounds, expansions = tables[symbol]
                stack.extend(expansions[bisect(bounds, rng.random())])
            else:
                words.append(symbol)
        yield words


def _table(rule: Rule) -> tuple[list[float], list[Sequence[str]]]:
    """Upper bounds of all expansions but the last, and the expansions, last symbol first for the stack."""
    bounds = list(accumulate(probability for probability, _ in rule))[:-1]
    return bounds, [parts[::-1] for _, parts in rule]


def _text(sentences: Iterator[list[str]], tokens: int) -> str:
    lines = []
    while tokens > 0:
        words = next(sentences)
        lines.append(" ".join(words) + "\n")
        tokens -= len(words) + 1
    return "".join(lines)

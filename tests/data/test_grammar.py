"""The grammar against a parser that knows nothing but its rules."""

import itertools
import math
import random
from functools import cache

import numpy as np
import pytest

from rnnlab.config import TextData
from rnnlab.data import load_dataset
from rnnlab.data.grammar import (
    RULES,
    START,
    TOKENS,
    corpus,
    expected_length,
    expected_uses,
    floor_perplexity,
    sample_sentences,
)

GRAMMAR = TextData(corpus="grammar")


@pytest.fixture(scope="module")
def sentences():
    return list(itertools.islice(sample_sentences(random.Random(17)), 2000))


def derivations(words):
    """(number of derivations, their total probability) of a sentence, by trying every rule at every place."""

    @cache
    def ends(symbol, start):  # {end: (count, probability)} of the symbol's readings from start
        if symbol not in RULES:
            return {start + 1: (1, 1.0)} if start < len(words) and words[start] == symbol else {}
        found = {}
        for probability, parts in RULES[symbol]:
            reached = {start: (1, probability)}
            for part in parts:
                reached = merged(
                    (end, (count * more, p * q))
                    for middle, (count, p) in reached.items()
                    for end, (more, q) in ends(part, middle).items()
                )
            found = merged([*found.items(), *reached.items()])
        return found

    def merged(readings):
        totals = {}
        for end, (count, probability) in readings:
            before = totals.get(end, (0, 0.0))
            totals[end] = (before[0] + count, before[1] + probability)
        return totals

    return ends(START, 0).get(len(words), (0, 0.0))


def test_rules_are_distributions_over_known_symbols():
    for symbol, rule in RULES.items():
        assert math.isclose(sum(probability for probability, _ in rule), 1), symbol
        assert all(probability > 0 for probability, _ in rule)
    used = {part for rule in RULES.values() for _, parts in rule for part in parts}
    assert set(RULES) <= used | {START}
    assert all(part in RULES or part.islower() for part in used)


def test_every_sentence_has_exactly_one_derivation(sentences):
    assert {derivations(tuple(words))[0] for words in sentences[:600]} == {1}


def test_the_parser_sees_ambiguity_and_nonsense():
    """The oracle itself can return something other than one."""
    assert derivations(("dog", "the", "sleeps"))[0] == 0
    assert derivations(("the", "dog", "sleep"))[0] == 0
    assert derivations(("the", "dog", "sleeps"))[0] == 1


def test_sampler_draws_a_sentence_as_often_as_the_rules_say():
    wanted = ("the", "dog", "sleeps")
    count = 60_000
    drawn = sum(tuple(words) == wanted for words in itertools.islice(sample_sentences(random.Random(5)), count))
    probability = derivations(wanted)[1]
    assert abs(drawn - count * probability) < 4 * math.sqrt(count * probability)


def test_floor_is_what_the_parsers_probabilities_say(sentences):
    """Mean of -log p(sentence) per token over samples, p from the parser: no formula of the grammar is used."""
    surprise = np.array([-math.log(derivations(tuple(words))[1]) for words in sentences])
    lengths = np.array([len(words) + 1 for words in sentences])  # with <eos>
    rate = surprise.sum() / lengths.sum()
    # Standard error of a ratio of means.
    error = (surprise - rate * lengths).std() / lengths.mean() / math.sqrt(len(lengths))
    assert error < 0.01
    assert abs(math.log(floor_perplexity()) - rate) < 4 * error


def test_the_corpus_is_as_surprising_as_the_floor_says():
    """Otherwise the curve of a good network could cross the floor because the text is easy by chance."""
    lines = [line.split() for line in corpus().valid.splitlines()]
    surprise = -sum(math.log(derivations(tuple(words))[1]) for words in lines)
    rate = surprise / sum(len(words) + 1 for words in lines)
    assert rate == pytest.approx(math.log(floor_perplexity()), abs=0.002)


def test_characters_share_the_same_entropy(sentences):
    words = sum(len(words) + 1 for words in sentences)
    characters = sum(len(" ".join(words)) + 1 for words in sentences)
    ratio = math.log(floor_perplexity("words")) / math.log(floor_perplexity("characters"))
    assert ratio == pytest.approx(characters / words, rel=0.01)
    assert expected_length("characters") / expected_length() == pytest.approx(characters / words, rel=0.01)


def test_expected_uses_satisfy_their_own_recursion():
    uses = expected_uses()
    for symbol in RULES:
        from_others = sum(
            uses[parent] * probability * parts.count(symbol)
            for parent, rule in RULES.items()
            for probability, parts in rule
        )
        assert uses[symbol] == pytest.approx(from_others + (symbol == START))


def test_mean_length(sentences):
    lengths = np.array([len(words) + 1 for words in sentences])
    assert abs(lengths.mean() - expected_length()) < 4 * lengths.std() / math.sqrt(len(lengths))


def test_unigram_model_is_far_above_the_floor():
    """The perplexity of a model without memory, measured on the corpus, is clearly above the floor."""
    dataset = load_dataset(GRAMMAR, 0)
    shares = np.bincount(dataset.train) / len(dataset.train)
    unigram = math.exp(-np.log(shares[dataset.valid]).mean())
    assert unigram > 3 * dataset.floor_perplexity


def test_nouns_of_both_numbers_compete_for_the_verb(sentences):
    """At least one sentence in ten cannot be finished by agreeing with any noun at all."""
    singular = {word for _, (word,) in RULES["Noun_s"]}
    plural = {word for _, (word,) in RULES["Noun_p"]}
    swapped = 0
    for words in sentences:
        numbers = [word in singular for word in words if word in singular | plural]
        swapped += len(set(numbers)) == 2
    assert swapped / len(sentences) > 0.1


def test_verbs_agree_across_what_stands_between():
    assert derivations(("the", "dog", "that", "many", "cats", "see", "sleeps"))[0] == 1
    assert derivations(("the", "dog", "that", "many", "cats", "see", "sleep"))[0] == 0
    assert derivations(("the", "dogs", "near", "a", "cat", "sleep"))[0] == 1
    assert derivations(("the", "dogs", "near", "a", "cat", "sleeps"))[0] == 0


def test_corpus_is_in_the_treebanks_format_and_size():
    for text, tokens in zip(corpus(), TOKENS, strict=True):
        assert text == text.lower()
        assert text.endswith("\n")
        longest = max(len(line.split()) for line in text.splitlines())
        assert tokens <= len(text.replace("\n", " <eos> ").split()) <= tokens + longest


def test_dataset_has_every_word_and_the_floor():
    dataset = load_dataset(GRAMMAR, 0)
    words = {part for rule in RULES.values() for _, parts in rule for part in parts} - set(RULES)
    assert set(dataset.vocabulary) == words | {"<eos>"}
    assert 60 <= len(dataset.vocabulary) <= 120
    assert dataset.floor_perplexity == floor_perplexity()
    assert load_dataset(TextData(corpus="grammar", tokens="characters"), 0).floor_perplexity == floor_perplexity(
        "characters"
    )


def test_no_floor_where_words_are_merged():
    dataset = load_dataset(TextData(corpus="grammar", vocabulary_size=50), 0)
    assert len(dataset.vocabulary) == 50
    assert dataset.floor_perplexity is None
    assert dataset.note == "vocabulary 50"


def test_seeds_of_experiments_share_one_corpus():
    np.testing.assert_array_equal(load_dataset(GRAMMAR, 1).train, load_dataset(GRAMMAR, 2).train)

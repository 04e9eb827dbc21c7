"""Sentences about a text that was predicted and written, for made-up words with a known answer."""

import numpy as np
import pytest

from rnnlab.sentences.text import nats, passage_verdict, samples_sentence, unknown_sentence, word_sentence


def test_the_verdict_is_the_perplexity_and_the_most_surprising_word():
    sentence = passage_verdict(["a", "zebra", "b"], np.log([2.0, 4.0, 1.0]), "word")
    assert "Over these 3 words its perplexity is 2, as uncertain as a choice among 2 equally likely words" in sentence
    assert sentence.endswith("the most surprising one is “zebra”, with 1.4 nats.")
    assert "characters" in passage_verdict(["a", "b"], np.zeros(2), "character")
    assert "Over this word" in passage_verdict(["a"], np.zeros(1), "word")


def test_a_perplexity_beyond_all_numbers_is_infinite():
    sentence = passage_verdict(["a"], np.array([np.inf]), "word")
    assert "inf" not in sentence
    assert "∞" in sentence


@pytest.mark.parametrize(
    ("rank", "words"),
    [
        (1, "“cat” is the most probable word;"),
        (2, "is the 2nd most probable word;"),
        (11, "is the 11th most"),
        (1123, "is the 1,123rd most"),
    ],
)
def test_a_word_has_its_rank_its_surprise_and_what_was_expected(rank, words):
    sentence = word_sentence("cat", 3.25, rank, 5.0, "word")
    assert words in sentence
    assert "its surprise is 3.2 nats, and 5.0 nats were to be expected" in sentence


def test_a_colder_sample_repeats_itself_more_only_where_it_does():
    samples = ["aaaa", "aabb", "abcd"]
    rising = samples_sentence(samples, (0.5, 1, 2), "word")
    assert rising.startswith("The lower the temperature, the more it repeats itself.")
    assert rising.endswith("Different words of 4: 1 at 0.5, 2 at 1, 4 at 2.")
    other = samples_sentence(["abcd", "aabb", "aabb"], (0.5, 1, 2), "character")
    assert other == "Different characters of 4: 4 at 0.5, 2 at 1, 2 at 2."


def test_unknown_words_are_named():
    assert unknown_sentence(["zebra"], "word") == (
        "The word “zebra” is not in the vocabulary; the network reads <unk> instead."
    )
    assert unknown_sentence(["x", "y"], "word").startswith("The words “x”, “y” are not")
    assert "“e” and others are not" in unknown_sentence("abcdefg", "character")


def test_a_surprise_is_short():
    assert [nats(0.04), nats(-0.0), nats(12.345), nats(np.inf)] == ["0.0", "0.0", "12.3", "∞"]

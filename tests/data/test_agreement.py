"""Which noun a verb of the grammar agrees with, against the derivation that wrote the sentence."""

import random

import numpy as np
import pytest

from rnnlab.data import grammar
from rnnlab.data.agreement import NOTHING, agreements, sentence_start, waiting_nouns
from rnnlab.data.properties import PROPERTIES, properties_of

EXAMPLE = ["the", "teacher", "that", "the", "dogs", "near", "every", "farmer", "follow", "laughs", "<eos>"]


def derived(rng):
    """A sentence written by the rules, with the noun of each verb as the rules have it: (words, {verb: noun})."""
    words, nouns = [], {}

    def noun_phrase(number):
        choose(f"Determiner_{number}")
        choose("Adjectives")
        choose(f"Noun_{number}")
        noun = len(words) - 1
        for part in expansion(f"Modifier_{number}"):
            if part == "NounPhrase":
                noun_phrase(rng.choice("sp"))
            elif part.startswith("Clause"):
                clause(number, noun)
            else:
                choose(part)
        return noun

    def clause(number, noun):
        parts = expansion(f"Clause_{number}")
        if len(parts) == 1:
            verb_phrase(number, noun)
            return
        other = parts[0][-1]
        subject = noun_phrase(other)
        choose(f"Transitive_{other}")
        nouns[len(words) - 1] = subject

    def verb_phrase(number, noun):
        parts = expansion(f"VerbPhrase_{number}")
        if len(parts) == 2:
            choose("Adverb")
        verb, *rest = expansion(f"Verb_{number}")
        choose(verb)
        nouns[len(words) - 1] = noun
        for part in rest:
            if part == "NounPhrase":
                noun_phrase(rng.choice("sp"))
            else:
                choose(part)

    def expansion(symbol):
        return rng.choices([parts for _, parts in grammar.RULES[symbol]], [p for p, _ in grammar.RULES[symbol]])[0]

    def choose(symbol):
        if symbol not in grammar.RULES:
            words.append(symbol)
            return
        for part in expansion(symbol):
            choose(part)

    number = rng.choice("sp")
    verb_phrase(number, noun_phrase(number))
    return [*words, "<eos>"], nouns


def test_nouns_and_verbs_are_paired_as_the_rules_paired_them():
    rng = random.Random(5)
    text, expected = [], []
    for _ in range(400):
        words, nouns = derived(rng)
        expected += [(noun + len(text), verb + len(text)) for verb, noun in sorted(nouns.items())]
        text += words
    assert agreements(text) == expected
    assert max(verb - noun for noun, verb in expected) > 15


def test_the_last_noun_that_began_to_wait_gets_the_next_verb():
    assert agreements(EXAMPLE) == [(4, 8), (1, 9)]
    assert waiting_nouns(EXAMPLE).tolist() == [-1, 1, 1, 1, 4, 4, 4, 4, 1, -1, -1]


@pytest.mark.parametrize(
    "text",
    [
        "near every farmer follow laughs <eos>",  # begins in the middle
        "the robots that <unk> sleep <eos>",
        "the dog sleep <eos>",
        "<eos>",
        "",
    ],
)
def test_a_sentence_that_cannot_be_understood_has_no_pairs_and_spoils_no_other(text):
    words = [*text.split(), *EXAMPLE]
    assert agreements(words) == [(noun + len(words) - 11, verb + len(words) - 11) for noun, verb in agreements(EXAMPLE)]


def test_a_sentence_that_is_cut_off_is_understood_as_far_as_it_goes():
    for length in range(len(EXAMPLE)):
        cut = EXAMPLE[:length]
        assert agreements(cut) == [pair for pair in agreements(EXAMPLE) if pair[1] < length]


def test_a_sentence_begins_after_the_end_of_the_one_before():
    assert [sentence_start(["a", "b", "<eos>", "c", "d"], at) for at in (0, 1, 2, 3, 4)] == [0, 0, 0, 3, 3]


def labels(name, tokens, kind="words"):
    found = PROPERTIES[name].label(tokens, kind)
    assert found.dtype == np.int8
    return found.tolist()


def test_number_is_that_of_the_noun_that_waits():
    assert labels("number", EXAMPLE) == [-1, 0, 0, 0, 1, 1, 1, 1, 0, -1, -1]


def test_in_characters_a_word_counts_from_the_blank_after_it():
    characters = ["<eos>" if character == "\n" else character for character in "the dogs sleep\na dog sees"]
    expected = 8 * [-1] + 6 * [1] + 6 * [-1] + 5 * [0]
    # `dogs` counts from its blank to the last letter of `sleep`; the newline completes the verb.
    assert labels("number", characters, "characters") == expected
    assert NOTHING == -1


def test_quotation_marks_open_and_close_and_end_with_the_line():
    assert labels("quoted", [*list('a"b"c"d'), "<eos>", "e"], "characters") == [0, 1, 1, 0, 0, 1, 1, 0, 0]


def test_a_sentence_is_long_from_its_tenth_word_on():
    assert labels("late", ["w"] * 11 + ["<eos>", "w"]) == [0] * 9 + [1, 1, 0, 0]


def test_a_word_is_long_from_its_fourth_letter_on():
    assert labels("in_word", list("abcde fghi."), "characters") == [0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0]


def test_every_text_has_a_property_and_only_the_grammar_has_numbers():
    for kind in ("words", "characters"):
        assert next(one.name for one in properties_of("grammar", kind)) == "number"
        assert "number" not in [one.name for one in properties_of("ptb", kind)]
        assert properties_of("upload", kind)

"""The period text and the exact floor of a model whose state is reset at each window."""

import itertools
import math
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from rnnlab.config import TextData, from_flat
from rnnlab.data import floor_perplexity, load_dataset
from rnnlab.data.levels import known_level
from rnnlab.data.period_text import floor_without_carrying
from rnnlab.presets import preset

MOTIFS = ["a a b", "a b", "x y x z", "a a a b b", "one two two three two"]


def endless_floor(motif, num_steps):
    """The floor of an endless text whose windows begin at each place of the motif equally often, by enumeration."""
    words = motif.split()
    at = [words[place % len(words)] for place in range(len(words) + num_steps + 1)]
    seen = Counter()
    for phase, step in itertools.product(range(len(words)), range(num_steps)):
        seen[tuple(at[phase : phase + step + 1]), at[phase + step + 1]] += 1
    loss = 0.0
    for (context, _), count in seen.items():
        share = Fraction(count, sum(other for (known, _), other in seen.items() if known == context))
        loss -= count * math.log(share)
    return math.exp(loss / sum(seen.values()))


def test_the_preset_reads_whole_motifs_so_that_its_floor_is_the_known_one():
    assert floor_perplexity(preset("period").experiment) == pytest.approx(2 ** (2 / 3), rel=1e-12)


def period(**settings):
    return from_flat({"data": "text", "corpus": "period", "carry_state": False, "batch_size": 1} | settings)


def test_the_text_is_the_motif_again_and_again():
    dataset = load_dataset(TextData(corpus="period", motif="a a b"), 0)
    assert dataset.vocabulary == ("a", "b")
    for part in (dataset.train, dataset.valid, dataset.test):
        assert dataset.decode(part[:7]) == "a a b a a b a"
        np.testing.assert_array_equal(part[3:], part[:-3])


def test_the_floor_of_a_a_b_in_windows_of_one_word_is_the_known_one():
    """After an a, both words are equally likely; after a b, an a is certain."""
    assert floor_perplexity(period(num_steps=1)) == pytest.approx(math.exp(2 / 3 * math.log(2)), rel=1e-3)
    assert round(floor_perplexity(period(num_steps=1)), 2) == 1.59


@pytest.mark.parametrize("motif", MOTIFS)
@pytest.mark.parametrize("num_steps", [1, 2, 4, 7])
def test_the_floor_is_that_of_an_enumeration_where_windows_begin_everywhere(motif, num_steps):
    if math.gcd(num_steps, len(motif.split())) == 1:
        floor = floor_perplexity(period(motif=motif, num_steps=num_steps))
        assert floor == pytest.approx(endless_floor(motif, num_steps), rel=0.01)


@pytest.mark.parametrize("motif", MOTIFS)
def test_windows_that_always_begin_at_the_same_place_leave_nothing_open(motif):
    """A window of a whole motif: its place in the window tells the next word, if every context is another one."""
    experiment = period(motif=motif, num_steps=len(motif.split()))
    assert floor_perplexity(experiment) == pytest.approx(1.0)


@pytest.mark.parametrize(("num_steps", "batch_size"), [(1, 20), (2, 7), (5, 3)])
def test_no_model_of_the_windows_words_can_be_below_the_floor(num_steps, batch_size):
    """Ten models drawn at random, and the best one: a table of what was counted."""
    dataset = load_dataset(TextData(corpus="period", motif="x y x z"), 0)
    windows = list(dataset.quick_windows("valid", batch_size, num_steps))
    floor = floor_without_carrying(windows)
    places = [
        (tuple(inputs[stream, : step + 1]), targets[stream, step])
        for inputs, targets, weights in windows
        for stream, step in np.argwhere(weights > 0)
    ]
    random = np.random.default_rng(0)
    for _ in range(10):
        table = {context: random.dirichlet(np.ones(3)) for context, _ in places}
        assert -np.mean([np.log(table[context][word]) for context, word in places]) > floor
    counts = {context: np.zeros(3) for context, _ in places}
    for context, word in places:
        counts[context][word] += 1
    best = -np.mean([np.log(counts[context][word] / counts[context].sum()) for context, word in places])
    assert best == pytest.approx(floor, abs=1e-12)


def test_with_the_state_carried_every_word_is_known():
    assert floor_perplexity(period(carry_state=True)) == 1.0
    assert known_level(period(carry_state=True)) == ("floor", 0.0)


def test_other_texts_keep_their_floors():
    grammar = from_flat({"data": "text", "corpus": "grammar"})
    assert floor_perplexity(grammar) == load_dataset(grammar.data, 0).floor_perplexity
    assert floor_perplexity(from_flat({"carry_state": False}, grammar)) == floor_perplexity(grammar)
    assert floor_perplexity(from_flat({"corpus": "python_docs"}, grammar)) is None
    assert known_level(from_flat({})) is None


def test_a_text_too_short_for_its_streams_has_no_floor():
    assert floor_perplexity(period(train_tokens=10, batch_size=20)) is not None  # Its held-out part is long enough.


@pytest.mark.parametrize("motif", ["a", "", "a  b", "a <b>", "a " * 30, "a" * 13 + " b"])
def test_a_motif_that_is_none_is_refused(motif):
    with pytest.raises(ValueError, match="2 to 20 words with a blank between them"):
        TextData(corpus="period", motif=motif)


def test_every_motif_that_is_allowed_is_a_text():
    longest = " ".join(f"{chr(97 + place)}éß" for place in range(20))
    dataset = load_dataset(TextData(corpus="period", motif=longest), 0)
    assert len(dataset.vocabulary) == 20

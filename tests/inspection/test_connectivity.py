"""What a prediction used, against finite differences in float64 and against direct readings."""

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.data import grammar
from rnnlab.data.vocabulary import EOS, UNK
from rnnlab.inspection import (
    Windows,
    connectivity,
    in_other_number,
    in_place_of,
    word_connectivity,
    word_occlusion,
    words_used,
)
from rnnlab.models import Network
from tests.inspection import oracle
from tests.inspection.test_traces import VARIANTS, VOCABULARY, network_of, some_inputs

STEP = 1e-5
PREDICTED = 4


def weights_of(network):
    return {name: variable.numpy().astype("float64") for name, variable in network.named_weights.items()}


def logits(variant, network, readings, begin=0, is_carried=True):
    """The logit of PREDICTED after each of B readings of T vectors (B, T, F), by cells in NumPy: (B,)."""
    weights = weights_of(network)
    kernel = weights["embedding"].T if network.is_tied else weights["head/kernel"]
    read = readings if is_carried else readings[:, begin:]
    rows, steps, width = read.shape
    state = {
        name: part.numpy().astype("float64") for name, part in network.named_state(network.zero_state(rows)).items()
    }
    # Every vector becomes a word of its own. The oracle's output is not used.
    changed = {"embedding": read.reshape(-1, width), "head/kernel": np.zeros((kernel.shape[0], 1)), "head/bias": 0.0}
    _, _, states = oracle.run(variant, weights | changed, np.arange(rows * steps).reshape(rows, steps), state)
    h = states[f"layer_{len(network.cells) - 1}/h"][:, -1]
    return h @ kernel[:, PREDICTED] + weights["head/bias"][PREDICTED]


def differences(variant, network, tokens, begin=0, is_carried=True):
    """The norm of the central differences of the logit, by the position of the vector that is moved: (T,)."""
    vectors = weights_of(network)["embedding"][tokens]  # (T, F)
    moves = STEP * np.eye(vectors.size).reshape(-1, *vectors.shape)
    up, down = (logits(variant, network, vectors + sign * moves, begin, is_carried) for sign in (1, -1))
    slopes = ((up - down) / (2 * STEP)).reshape(vectors.shape)
    slopes[:begin] = 0  # A gradient does not cross the beginning of the window.
    return np.linalg.norm(slopes, axis=1)


def words(steps=6, seed=2):
    return some_inputs(VOCABULARY, 1, steps, seed)[0]


def lstm():
    return VARIANTS["lstm"], network_of(VARIANTS["lstm"], VOCABULARY)


@pytest.mark.usefixtures("operation_by_operation")
@pytest.mark.parametrize("name", VARIANTS)
def test_connectivity_equals_finite_differences_for_every_cell(name):
    variant = VARIANTS[name]
    network = network_of(variant, VOCABULARY)
    found = word_connectivity(network, words(), PREDICTED)
    np.testing.assert_allclose(found, differences(variant, network, words()), rtol=1e-3, atol=1e-6)


def test_a_tied_output_layer_keeps_its_weights_while_a_vector_is_moved():
    variant = VARIANTS["gru"]
    network = Network(ModelConfig(cell="gru", units=4, tie_embeddings=True), VOCABULARY)
    random = np.random.default_rng(1)
    for variable in network.weights:
        variable.assign(random.normal(size=variable.shape, scale=0.5))
    tokens = np.append(words(), PREDICTED)  # The predicted word was read too, so its vector is in both places.
    found = word_connectivity(network, tokens, PREDICTED)
    np.testing.assert_allclose(found, differences(variant, network, tokens), rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("is_carried", [True, False])
def test_beyond_the_window_of_the_training_the_gradient_is_exactly_0(is_carried):
    variant, network = lstm()
    tokens = words(8)  # Windows of 3: the last word is read in the one that begins at 6.
    found = word_connectivity(network, tokens, PREDICTED, Windows(3, is_carried))
    assert (found[:6] == 0).all()
    assert (found[6:] > 0).all()
    expected = differences(variant, network, tokens, 6, is_carried)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-6)
    whole = word_connectivity(network, tokens, PREDICTED)
    assert (whole > 0).all()
    assert np.allclose(whole[6:], found[6:], rtol=1e-4) == is_carried


@pytest.mark.parametrize(("steps", "begin"), [(1, 7), (2, 6), (4, 4), (8, 0), (20, 0)])
def test_the_last_word_is_in_the_last_window(steps, begin):
    assert Windows(steps, carried=True).begin(8) == begin


def direct_surprises(network, rows):
    """Minus the logarithm of the probability of PREDICTED after each row, read from an empty state: (B,)."""
    outputs, _ = network(tf.constant(rows), network.zero_state(len(rows)))
    scores = outputs.numpy()[:, -1].astype("float64")
    return np.log(np.exp(scores).sum(axis=1)) - scores[:, PREDICTED]


def direct_changes(network, tokens, replacements):
    """The change of the surprise when each token is replaced, by direct readings of every changed text: (T,)."""
    changed = np.where(np.eye(len(tokens), dtype=bool), replacements, tokens)
    usual, *after = direct_surprises(network, np.concatenate([tokens[None], changed]))
    return np.array(after) - usual


@pytest.fixture
def small_blocks(monkeypatch):
    """Three words are taken away in one call."""
    monkeypatch.setattr(connectivity, "BLOCK", 3)


@pytest.mark.usefixtures("small_blocks")
def test_occlusion_equals_direct_readings_of_the_changed_texts():
    _, network = lstm()
    tokens, other = words(8), words(8, seed=5)
    expected = direct_changes(network, tokens, other)
    found = word_occlusion(network, tokens, PREDICTED, other)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    cut = word_occlusion(network, tokens, PREDICTED, other, most=5)
    assert np.isnan(cut[:3]).all()
    np.testing.assert_allclose(cut[3:], expected[3:], atol=1e-5)
    carried = word_occlusion(network, tokens, PREDICTED, other, Windows(3, carried=True))
    np.testing.assert_allclose(carried, expected, atol=1e-5)  # A carried state lets all words count.


def test_words_before_a_reset_window_can_be_taken_away_without_any_change():
    _, network = lstm()
    tokens, other = words(8), words(8, seed=5)
    found = word_occlusion(network, tokens, PREDICTED, other, Windows(3, carried=False))
    assert (found[:6] == 0).all()
    np.testing.assert_allclose(found[6:], direct_changes(network, tokens[6:], other[6:]), atol=1e-5)


def test_both_measures_and_the_surprise_come_together():
    _, network = lstm()
    tokens, other = words(), words(seed=5)
    found = words_used(network, tokens, PREDICTED, other)
    np.testing.assert_array_equal(found.connectivity, word_connectivity(network, tokens, PREDICTED))
    np.testing.assert_array_equal(found.occlusion, word_occlusion(network, tokens, PREDICTED, other))
    assert found.surprise == pytest.approx(direct_surprises(network, tokens[None])[0], abs=1e-5)


@pytest.mark.parametrize(
    ("vocabulary", "taken"),
    [(("the", UNK, EOS), UNK), ((EOS, "the", "dog"), "the"), ((" ", "e", EOS), " "), ((EOS,), EOS)],
)
def test_a_word_is_taken_away_by_reading_unk_or_else_the_most_frequent_word(vocabulary, taken):
    tokens = np.arange(len(vocabulary), dtype="int32")
    assert [vocabulary[token] for token in in_place_of(tokens, vocabulary)] == [taken] * len(vocabulary)


def test_words_of_the_grammar_have_another_number():
    vocabulary = ("the", "dog", "dogs", "near", "sleeps", "sleep", "child", "children", "every", "many", "men", UNK)
    text = ["the", "dog", "near", "many", "children", "sleeps", "men"]
    tokens = np.array([vocabulary.index(word) for word in text], "int32")
    other = [vocabulary[token] for token in in_other_number(tokens, vocabulary)]
    assert other == ["the", "dogs", "near", "every", "child", "sleep", "men"]  # `man` is not in the vocabulary.
    for word in vocabulary[:-1]:
        changed = grammar.other_number(word)
        assert changed is None or grammar.number_of(changed) != grammar.number_of(word)
        assert changed is None or grammar.other_number(changed) == word


def test_a_network_that_cannot_be_asked_is_refused_with_a_reason():
    both_ways = Network(ModelConfig(units=2, unrolling="bidirectional"), VOCABULARY, tags=2)
    with pytest.raises(ValueError, match="bidirectional, so it has read the later words too; take one"):
        word_connectivity(both_ways, words(), PREDICTED)
    for other in (Network(ModelConfig(units=2)), Network(ModelConfig(units=2), VOCABULARY, tags=3)):
        with pytest.raises(ValueError, match="does not predict the next word"):
            word_connectivity(other, words(), PREDICTED)
    _, network = lstm()
    with pytest.raises(ValueError, match="predicted token was 7, but this network knows the whole numbers 0 to 6"):
        word_connectivity(network, words(), VOCABULARY)
    with pytest.raises(ValueError, match="T of at least 1"):
        word_connectivity(network, words()[:0], PREDICTED)

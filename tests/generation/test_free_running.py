"""Generation on fakes whose continuation is known, and on real networks step by step."""

from functools import cache

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig, SineData
from rnnlab.data import Dataset, load_dataset, wave
from rnnlab.generation import (
    compare_series,
    compare_text,
    generate_free_running,
    generate_series,
    generate_tokens,
    generate_tokens_batch,
    predict_teacher_forced,
    sample_from,
)
from rnnlab.models import Network


@cache
def kept(vocabulary=0, **model):
    """One network of a kind for all tests of this process: what one of them had compiled, the next one finds."""
    return Network(ModelConfig(**model), vocabulary)


def drawn(network, seed, scale):
    """The network with random weights: the same ones every time, whatever was done to it."""
    random = np.random.default_rng(seed)
    for variable in network.weights:
        variable.assign(random.normal(size=variable.shape, scale=scale).astype("float32"))
    return network


def series_network(cell="lstm"):
    return drawn(kept(cell=cell, units=4, num_layers=2), seed=0, scale=0.6)


def text_network(vocabulary=11):
    return drawn(kept(vocabulary, units=6), seed=1, scale=1.0)


@pytest.fixture
def sampled():
    """What a network generates from the start of a wave of that many values, and the wave."""

    def sample(samples):
        dataset = load_dataset(SineData(samples=samples), 0)
        return sample_from(series_network(), dataset), dataset.train

    return sample


def test_a_sample_of_a_series_has_its_error_against_the_values_that_came_next(sampled):
    sample, train = sampled(1000)
    start = len(sample["prime"])
    truth = train[start : start + len(sample["values"])]
    squares = [(value - true) ** 2 for value, true in zip(sample["values"], truth, strict=True)]
    assert sample["error"] == pytest.approx((sum(squares) / len(squares)) ** 0.5)


def test_a_sample_that_is_longer_than_the_training_part_has_no_error(sampled):
    sample, train = sampled(100)
    assert len(train) < len(sample["prime"]) + len(sample["values"])
    assert sample["error"] is None


def test_each_output_becomes_the_next_input():
    """A fake that always says `input + 1` and counts its steps in the state must count on from the first input."""

    def step(value, state):
        return value + 1.0, (state[0] + 1,)

    first = tf.constant([[5.0], [10.0]])
    values = generate_free_running(step, (tf.zeros(()),), first, tf.constant(4), lambda outputs, t: outputs)
    np.testing.assert_array_equal(values[..., 0], [[6, 7, 8, 9], [11, 12, 13, 14]])


@pytest.mark.parametrize(
    ("prime", "words"),
    [
        ([[[0.1], [np.nan]]], "hold the value nan"),
        ([[[np.inf]]], "hold the value inf"),
        ([[[1e39]]], "hold the value 1e\\+39"),
        ([[["a"]]], "must be numbers"),
        ([[[0.1], [0.2]], [[0.3]]], "rows of different lengths"),
    ],
)
def test_a_series_that_is_not_finite_numbers_is_refused(prime, words):
    with pytest.raises(ValueError, match=words):
        generate_series(series_network(), prime, 3)


@pytest.mark.parametrize("token", [1.5, -1, 11, 2**31, 2**63, 10**30, np.nan, -0.5])
def test_a_token_that_is_no_number_of_the_vocabulary_is_refused(token):
    for prime in ([[3, token]], [[token]]):
        with pytest.raises(ValueError, match="knows the whole numbers 0 to 10"):
            generate_tokens(text_network(), prime, 3)
    with pytest.raises(ValueError, match="knows the whole numbers 0 to 10"):
        generate_tokens_batch(text_network(), [[3, token]], 3)


@pytest.mark.parametrize("temperature", [1e-40, 5e-324, 1e-7, 0])
def test_a_temperature_too_low_for_a_float32_takes_the_most_likely(temperature):
    network, prime = text_network(), np.array([[3, 1]])
    np.testing.assert_array_equal(
        generate_tokens(network, prime, 8, temperature), generate_tokens(network, prime, 8, 0.0)
    )


@pytest.mark.parametrize("temperature", [1e39, np.inf, np.nan, -1])
def test_a_temperature_that_no_float32_holds_is_refused(temperature):
    with pytest.raises(ValueError, match=r"Temperature \(temperature\) was"):
        generate_tokens(text_network(), np.array([[3]]), 2, temperature)


def test_the_perplexity_of_what_is_next_to_impossible_is_finite():
    """Logits 200 apart: no float32 holds the probability, its logarithm is -200."""
    network = text_network()
    for variable in network.weights:
        variable.assign(np.zeros(variable.shape, "float32"))
    network.head.bias.assign([200.0] + [0.0] * 10)
    dataset = Dataset(*[np.array([1, 2] * 20, "int32")] * 3, tuple("abcdefghijk"), "made up")
    comparison = compare_text(network, dataset, prime=2, horizon=10)
    assert comparison.perplexity == pytest.approx(np.exp(200), rel=1e-3)
    np.testing.assert_allclose(comparison.surprises, 200, rtol=1e-6)


def test_the_state_is_carried_from_step_to_step():
    def step(value, state):
        return tf.ones_like(value) * state[0], (state[0] * 2,)

    values = generate_free_running(step, (tf.ones(()),), tf.zeros((1, 1)), tf.constant(5), lambda outputs, t: outputs)
    np.testing.assert_array_equal(values[0, :, 0], [1, 2, 4, 8, 16])


@pytest.mark.parametrize("cell", ["simple_rnn", "lstm", "gru"])
@pytest.mark.parametrize("prime_length", [1, 2, 9])
def test_a_series_equals_the_loop_written_out(cell, prime_length):
    network = series_network(cell)
    prime = np.random.default_rng(2).normal(size=(3, prime_length, 1)).astype("float32")

    state = network.zero_state(3)
    for t in range(prime_length):
        value, state = network.step(tf.constant(prime[:, t]), state)
    expected = []
    for _ in range(7):
        expected.append(value.numpy())
        value, state = network.step(value, state)

    np.testing.assert_allclose(generate_series(network, prime, 7), np.stack(expected, axis=1), atol=1e-5)


def test_the_first_generated_value_is_the_teacher_forced_prediction():
    network = series_network()
    prime = np.random.default_rng(3).normal(size=(2, 6, 1)).astype("float32")
    predicted, _ = predict_teacher_forced(network, prime)
    np.testing.assert_allclose(generate_series(network, prime, 1)[:, 0], predicted[:, -1], atol=1e-6)


def test_prediction_goes_on_from_a_state():
    network = series_network()
    inputs = np.random.default_rng(4).normal(size=(2, 8, 1)).astype("float32")
    whole, _ = predict_teacher_forced(network, inputs)
    first, state = predict_teacher_forced(network, inputs[:, :3])
    second, _ = predict_teacher_forced(network, inputs[:, 3:], state)
    np.testing.assert_allclose(np.concatenate([first, second], axis=1), whole, atol=1e-6)


def test_probabilities_add_up_to_one():
    probabilities, _ = predict_teacher_forced(text_network(), np.array([[1, 2, 3, 10]]))
    assert probabilities.shape == (1, 4, 11)
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1, rtol=1e-5)


def test_temperature_0_takes_the_most_probable_word_every_time():
    network = text_network()
    tokens = [3]
    for _ in range(12):
        probabilities, _ = predict_teacher_forced(network, np.array([tokens]))
        tokens.append(int(np.argmax(probabilities[0, -1])))
    np.testing.assert_array_equal(generate_tokens(network, np.array([[3]]), 12, sampling=0), [tokens[1:]])


def test_words_are_drawn_from_the_predicted_probabilities():
    """20,000 first words after one prime: each share within five standard errors of its probability."""
    network = text_network()
    primes = np.full((20_000, 1), 3)
    probabilities = predict_teacher_forced(network, np.array([[3]]))[0][0, 0].astype("float64")
    for temperature in (1.0, 2.0):
        tempered = probabilities ** (1 / temperature)
        tempered /= tempered.sum()
        drawn = generate_tokens(network, primes, 1, temperature, seed=5)[:, 0]
        shares = np.bincount(drawn, minlength=11) / len(drawn)
        assert np.all(np.abs(shares - tempered) < 5 * np.sqrt(tempered * (1 - tempered) / len(drawn)) + 1e-4)


def test_the_seed_decides_the_words_and_the_horizon_does_not_change_them():
    network = text_network()
    prime = np.array([[1, 2]])
    long = generate_tokens(network, prime, 30, seed=7)
    np.testing.assert_array_equal(long, generate_tokens(network, prime, 30, seed=7))
    np.testing.assert_array_equal(long[:, :10], generate_tokens(network, prime, 10, seed=7))
    assert not np.array_equal(long, generate_tokens(network, prime, 30, seed=8))


def test_new_weights_are_seen_by_compiled_generation():
    network = series_network()
    prime = np.ones((1, 3, 1), "float32")
    before = generate_series(network, prime, 4)
    network.head.bias.assign([5.0])
    assert not np.allclose(before, generate_series(network, prime, 4))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: generate_series(series_network(), np.ones((1, 3, 1)), 0), "horizon was 0"),
        (lambda: generate_series(series_network(), np.ones((1, 3)), 5), "shape"),
        (lambda: generate_series(series_network(), np.ones((1, 0, 1)), 5), "at least 1"),
        (lambda: generate_tokens(text_network(), np.array([[11]]), 5), "knows the whole numbers 0 to 10"),
        (lambda: generate_tokens(text_network(), np.array([[-1]]), 5), "knows the whole numbers 0 to 10"),
        (lambda: generate_tokens(text_network(), np.array([[1]]), 5, sampling=-1), r"\(temperature\) was -1"),
        (
            lambda: generate_tokens(text_network(), np.array([[1]]), 5, sampling=float("nan")),
            r"\(temperature\) was nan",
        ),
        (lambda: compare_series(series_network(), SineData(), 0, 5), "prime was 0"),
        (lambda: compare_series(series_network(), SineData(), 5, 0), "horizon was 0"),
    ],
)
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_comparison_lines_its_curves_up_in_time():
    """A network that repeats its input: one step ahead it is late by one, and alone it stands still."""
    network = Network(ModelConfig(cell="simple_rnn", units=1))
    cell = network.cells[0]
    # tanh is the identity for small numbers: scale down, then up again in the head.
    cell.kernel.assign([[1e-3]])
    cell.recurrent_kernel.assign([[0.0]])
    network.head.kernel.assign([[1e3]])
    data = SineData(frequency=0.2)

    comparison = compare_series(network, data, prime=10, horizon=20)

    truth = wave(data, 30)
    np.testing.assert_array_equal(comparison.target, truth)
    assert np.isnan(comparison.teacher_forced[0])
    np.testing.assert_allclose(comparison.teacher_forced[1:], truth[:-1], atol=1e-4)
    np.testing.assert_allclose(comparison.free_running, np.full(20, truth[9]), atol=1e-3)
    assert comparison.free_running_rmse == pytest.approx(np.sqrt(np.mean((truth[9] - truth[10:]) ** 2)), rel=1e-2)
    assert comparison.teacher_forced_rmse == pytest.approx(np.sqrt(np.mean((truth[9:-1] - truth[10:]) ** 2)), rel=1e-2)


def test_a_network_trained_on_zeros_is_compared_on_zeros():
    network = series_network()
    data = SineData(inputs="zeros")
    predicted, _ = predict_teacher_forced(network, np.zeros((1, 30, 1)))
    np.testing.assert_allclose(
        compare_series(network, data, 10, 20).teacher_forced[1:], predicted[0, :-1, 0], atol=1e-6
    )


class Passage:
    """Just enough of a dataset: a vocabulary of letters and a validation text."""

    vocabulary = tuple("abcdefghijk")
    valid = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3], "int32")


def test_a_passage_shows_the_true_word_beside_the_most_probable_ones():
    network = text_network()
    comparison = compare_text(network, Passage, start=2, prime=3, horizon=6, sampling=0, top=11)
    assert comparison.prime_words == ["c", "d", "e"]
    assert comparison.words == ["f", "g", "h", "i", "j", "k"]
    probabilities, _ = predict_teacher_forced(network, Passage.valid[None, 2:10])
    for t, word in enumerate(comparison.words):
        row = probabilities[0, 2 + t]  # after the prime's last token and t true ones
        place = comparison.top_words[t].index(word)
        assert comparison.top_probabilities[t, place] == comparison.true_probabilities[t]
        assert comparison.true_probabilities[t] == pytest.approx(row[Passage.vocabulary.index(word)], rel=1e-4)
        assert np.all(np.diff(comparison.top_probabilities[t]) <= 0)
    assert comparison.perplexity == pytest.approx(np.exp(-np.mean(np.log(comparison.true_probabilities))))
    expected = generate_tokens(network, Passage.valid[None, 2:5], 6, sampling=0)[0]
    assert comparison.sample == [Passage.vocabulary[token] for token in expected]


def test_a_passage_outside_the_text_is_refused():
    with pytest.raises(ValueError, match="start at token 11 or before"):
        compare_text(text_network(), Passage, start=13, prime=3)

"""Many primes of different lengths in one call: each goes on as it would alone."""

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.generation import generate_series, generate_series_batch, generate_tokens, generate_tokens_batch
from rnnlab.models import Network
from tests.generation.test_free_running import series_network, text_network

LENGTHS = (7, 1, 12, 3)
HORIZONS = (5, 20, 1, 9)
SEEDS = (3, 3, 0, 77)


def series_primes():
    random = np.random.default_rng(5)
    return [random.normal(size=(length, 1)).astype("float32") for length in LENGTHS]


def text_primes():
    random = np.random.default_rng(6)
    return [random.integers(0, 11, length) for length in LENGTHS]


@pytest.mark.parametrize("cell", ["simple_rnn", "lstm", "gru"])
def test_each_series_goes_on_as_it_would_alone(cell):
    network = series_network(cell)
    together = generate_series_batch(network, series_primes(), HORIZONS)
    for prime, horizon, values in zip(series_primes(), HORIZONS, together, strict=True):
        np.testing.assert_allclose(values, generate_series(network, prime[None], horizon)[0], atol=1e-5)


@pytest.mark.parametrize("temperature", [0, 0.7, 1.5])
def test_each_text_goes_on_as_it_would_alone(temperature):
    network = text_network()
    together = generate_tokens_batch(network, text_primes(), HORIZONS, temperature, SEEDS)
    for prime, horizon, seed, tokens in zip(text_primes(), HORIZONS, SEEDS, together, strict=True):
        np.testing.assert_array_equal(tokens, generate_tokens(network, prime[None], horizon, temperature, seed)[0])


def test_what_is_drawn_depends_neither_on_the_row_nor_on_the_others():
    network = text_network()
    primes, streams = text_primes(), list(zip(text_primes(), HORIZONS, SEEDS, strict=True))
    together = generate_tokens_batch(network, primes, HORIZONS, seeds=SEEDS)
    turned = generate_tokens_batch(
        network, *zip(*[(p, h) for p, h, _ in streams[::-1]], strict=True), seeds=SEEDS[::-1]
    )
    alone = [generate_tokens_batch(network, [p], h, seeds=s)[0] for p, h, s in streams]
    for first, second, third in zip(together, turned[::-1], alone, strict=True):
        np.testing.assert_array_equal(first, second)
        np.testing.assert_array_equal(first, third)


def test_one_seed_for_all_lets_equal_primes_go_on_equally_and_two_seeds_do_not():
    network = text_network()
    primes = [np.array([4, 2]), np.array([4, 2])]
    first, second = generate_tokens_batch(network, primes, 30, seeds=9)
    np.testing.assert_array_equal(first, second)
    first, second = generate_tokens_batch(network, primes, 30, seeds=(9, 10))
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("temperature", [0, 1])
def test_a_text_ends_with_its_first_end_token_and_the_others_go_on(temperature):
    network = text_network()
    without = generate_tokens_batch(network, text_primes(), 25, temperature, SEEDS)
    # A token that ends some texts at different places, and that a prime holds without being ended by it.
    end = int(without[0][3])
    primes = [np.append(end, prime) for prime in text_primes()]
    without = generate_tokens_batch(network, primes, 25, temperature, SEEDS)
    ended = generate_tokens_batch(network, primes, 25, temperature, SEEDS, end_token=end)
    for whole, part in zip(without, ended, strict=True):
        places = np.flatnonzero(whole == end)
        np.testing.assert_array_equal(part, whole[: places[0] + 1] if len(places) else whole)
    assert len({len(part) for part in ended}) > 1


def test_generation_ends_when_every_text_has_ended():
    """A network that always says 3 must not be asked a million times once both texts have ended."""
    network = text_network()
    network.head.kernel.assign(tf.zeros_like(network.head.kernel))
    network.head.bias.assign(tf.one_hot(3, 11) * 50)
    tokens = generate_tokens_batch(network, [np.array([1]), np.array([1, 2, 5])], 1_000_000, end_token=3)
    assert [part.tolist() for part in tokens] == [[3], [3]]


def test_other_lengths_need_no_other_graph():
    traced = []

    class Watched(Network):
        def step(self, inputs, state):
            traced.append(inputs.shape)
            return super().step(inputs, state)

    network = Watched(ModelConfig(units=6), vocabulary=11)
    for lengths in ((3, 1), (4, 2), (5, 9, 2), (1, 1, 1, 40)):
        generate_tokens_batch(network, [np.ones(length, int) for length in lengths], 4)
    before = len(traced)
    generate_tokens_batch(network, [np.ones(length, int) for length in (6, 6, 6, 6, 13)], 11)
    assert before > 0
    assert len(traced) == before


SERIES, TOKENS = np.ones((3, 1), "float32"), np.ones(3, int)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: generate_series_batch(series_network(), [], 5), "There was no prime"),
        (lambda: generate_series_batch(series_network(), [SERIES, np.ones(3)], 5), r"Prime 1 has the shape \(3,\)"),
        (lambda: generate_series_batch(series_network(), [np.ones((0, 1))], 5), "P of at least 1"),
        (lambda: generate_series_batch(series_network(), [np.ones((4, 2))], 5), r"must be \(P, 1\)"),
        (lambda: generate_series_batch(series_network(), [SERIES], 0), "The horizon of prime 0 was 0"),
        (lambda: generate_series_batch(series_network(), [SERIES], 2.5), "The horizon of prime 0 was 2.5"),
        (lambda: generate_series_batch(series_network(), [SERIES] * 3, [1, 2]), "2 horizons for 3 primes"),
        (lambda: generate_series_batch(text_network(), [TOKENS], 5), "use generate_tokens_batch"),
        (lambda: generate_tokens_batch(series_network(), [SERIES], 5), "use generate_series_batch"),
        (lambda: generate_tokens_batch(text_network(), [TOKENS, TOKENS + 10], 5), "knows the whole numbers 0 to 10"),
        (lambda: generate_tokens_batch(text_network(), [SERIES], 5), r"must be \(P,\)"),
        (lambda: generate_tokens_batch(text_network(), [TOKENS], 5, seeds=-1), "The seed of prime 0 was -1"),
        (lambda: generate_tokens_batch(text_network(), [TOKENS], 5, seeds=[1, 2]), "2 seeds for 1 primes"),
        (lambda: generate_tokens_batch(text_network(), [TOKENS], 5, sampling=-1), r"\(temperature\) was -1"),
        (lambda: generate_tokens_batch(text_network(), [TOKENS], 5, end_token=11), "end token was 11"),
    ],
)
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_network_that_says_tags_or_reads_backwards_is_refused():
    series = Network(ModelConfig(units=3), vocabulary=0, seed=0, tags=2)
    text = Network(ModelConfig(units=3, unrolling="bidirectional"), vocabulary=11, seed=0, tags=3)
    for call in (
        lambda: generate_series(series, SERIES[None], 4),
        lambda: generate_series_batch(series, [SERIES], 4),
    ):
        with pytest.raises(ValueError, match="a label cannot be fed back"):
            call()
    for call in (lambda: generate_tokens(text, TOKENS[None], 4), lambda: generate_tokens_batch(text, [TOKENS], 4)):
        with pytest.raises(ValueError, match="bidirectional"):
            call()

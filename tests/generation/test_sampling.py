"""Drawing with limits, against the renormalised softmax written out in NumPy."""

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.config.sampling import Sampling
from rnnlab.data.passage import passage_of
from rnnlab.generation import generate_tokens, generate_tokens_batch, predict_teacher_forced, read_passage
from rnnlab.generation.next_token import Limits, limits_of, only_allowed
from rnnlab.generation.teacher_forced import log_probabilities
from rnnlab.models import Network
from tests.generation.test_free_running import text_network

VOCABULARY = 11
DRAWS = 100_000
PRIME = np.array([[3]])


def probabilities_after(network, tokens):
    """float64 (V,): the network's own probabilities of the next token."""
    return predict_teacher_forced(network, np.reshape(tokens, (1, -1)))[0][0, -1].astype("float64")


def renormalised(probabilities, sampling):
    """The distribution that a sampling draws from, one token after the other."""
    weights = [0.0 if token in sampling.banned else p for token, p in enumerate(probabilities)]
    tempered = np.array(weights) ** (1 / sampling.temperature)
    ranking = sorted(range(len(weights)), key=lambda token: (-tempered[token], token))
    ranking = ranking[: sampling.top_k or len(ranking)]
    total, kept, reached = sum(tempered[token] for token in ranking), [], 0.0
    for token in ranking:
        kept.append(token)
        reached += tempered[token] / total
        if sampling.top_p < 1 and reached >= sampling.top_p:
            break
    drawn_from = np.zeros(len(weights))
    drawn_from[kept] = tempered[kept] / tempered[kept].sum()
    return drawn_from


def chi_squared_limit(degrees, deviations=4):
    """What a chi-squared number exceeds once in 30,000 times (Wilson and Hilferty 1931)."""
    spread = 2 / (9 * degrees)
    return degrees * (1 - spread + deviations * spread**0.5) ** 3


SAMPLINGS = [
    Sampling(),
    Sampling(temperature=2.0),
    Sampling(top_k=4),
    Sampling(top_p=0.8),
    Sampling(banned=(1, 4)),
    Sampling(temperature=1.5, top_k=7),
    Sampling(temperature=3.0, top_k=9, top_p=0.9),
    Sampling(temperature=2.0, top_k=8, top_p=0.95, banned=(0, 2, 10)),
]


@pytest.mark.parametrize("sampling", SAMPLINGS, ids=str)
def test_drawn_frequencies_are_those_of_the_renormalised_softmax(sampling):
    network = text_network(VOCABULARY)
    expected = renormalised(probabilities_after(network, PRIME), sampling) * DRAWS
    drawn = generate_tokens(network, np.repeat(PRIME, DRAWS, axis=0), 1, sampling, seed=5)[:, 0]
    counts = np.bincount(drawn, minlength=VOCABULARY)
    assert counts[expected == 0].sum() == 0
    often = expected >= 5  # Below that, counts are too rare for the test; they are one class together.
    classes = [*zip(counts[often], expected[often], strict=True), (counts[~often].sum(), expected[~often].sum())]
    classes = [(count, wanted) for count, wanted in classes if wanted > 0]
    assert len(classes) >= 3
    statistic = sum((count - wanted) ** 2 / wanted for count, wanted in classes)
    assert statistic < chi_squared_limit(len(classes) - 1)


def test_a_banned_token_is_never_drawn():
    network = text_network(VOCABULARY)
    primes = np.random.default_rng(3).integers(0, VOCABULARY, (DRAWS // 20, 2))
    plain = generate_tokens(network, primes, 20, 1.5, seed=8)
    banned = np.argsort(-np.bincount(plain.ravel(), minlength=VOCABULARY))[:3]
    drawn = generate_tokens(network, primes, 20, Sampling(1.5, banned=tuple(banned)), seed=8)
    assert drawn.size == DRAWS
    assert np.isin(plain, banned).any()
    assert not np.isin(drawn, banned).any()


@pytest.mark.parametrize("sampling", [Sampling(0.0), Sampling(1e-7), Sampling(1.7, top_k=1), Sampling(top_p=1e-9)])
@pytest.mark.parametrize("banned", [(), (7, 3)])
def test_a_temperature_of_0_and_a_single_candidate_take_the_most_probable_word(sampling, banned):
    network, tokens = text_network(VOCABULARY), [3, 5]
    for _ in range(12):
        probabilities = probabilities_after(network, tokens)
        probabilities[list(banned)] = -1
        tokens.append(int(np.argmax(probabilities)))
    sampling = Sampling(sampling.temperature, sampling.top_k, sampling.top_p, banned)
    np.testing.assert_array_equal(generate_tokens(network, [[3, 5]], 12, sampling, seed=4), [tokens[2:]])


@pytest.mark.parametrize("sampling", [Sampling(1.3, top_p=1), Sampling(1.3, top_k=11), Sampling(1.3, top_k=500)])
def test_limits_that_leave_all_words_change_no_draw(sampling):
    network = text_network(VOCABULARY)
    plain = generate_tokens(network, PRIME, 200, 1.3, seed=2)
    np.testing.assert_array_equal(generate_tokens(network, PRIME, 200, sampling, seed=2), plain)


def test_a_plain_draw_is_that_of_tensorflow_with_the_seed_and_the_step():
    """One seed has always given these words."""
    network, state = text_network(VOCABULARY), None
    token, state, expected = tf.constant([3]), network.zero_state(1), []
    for t in range(30):
        logits, state = network.step(token, state)
        token = tf.random.stateless_categorical(logits / 0.8, 1, [6, t], dtype=tf.int32)[:, 0]
        expected.append(int(token[0]))
    np.testing.assert_array_equal(generate_tokens(network, PRIME, 30, 0.8, seed=6), [expected])


def limits(top_k=4, top_p=1.0, banned=(), size=4):
    _, found = limits_of(Sampling(top_k=top_k, top_p=top_p, banned=banned), size)
    return found


def allowed_of(logits, found: Limits):
    return np.isfinite(only_allowed(found, tf.constant(logits, tf.float32)).numpy()).tolist()


def test_of_equally_probable_words_the_first_are_kept():
    assert allowed_of([[1, 2, 1, 1]], limits(top_k=2)) == [[True, True, False, False]]
    assert allowed_of([[0, 0, 0, 0]], limits(top_p=0.5)) == [[True, True, False, False]]


def test_what_is_kept_keeps_its_logits():
    logits = tf.constant([[0.5, 2.0, -1.0, 1.0]])
    np.testing.assert_array_equal(only_allowed(limits(top_k=3), logits), [[0.5, 2.0, -np.inf, 1.0]])
    np.testing.assert_array_equal(only_allowed(limits(), logits), logits)


def test_the_nucleus_is_cut_of_what_top_k_and_the_banned_words_leave():
    logits = np.log([[0.4, 0.3, 0.2, 0.1]])
    assert allowed_of(logits, limits(top_p=0.71)) == [[True, True, True, False]]
    assert allowed_of(logits, limits(top_p=0.69)) == [[True, True, False, False]]
    # 0.4 of the 0.7 that are left is 0.57.
    assert allowed_of(logits, limits(top_k=2, top_p=0.56)) == [[True, False, False, False]]
    # 0.3 of the 0.6 that are left is half.
    assert allowed_of(logits, limits(top_p=0.49, banned=(0,))) == [[False, True, False, False]]


def test_each_row_has_a_nucleus_of_its_own():
    rows = np.log([[0.97, 0.01, 0.01, 0.01], [0.25, 0.25, 0.25, 0.25]])
    assert [sum(row) for row in allowed_of(rows, limits(top_p=0.9))] == [1, 4]


def test_rounding_never_cuts_the_last_words_of_a_whole_nucleus():
    """100,000 equal shares add up to more than 1 in float32 before they are all counted."""
    found = limits(top_k=0, banned=(0,), size=DRAWS)
    assert sum(allowed_of(np.zeros((1, DRAWS)), found)[0]) == DRAWS - 1


@pytest.mark.parametrize(
    "sampling", [Sampling(top_k=3), Sampling(1.5, top_p=0.8, banned=(2,)), Sampling(0, banned=(1,))]
)
def test_each_text_of_a_batch_is_drawn_as_it_would_be_alone(sampling):
    network = text_network(VOCABULARY)
    primes, seeds = [np.array([1, 2, 3]), np.array([4])], (7, 9)
    together = generate_tokens_batch(network, primes, 15, sampling, seeds)
    for prime, seed, tokens in zip(primes, seeds, together, strict=True):
        np.testing.assert_array_equal(tokens, generate_tokens(network, prime[None], 15, sampling, seed)[0])


def test_other_limits_need_no_other_graph():
    traced = []

    class Watched(Network):
        def step(self, inputs, state):
            traced.append(inputs.shape)
            return super().step(inputs, state)

    network = Watched(ModelConfig(units=6), VOCABULARY)
    generate_tokens(network, [[1, 2]], 4, Sampling(0.5, top_k=3, top_p=0.5, banned=(1,)))
    before = len(traced)
    for sampling in (Sampling(2.0, 5), Sampling(top_p=0.3), Sampling(banned=(1, 2, 3)), Sampling(0, banned=(4,))):
        generate_tokens(network, [[1, 2]], 4, sampling)
    assert before > 0
    assert len(traced) == before


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Sampling(temperature=-0.1), r"Temperature \(temperature\) was -0.1, but must be a finite number"),
        (lambda: Sampling(top_k=-1), r"Top-k \(top_k\) was -1, but must be a whole number of at least 0"),
        (lambda: Sampling(top_k=2.5), r"Top-k \(top_k\) was 2.5"),
        (lambda: Sampling(top_p=0), r"Top-p \(top_p\) was 0, but must be a finite number above 0 and at most 1"),
        (lambda: Sampling(top_p=1.01), r"Top-p \(top_p\) was 1.01"),
        (lambda: generate_tokens(text_network(3), [[1]], 2, Sampling(banned=(0, 1, 2))), "All 3 tokens are banned"),
        (lambda: generate_tokens(text_network(3), [[1]], 2, Sampling(banned=(3,))), "token 3 was to be banned, but"),
        (lambda: generate_tokens(text_network(3), [[1]], 2, Sampling(banned=(1.5,))), "token 1.5 was to be banned"),
    ],
)
def test_what_cannot_be_drawn_so_gets_a_sentence(make, words):
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize("sampling", [Sampling(), *SAMPLINGS[5:], Sampling(0.0)], ids=str)
def test_the_distribution_that_each_word_was_drawn_from_is_the_renormalised_one(sampling):
    network, tokens = text_network(VOCABULARY), [3, 1, 4, 1, 5]
    found = np.exp(log_probabilities(network, np.array([tokens]), sampling))[0]
    oracle = Sampling(1.0, 1) if sampling.temperature == 0 else sampling
    for t in range(len(tokens)):
        expected = renormalised(probabilities_after(network, tokens[: t + 1]), oracle)
        np.testing.assert_allclose(found[t], expected, rtol=1e-4, atol=1e-7)


def test_a_drawn_word_has_the_surprise_of_the_distribution_that_it_was_drawn_from():
    network, sampling = text_network(VOCABULARY), Sampling(1.4, top_k=5, banned=(2,))
    tokens = np.concatenate([[3, 6], generate_tokens(network, [[3, 6]], 9, sampling, seed=1)[0]])
    passage = read_passage(network, tokens, 2, "abcdefghijk", 3, sampling)
    assert passage.words == ["abcdefghijk"[token] for token in tokens[2:]]
    for t, token in enumerate(tokens[2:]):
        expected = renormalised(probabilities_after(network, tokens[: t + 2]), sampling)
        assert passage.surprises[t] == pytest.approx(-np.log(expected[token]), rel=1e-3, abs=1e-5)


def test_rank_and_entropy_of_a_word():
    logarithms = np.log(np.array([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]], "float32"))
    passage = passage_of(np.array([0, 2]), logarithms, ("a", "b", "c"), top=2)
    assert passage.ranks.tolist() == [1, 2]
    np.testing.assert_allclose(passage.entropies, 1.5 * np.log(2), rtol=1e-6)
    np.testing.assert_allclose(passage.surprises, [np.log(2), np.log(4)], rtol=1e-6)
    assert passage.top_words == [["a", "b"], ["b", "a"]]


def test_what_cannot_come_adds_nothing_to_the_entropy():
    passage = passage_of(np.array([0]), np.array([[0.0, -np.inf, -np.inf]], "float32"), ("a", "b", "c"), top=3)
    assert (passage.entropies[0], passage.surprises[0], passage.ranks[0]) == (0, 0, 1)


def test_a_network_of_another_size_is_drawn_from_all_of_its_tokens():
    """The vocabulary is the network's, not that of the network before."""
    for size in (5, 9):
        network = Network(ModelConfig(units=3), size, seed=0)
        drawn = generate_tokens(network, np.zeros((400, 1), int), 3, Sampling(2.0, banned=(0,)))
        assert {*drawn.ravel().tolist()} == {*range(1, size)}

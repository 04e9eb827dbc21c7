"""Perplexity by the number of words read, against a loop over an LSTM in NumPy."""

import numpy as np
import pytest

from rnnlab.config import ModelConfig
from rnnlab.errors import Cancelled
from rnnlab.inspection import context, perplexity_by_context
from rnnlab.models import Network
from tests.inspection import oracle
from tests.inspection.test_traces import VARIANTS, VOCABULARY, network_of, some_inputs


@pytest.fixture(scope="module")
def network():
    return network_of(VARIANTS["lstm"], VOCABULARY)


def text(length):
    return some_inputs(VOCABULARY, 1, length)[0]


def loss_of_one(network, before, target):
    """The surprise of a target after some tokens, read from an empty state."""
    weights = {name: variable.numpy().astype("float64") for name, variable in network.named_weights.items()}
    state = {name: part.numpy().astype("float64") for name, part in network.named_state(network.zero_state(1)).items()}
    _, _, states = oracle.run(VARIANTS["lstm"], weights, before[None], state)
    scores = states["layer_1/h"][0, -1] @ weights["head/kernel"] + weights["head/bias"]
    return np.log(np.exp(scores).sum()) - scores[target]


def test_losses_equal_a_plain_loop_over_the_same_targets(network, monkeypatch):
    monkeypatch.setattr(context, "CALL", 12)  # Several calls for one context.
    tokens, contexts = text(20), (1, 3, 7)
    found = perplexity_by_context(network, tokens, contexts)
    expected = [
        np.mean([loss_of_one(network, tokens[at - size : at], tokens[at]) for at in range(7, 20)]) for size in contexts
    ]
    assert found.tokens == 13
    np.testing.assert_array_equal(found.contexts, contexts)
    np.testing.assert_allclose(found.losses, expected, rtol=1e-5)
    np.testing.assert_allclose(found.perplexities, np.exp(expected), rtol=1e-5)


def test_few_targets_are_spread_over_the_whole_text(network):
    tokens = text(60)
    found = perplexity_by_context(network, tokens, (2,), count=3)
    expected = np.mean([loss_of_one(network, tokens[at - 2 : at], tokens[at]) for at in (2, 30, 59)])
    assert found.tokens == 3
    assert found.losses[0] == pytest.approx(expected, rel=1e-5)


def test_contexts_that_are_longer_than_the_text_are_left_out(network):
    found = perplexity_by_context(network, text(5), (1, 4, 5, 200))
    assert found.contexts.tolist() == [1, 4]
    assert found.tokens == 1


def test_progress_counts_the_calls_and_can_end_them(network, monkeypatch):
    monkeypatch.setattr(context, "CALL", 10)
    reports = []
    perplexity_by_context(network, text(9), (1, 5), progress=lambda *report: reports.append(report))
    assert reports == [(done, 3) for done in range(4)]  # 4 targets: one call for 1 word, two for 5 words.

    def leave(done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        perplexity_by_context(network, text(9), (1, 5), progress=leave)


def test_a_text_of_one_word_and_a_network_of_a_series_are_refused(network):
    with pytest.raises(ValueError, match="has 1 token, but a prediction needs two"):
        perplexity_by_context(network, text(1))
    with pytest.raises(ValueError, match="does not predict the next word"):
        perplexity_by_context(Network(ModelConfig(units=2)), text(9))

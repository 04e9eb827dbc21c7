import pytest

from rnnlab import sizes


@pytest.mark.parametrize(("cell", "weights"), [("simple_rnn", 2 * 3 + 3 * 3 + 3), ("gru", 3 * 18), ("lstm", 4 * 18)])
def test_one_layer_by_hand(cell, weights):
    assert sizes.cell_parameters(cell, inputs=2, units=3) == weights


def test_network_by_hand():
    # Embedding 7 x 5; LSTM 4 x (5 + 3 + 1) x 3; LSTM 4 x (3 + 3 + 1) x 3; head 3 x 7 + 7.
    assert sizes.network_parameters("lstm", 3, 2, features=5, outputs=7, embedding_rows=7) == 35 + 108 + 84 + 28


def test_memory_is_at_least_weights_gradients_and_two_slots():
    alone = sizes.training_bytes(1000, "lstm", units=1, num_layers=1, outputs=1, tokens=0)
    assert alone == 4 * 4 * 1000
    assert sizes.training_bytes(1000, "lstm", 1, 1, 1, tokens=10) > alone


@pytest.mark.parametrize(
    ("text", "limit"), [("", 8 * 2**30), ("nonsense", 8 * 2**30), ("-5", 8 * 2**30), ("4096", 4096)]
)
def test_memory_limit(monkeypatch, text, limit):
    monkeypatch.setenv("RNNLAB_MEMORY_LIMIT", text)
    assert sizes.memory_limit() == limit


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 MiB"), (5 * 2**20, "5 MiB"), (3.5 * 2**30, "3.5 GiB"), (2**70, "1.1e+12 GiB")]
)
def test_readable_bytes(count, text):
    assert sizes.readable_bytes(count) == text

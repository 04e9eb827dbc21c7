import pytest

from rnnlab.formulas import sizes
from rnnlab.formulas.sizes import LayerSize


@pytest.mark.parametrize(
    ("layer", "weights"),
    [
        # As many gates as a simple RNN, a GRU and an LSTM have.
        (LayerSize(1, 3), 2 * 3 + 3 * 3 + 3),
        (LayerSize(3, 3), 3 * 18),
        (LayerSize(3, 3, second_bias=True), 3 * 18 + 9),
        (LayerSize(4, 3), 4 * 18),
        (LayerSize(4, 3, peepholes=True), 4 * 18 + 9),
        # 4 x (2 + 5 + 1) x 3 for the gates, 3 x 5 for the projection.
        (LayerSize(4, 3, projection=5), 96 + 15),
        (LayerSize(4, 3, directions=2), 2 * 4 * 18),
    ],
)
def test_one_layer_by_hand(layer, weights):
    assert sizes.layer_parameters(layer, inputs=2) == weights


def test_network_by_hand():
    # Embedding 7 x 5; LSTM 4 x (5 + 3 + 1) x 3; LSTM 4 x (3 + 2 + 1) x 2; head 2 x 7 + 7.
    layers = [LayerSize(4, 3), LayerSize(4, 2)]
    assert sizes.network_parameters(layers, features=5, outputs=7, embedding_rows=7) == 35 + 108 + 48 + 21


def test_memory_is_at_least_weights_gradients_and_two_slots():
    alone = sizes.training_bytes(1000, [LayerSize(4, 1)], outputs=1, tokens=0)
    assert alone == 4 * 4 * 1000
    assert sizes.training_bytes(1000, [LayerSize(4, 1)], 1, tokens=10) > alone


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 MiB"), (5 * 2**20, "5 MiB"), (3.5 * 2**30, "3.5 GiB"), (2**70, "1.1e+12 GiB")]
)
def test_readable_bytes(count, text):
    assert sizes.readable_bytes(count) == text

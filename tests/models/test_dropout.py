"""Where dropout is, how much it drops, how often a signal meets it on its way through time, and where there is none."""

from functools import cache

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.data import Batch
from rnnlab.generation import generate_series, generate_tokens, predict_teacher_forced
from rnnlab.models import Network
from rnnlab.models.dropout import drop
from rnnlab.training.evaluation import Evaluator

SEED = tf.constant([1, 2])
BATCH, STEPS, UNITS = 3, 4, 125
CELLS = {
    "simple_rnn": {"cell": "simple_rnn"},
    "lstm": {"cell": "lstm"},
    "gru": {"cell": "gru"},
    "gru_reset_after": {"cell": "gru", "reset_after": True},
}
PLACES = ("input_dropout", "output_dropout", "state_dropout")


# --- a network that hides nothing ------------------------------------------------------------------------------------
#
# Around zeros every unit of these layers is a wire of its own: what it reads goes on to the layer above at the same
# step, and in one layer to the next step as well. The derivative of an output by an input is then exactly the product
# of the masks that lie between the two, and in a GRU, which divides a unit between old and new, a power of a half.

SHUT, OPEN = -100.0, 100.0
"""Biases with which a gate is 0 or 1 to the last bit of float32."""


def make_wires(cell, remembers):
    """Weights with which a cell around zeros is one wire a unit."""
    one, nothing = np.eye(UNITS), np.zeros((UNITS, UNITS))
    gate = {"i": OPEN, "f": OPEN if remembers else SHUT, "o": OPEN, "z": 0.0 if remembers else SHUT}
    passes = cell.gate_names.index("g")
    cell.kernel.assign(np.hstack([one if k == passes else nothing for k in range(len(cell.gate_names))]))
    along_time = one if remembers and cell.gate_names == ("g",) else nothing
    cell.recurrent_kernel.assign(np.hstack([along_time] * len(cell.gate_names)))
    bias = np.repeat([gate.get(name, 0.0) for name in cell.gate_names], UNITS)
    cell.bias.assign(bias if len(cell.bias_shape) == 1 else np.stack([bias, np.zeros_like(bias)]))


@cache
def kept(layers, **settings):
    """One network for all tests: whoever takes it sets its weights and what it drops."""
    return Network(ModelConfig(**settings, units=UNITS, num_layers=layers), vocabulary=BATCH * STEPS, tags=1)


def wires(cell, layers=1, memory=0, **dropout):
    """A network of wires, in which layer `memory` remembers; its outputs are the sum over the units."""
    network = kept(layers, **CELLS[cell])
    network.model = ModelConfig(**CELLS[cell], units=UNITS, num_layers=layers, **dropout)
    network.embedding.embeddings.assign(np.zeros((BATCH * STEPS, UNITS)))
    network.head.kernel.assign(np.ones((UNITS, 1)))
    for layer, one in enumerate(network.cells):
        make_wires(one, layer == memory)
    return network


def derivatives(network, seed=SEED):
    """Of each output by each input: (T outputs, T inputs, B, H)."""
    words = tf.reshape(tf.range(BATCH * STEPS), (BATCH, STEPS))
    with tf.GradientTape(persistent=True) as tape:
        outputs, _ = network(words, network.zero_state(BATCH), dropout_seed=seed)
        sums = [tf.reduce_sum(outputs[:, t]) for t in range(STEPS)]
    rows = [tf.convert_to_tensor(tape.gradient(one, network.embedding.embeddings.value)) for one in sums]
    return np.stack(rows).reshape(STEPS, BATCH, STEPS, UNITS).swapaxes(1, 2)


def remembered(cell, k):
    """The share of its input that a layer still has k steps later."""
    return 0.5 ** (k + 1) if cell.startswith("gru") else 1.0


def after_steps(slopes, k):
    """The derivatives of all outputs k steps after the input: (T - k, B, H)."""
    return np.stack([slopes[t + k, t] for t in range(STEPS - k)])


def assert_share(values, share):
    """As many of the values as drawn with this probability, within four standard deviations."""
    assert abs(np.mean(values) - share) <= 4 * np.sqrt(share * (1 - share) / values.size)


@pytest.mark.parametrize("cell", CELLS)
def test_without_dropout_the_wires_hide_nothing(cell):
    """The tests below rely on this."""
    slopes = derivatives(wires(cell, layers=2, memory=1), seed=None)
    for k in range(STEPS):
        assert set(after_steps(slopes, k).flat) == {remembered(cell, k)}
        assert k == 0 or not np.stack([slopes[t, t + k] for t in range(STEPS - k)]).any()


# --- how often a signal meets dropout --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layers", "memory", "masks"),
    [(1, 0, "per_step"), (2, 0, "per_step"), (2, 1, "per_step"), (3, 1, "per_step"), (2, 1, "variational")],
)
@pytest.mark.parametrize("cell", CELLS)
def test_layers_and_one_masks_lie_between_an_input_and_any_later_output(cell, layers, memory, masks):
    """One at the input and one at each layer's output, L + 1 in all, at once and k steps later."""
    rates = {"input_dropout": 0.2, "output_dropout": 0.5}
    slopes = derivatives(wires(cell, layers, memory, **rates, dropout_masks=masks))
    for k in range(STEPS):
        through = after_steps(slopes, k) / remembered(cell, k)
        kept = through[through != 0]
        np.testing.assert_allclose(kept, (1 / 0.8) * (1 / 0.5) ** layers, rtol=1e-5)
        # Equal masks at every step would only repeat one measurement.
        assert_share(through[:1] != 0 if masks == "variational" else through != 0, 0.8 * 0.5**layers)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", ["simple_rnn", "gru", "gru_reset_after"])
def test_with_state_dropout_every_step_is_one_mask_more(cell, layers):
    rates = {"input_dropout": 0.5, "output_dropout": 0.5, "state_dropout": 0.2}
    slopes = derivatives(wires(cell, layers, **rates))
    for k in range(STEPS):
        through = after_steps(slopes, k) / remembered(cell, k)
        kept = through[through != 0]
        np.testing.assert_allclose(kept, 2.0 ** (layers + 1) * (1 / 0.8) ** k, rtol=1e-5)
        assert_share(through != 0, 0.5 ** (layers + 1) * 0.8**k)


def test_state_dropout_spares_the_memory_of_an_lstm():
    slopes = derivatives(wires("lstm", layers=2, state_dropout=0.5, output_dropout=0.5))
    for k in range(STEPS):
        assert set(after_steps(slopes, k).flat) == {0.0, 4.0}


# --- the masks of each place -----------------------------------------------------------------------------------------


def masks_of(place, rate, seed=SEED, **more):
    """The mask that a network of one layer has in one place: (T, B, H); those of states belong to steps 1, 2, ..."""
    slopes = derivatives(wires("simple_rnn", **{place: rate}, **more), seed)
    return after_steps(slopes, int(place == "state_dropout"))


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("place", PLACES)
def test_a_mask_drops_its_share_and_scales_the_rest(place, rate):
    masks = masks_of(place, rate)
    assert_share(masks == 0, rate)
    np.testing.assert_allclose(masks[masks != 0], 1 / (1 - rate), rtol=1e-6)


@pytest.mark.parametrize("place", PLACES)
def test_every_step_has_a_mask_of_its_own(place):
    masks = masks_of(place, 0.5)
    for t in range(1, len(masks)):
        assert_share(masks[t] == masks[0], 0.5)  # As often alike as two coins.


@pytest.mark.parametrize("place", PLACES)
def test_variational_masks_are_the_same_at_every_step_and_others_in_another_window(place):
    masks = masks_of(place, 0.5, dropout_masks="variational")
    assert (masks == masks[:1]).all()
    other = masks_of(place, 0.5, seed=tf.constant([1, 3]), dropout_masks="variational")
    assert_share(masks[0] == other[0], 0.5)


@pytest.mark.parametrize("masks", ["per_step", "variational"])
@pytest.mark.parametrize("place", PLACES)
def test_every_stream_has_masks_of_its_own(place, masks):
    first = masks_of(place, 0.5, dropout_masks=masks)[0]
    assert_share(first[0] == first[1], 0.5)


def test_places_have_masks_of_their_own():
    drawn = [masks_of(place, 0.5)[0] for place in ("input_dropout", "output_dropout")]
    drawn.append(derivatives(wires("simple_rnn", state_dropout=0.5))[1, 0])
    for k in range(3):
        assert_share(drawn[k] == drawn[k - 1], 0.5)


def test_the_same_seed_gives_the_same_mask():
    values = tf.ones((4, 6, 50))
    np.testing.assert_array_equal(drop(values, 0.5, SEED, site=0), drop(values, 0.5, SEED, site=0))


# --- where there is none ---------------------------------------------------------------------------------------------


def random_inputs(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


@pytest.mark.parametrize("cell", CELLS)
def test_the_recurrent_path_carries_no_noise(cell):
    """Output dropout changes the input of the head, but not the state of the layer before it."""
    network = Network(ModelConfig(**CELLS[cell], units=8, output_dropout=0.8))
    inputs = tf.constant(random_inputs(2, 30, 1))
    quiet, state = network(inputs, network.zero_state(2))
    noisy, noisy_state = network(inputs, network.zero_state(2), dropout_seed=SEED)
    assert not np.allclose(quiet, noisy)
    tf.nest.map_structure(np.testing.assert_array_equal, state, noisy_state)


@pytest.mark.parametrize("place", PLACES)
def test_a_rate_of_its_own_for_every_place(place):
    """Each setting alone is noise in training."""
    network = Network(ModelConfig(units=8, **{place: 0.5}))
    inputs = tf.constant(random_inputs(2, 6, 1))
    quiet, _ = network(inputs, network.zero_state(2))
    noisy, _ = network(inputs, network.zero_state(2), dropout_seed=SEED)
    assert not np.allclose(quiet, noisy, atol=1e-3)


def noisy_and_plain(vocabulary=0, **settings):
    """Two networks with the same weights, one of which drops nine values of ten in training."""
    noisy = Network(ModelConfig(units=8, num_layers=2, **settings, **dict.fromkeys(PLACES, 0.9)), vocabulary, seed=3)
    plain = Network(ModelConfig(units=8, num_layers=2, **settings), vocabulary, seed=4)
    plain.set_weights(noisy.get_weights())
    return noisy, plain


@pytest.mark.parametrize("masks", ["per_step", "variational"])
def test_evaluation_drops_nothing(masks):
    networks = noisy_and_plain(dropout_masks=masks)
    batch = Batch(random_inputs(2, 9, 1), random_inputs(2, 9, 1), np.ones((2, 9), "float32"))
    noisy, plain = (Evaluator(network, xla=False).loss([batch, batch]) for network in networks)
    assert noisy == plain


def test_evaluation_drops_nothing_in_a_network_that_reads_backwards():
    networks = noisy_and_plain(unrolling="bidirectional")
    batch = Batch(random_inputs(2, 9, 1), random_inputs(2, 9, 1), np.ones((2, 9), "float32"))
    noisy, plain = (Evaluator(network, xla=False).loss([batch]) for network in networks)
    assert noisy == plain


def test_generation_and_prediction_drop_nothing():
    networks = noisy_and_plain()
    prime = random_inputs(2, 4, 1)
    np.testing.assert_array_equal(*(generate_series(network, prime, 20) for network in networks))
    np.testing.assert_array_equal(*(predict_teacher_forced(network, prime)[0] for network in networks))


def test_generated_words_come_without_dropout():
    networks = noisy_and_plain(vocabulary=30)
    prime = np.array([[1, 2, 3]], "int32")
    np.testing.assert_array_equal(*(generate_tokens(network, prime, 20, sampling=1.0) for network in networks))

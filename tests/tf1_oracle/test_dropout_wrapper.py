"""Where our dropout is and where TensorFlow 1's DropoutWrapper is: how many masks lie between an input and an output.

The masks themselves are drawn by other generators. Each keeps a half and doubles it, so that what reaches the last
output of an input k steps before it is 2 to the number of masks on its way, or nothing.
"""

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.models import Network
from tests.tf1_oracle import translation
from tests.tf1_oracle.cases import BATCH, DROPOUTS, Cell
from tests.tf1_oracle.ours import load

pytestmark = pytest.mark.slow  # TensorFlow 1 needs some ten seconds, once for all of them.


def gradient_of_ours(case, record):
    """The same derivative of the same cells in our network: float32 (B, T, H)."""
    settings = ModelConfig(
        cell=translation.OUR_CELL[case.kind],
        units=case.units,
        num_layers=case.layers,
        input_dropout=0.5,
        output_dropout=0.5,
        state_dropout=0.5 if case.state else 0.0,
        dropout_masks="variational" if case.variational else "per_step",
    )
    network = Network(settings, vocabulary=BATCH * case.steps, tags=1)
    network.embedding.embeddings.assign(np.zeros((BATCH * case.steps, case.units)))
    network.head.kernel.assign(np.ones((case.units, 1)))
    for layer, cell in enumerate(network.cells):
        theirs = Cell(case.kind, case.units, forget_bias=0.0)
        load(cell, translation.weights_as_ours(theirs, record[f"weights/{layer}"].arrays, case.units))
    rows = tf.reshape(tf.range(BATCH * case.steps), (BATCH, case.steps))
    with tf.GradientTape() as tape:
        outputs, _ = network(rows, network.zero_state(BATCH), dropout_seed=tf.constant([3, 4]))
        last = tf.reduce_sum(outputs[:, -1])
    slope = tf.convert_to_tensor(tape.gradient(last, network.embedding.embeddings.value))
    return slope.numpy().reshape(BATCH, case.steps, case.units)


def masks_crossed(gradient):
    """By k, the number of masks between an input and the output k steps later; it must be one number for each k."""
    counts = []
    for slopes in np.moveaxis(gradient, 1, 0)[::-1]:
        (factor,) = set(slopes[slopes != 0].tolist())
        counts.append(np.log2(factor))
    return counts


def drops_h(case):
    """Whether a mask acts on the cells' states at every step."""
    return case.state and case.kind == "BasicRNNCell"


@pytest.fixture(params=DROPOUTS, ids=lambda case: case.name)
def gradients(tf1, request):
    """The case, TensorFlow 1's gradient and ours."""
    record = tf1[f"dropout/{request.param.name}"]
    return request.param, record["gradient"], gradient_of_ours(request.param, record)


def test_as_many_masks_as_in_tf1(gradients):
    """L + 1 for any k; one more a step where the state is dropped, of which an LSTM's memory c is spared."""
    case, theirs, ours = gradients
    expected = [case.layers + 1 + drops_h(case) * k for k in range(case.steps)]
    assert masks_crossed(theirs) == masks_crossed(ours) == expected


def test_as_many_values_come_through_as_in_tf1(gradients):
    """A half for each mask that is drawn by itself; variational masks are drawn once for all steps."""
    case, theirs, ours = gradients
    along_time = [drops_h(case) * (min(k, 1) if case.variational else k) for k in range(case.steps)]
    draws = [case.layers + 1 + more for more in along_time]
    size = BATCH * case.units
    for gradient in (theirs, ours):
        for share, n in zip((gradient != 0).mean(axis=(0, 2))[::-1], draws, strict=True):
            # Four standard deviations of a binomial share.
            assert abs(share - 0.5**n) <= 4 * np.sqrt(0.5**n * (1 - 0.5**n) / size)


def test_variational_masks_let_the_same_values_through_at_every_step(gradients):
    case, *both = gradients
    for gradient in both:
        through = np.moveaxis(gradient != 0, 1, 0)[:-1]  # The last input meets no state mask.
        assert all(np.array_equal(through[0], step) for step in through[1:]) == case.variational

"""Windows of streams that change their rows, beside TensorFlow 1's `static_state_saving_rnn`."""

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.models import StateSaver
from rnnlab.models.unrolling import unroll_state_saving
from tests.tf1_oracle import translation
from tests.tf1_oracle.cases import STREAMS, STREAMS_LATER, WINDOWS
from tests.tf1_oracle.ours import assert_equal, cells_of, lengths_of

pytestmark = pytest.mark.slow  # TensorFlow 1 needs some ten seconds, once for all of them.


def read_window(case, cell, saver, window, streams):
    """Outputs, what is saved of each stream, and gradients of the window by our names."""
    inputs = tf.constant(window["inputs"])
    weights = {weight.name: weight.value for weight in cell.weights}
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = unroll_state_saving(cell, inputs, streams, saver, "layer", lengths_of(case))
        goal = tf.reduce_sum(outputs * window["cotangents/outputs"])
    d_inputs, slopes = tape.gradient(goal, (inputs, weights))
    saved = zip(*(saver.state(stream, "layer") for stream in streams), strict=True)
    numbers = {"outputs": outputs, "gradients/inputs": d_inputs}
    numbers |= {f"saved/{k}": np.stack(rows) for k, rows in enumerate(saved)}
    numbers |= {f"gradients/weights/{name}": slope for name, slope in slopes.items()}
    return {name: np.asarray(value) for name, value in numbers.items()}


def window_of_tf1(case, window):
    (cell,), (width,) = case.cells, case.widths_read
    numbers = {name: window[name] for name in ("outputs", "gradients/inputs")}
    saved = translation.state_as_ours(cell, window.parts("saved"))
    slopes = translation.arrays_as_ours(cell, window["gradients/weights/0"].arrays, width)
    numbers |= {f"saved/{k}": part for k, part in enumerate(saved)}
    return numbers | {f"gradients/weights/{name}": slope for name, slope in slopes.items()}


@pytest.mark.parametrize("case", WINDOWS, ids=lambda case: case.name)
def test_windows_give_tf1s_numbers(tf1, case):
    record = tf1[case.name]
    (cell,), saver = cells_of(case, record), StateSaver()
    for number, streams in enumerate((STREAMS, STREAMS_LATER)):
        window = record[str(number)]
        assert_equal(read_window(case, cell, saver, window, streams), window_of_tf1(case, window))


def test_a_stream_in_the_wrong_row_would_be_seen(tf1):
    case = WINDOWS[0]
    record = tf1[case.name]
    (cell,), saver = cells_of(case, record), StateSaver()
    read_window(case, cell, saver, record["0"], STREAMS)
    expected = window_of_tf1(case, record["1"])
    with pytest.raises(AssertionError, match="outputs differs"):
        assert_equal(read_window(case, cell, saver, record["1"], STREAMS), expected)

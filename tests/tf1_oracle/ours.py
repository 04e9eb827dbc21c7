"""The cases once more, computed by our cells with TensorFlow 1's weights, and what "the same numbers" means.

All numbers of a case are one dictionary in our names and layout: `outputs`, `final/LAYER/PART`, `gradients/inputs`,
`gradients/state/LAYER/PART` and `gradients/weights/LAYER/NAME`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from rnnlab.config import ModelConfig
from rnnlab.models import Network, RecurrentCell, make_cell
from rnnlab.models.unrolling import unroll, unroll_bidirectional, unroll_static
from tests.tf1_oracle import translation
from tests.tf1_oracle.cases import BATCH, STEPS, Case

TOLERANCE = 1e-5
"""Largest difference that counts as equal, relative to the largest magnitude of the array."""

Numbers = dict[str, np.ndarray]


def assert_equal(ours: Numbers, theirs: Numbers) -> None:
    """The same names, and arrays of the same shape whose numbers are as close as `TOLERANCE` says.

    The yardstick is the array's largest magnitude: a small number may be a sum of large ones that cancel, and float32
    adds them up in another order in either program.
    """
    assert ours.keys() == theirs.keys()
    for name, expected in theirs.items():
        assert ours[name].shape == expected.shape, name
        assert np.isfinite(ours[name]).all(), name
        difference, allowed = np.abs(ours[name] - expected).max(), TOLERANCE * np.abs(expected).max()
        assert difference <= allowed, f"{name} differs by {difference:.3g}, and {allowed:.3g} is allowed"


@dataclass
class Ours:
    """Our side of a case.

    Attributes:
        run: (inputs, states) -> (outputs (B, T, P), states), layer by layer.
        inputs: what it is given, and what the inputs' gradient is taken of: (B, T, F), or a table of its rows.
        cells: in TensorFlow 1's order.
    """

    run: Callable
    inputs: tf.Tensor | tf.Variable
    cells: list[RecurrentCell]


def load(cell: RecurrentCell, values: Numbers) -> None:
    """Give every weight of a cell the value of its name."""
    assert {weight.name for weight in cell.weights} == values.keys()
    for weight in cell.weights:
        weight.assign(values[weight.name])


def cells_of(case: Case, record) -> list[RecurrentCell]:
    """Our cells with the weights that TensorFlow 1 had."""
    cells = []
    for place, (settings, width) in enumerate(zip(case.cells, case.widths_read, strict=True)):
        cell = make_cell(translation.settings_as_ours(settings), settings.units)
        cell.build((None, width))
        load(cell, translation.weights_as_ours(settings, record[f"weights/{place}"].arrays, width))
        cells.append(cell)
    return cells


def lengths_of(case: Case) -> tf.Tensor | None:
    return None if case.lengths is None else tf.constant(case.lengths)


def with_cells(case: Case, record) -> Ours:
    """The cells, unrolled in the case's way; a stack is one layer after the other."""
    cells, lengths = cells_of(case, record), lengths_of(case)
    way = {"dynamic": unroll, "static": unroll_static}.get(case.unrolling)

    def run_stack(inputs, states):
        final = []
        for cell, state in zip(cells, states, strict=True):
            inputs, state = way(cell, inputs, state, lengths)
            final.append(state)
        return inputs, final

    def run_both_ways(inputs, states):
        return unroll_bidirectional(*cells, inputs, states, lengths)

    return Ours(run_stack if way else run_both_ways, tf.constant(record["inputs"]), cells)


def with_network(case: Case, record) -> Ours:
    """A whole network: its embedding holds the inputs, one row for each step, and its head lets everything through."""
    both_ways = case.unrolling == "bidirectional"
    features, outputs = case.widths_read[0], record["outputs"].shape[-1]
    layers = case.cells[:1] if both_ways else case.cells
    settings = ModelConfig(
        cell=translation.OUR_CELL[case.cells[0].kind],
        num_layers=len(layers),
        layer_units=", ".join(str(cell.units) for cell in layers),
        embedding_dim=features,
        unrolling=case.unrolling,
    )
    network = Network(settings, vocabulary=BATCH * STEPS, tags=outputs)
    network.embedding.embeddings.assign(record["inputs"].reshape(-1, features))
    network.head.kernel.assign(np.eye(outputs))
    cells = [*network.cells, *network.backward_cells]
    for place, (cell, theirs, width) in enumerate(zip(cells, case.cells, case.widths_read, strict=True)):
        load(cell, translation.weights_as_ours(theirs, record[f"weights/{place}"].arrays, width))
    rows = tf.reshape(tf.range(BATCH * STEPS), (BATCH, STEPS))

    def run(_, states):
        outputs, final = network(rows, (states,) if both_ways else states, lengths=lengths_of(case))
        return outputs, final[0] if both_ways else final

    return Ours(run, network.embedding.embeddings.value, cells)


def numbers_of_ours(case: Case, record, ours: Ours) -> Numbers:
    """Run it, and take the gradient of the goal that TensorFlow 1's was taken of."""
    first = _constants(case, record.parts("state"))
    to_outputs, to_final = record["cotangents/outputs"], _constants(case, record.parts("cotangents/final"))
    weights = [{weight.name: weight.value for weight in cell.weights} for cell in ours.cells]
    with tf.GradientTape() as tape:
        tape.watch((ours.inputs, first))
        outputs, final = ours.run(ours.inputs, first)
        pairs = zip([to_outputs, *tf.nest.flatten(to_final)], [outputs, *tf.nest.flatten(final)], strict=True)
        goal = tf.add_n([tf.reduce_sum(cotangent * part) for cotangent, part in pairs])
    d_inputs, d_first, d_weights = tape.gradient(goal, (ours.inputs, first, weights))
    numbers = {"outputs": outputs, "gradients/inputs": tf.reshape(d_inputs, record["inputs"].shape)}
    numbers |= _by_layer("final", final) | _by_layer("gradients/state", d_first)
    for layer, slopes in enumerate(d_weights):
        numbers |= {f"gradients/weights/{layer}/{name}": slope for name, slope in slopes.items()}
    return {name: np.asarray(value) for name, value in numbers.items()}


def numbers_of_tf1(case: Case, record) -> Numbers:
    """What TensorFlow 1 wrote down, by our names."""
    numbers = {name: record[name] for name in ("outputs", "gradients/inputs")}
    for name in ("final", "gradients/state"):
        numbers |= _by_layer(name, translation.states_as_ours(case.cells, record.parts(name)))
    for layer, (cell, width) in enumerate(zip(case.cells, case.widths_read, strict=True)):
        slopes = translation.arrays_as_ours(cell, record[f"gradients/weights/{layer}"].arrays, width)
        numbers |= {f"gradients/weights/{layer}/{name}": slope for name, slope in slopes.items()}
    return numbers


def _constants(case: Case, parts: tuple[np.ndarray, ...]) -> tuple:
    return tf.nest.map_structure(tf.constant, translation.states_as_ours(case.cells, parts))


def _by_layer(name: str, states: Iterable) -> dict:
    return {f"{name}/{layer}/{k}": part for layer, state in enumerate(states) for k, part in enumerate(state)}

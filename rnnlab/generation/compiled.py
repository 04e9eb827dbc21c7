"""Compiled functions, kept for as long as their network lives."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from rnnlab.models import Network

_compiled: weakref.WeakKeyDictionary[Network, dict[Any, Any]] = weakref.WeakKeyDictionary()


def compiled_once(network: Network, function: Callable, *fixed: Any) -> Callable:
    """`function(network, *fixed, ...)` as one graph that serves tensors of any length.

    Args:
        network: whose weights the graph reads; they may change afterwards.
        function: takes the network, then `fixed`, then tensors.
        fixed: hashable values that the graph is built for, such as a flag.
    """

    def make() -> Callable:
        graph = _graph(network, function, fixed, reduce_retracing=True)

        def run(*tensors: Any) -> Any:
            if tf.config.functions_run_eagerly():
                return graph(*tensors)
            # Called by itself, it warns of too much tracing where each of several networks has a graph of the function.
            return graph.get_concrete_function(*tensors)(*tensors)

        return run

    return _kept(network, (function, *fixed), make)


def run_compiled(
    network: Network, function: Callable, *fixed: Any, arrays: tuple[np.ndarray, ...], jit_compile: bool = True
) -> np.ndarray:
    """Call `function(network, *fixed, ...)` with arrays, as one graph for arrays of these shapes.

    A `tf.function` checks each argument against what it was compiled for, which takes longer than a short loop. Here
    the shapes find the graph, and its inputs are handed over as they are.

    Args:
        network, function, fixed: as in `compiled_once`; it returns one tensor.
        arrays: become its tensors.
        jit_compile: whether XLA compiles it: much faster for loops of small operations.
    """
    tensors = [tf.constant(array) for array in arrays]
    if tf.config.functions_run_eagerly():
        return function(network, *fixed, *tensors).numpy()

    def make() -> Callable:
        graph = _graph(network, function, fixed, jit_compile=jit_compile).get_concrete_function(*tensors)
        variables = graph.captured_inputs
        return lambda *inputs: graph.inference_fn.call_flat(*inputs, *variables)[0]

    key = (function, fixed, jit_compile, *[array.shape for array in arrays])
    return _kept(network, key, make)(*tensors).numpy()


def _kept(network: Network, key: tuple, make: Callable[[], Callable]) -> Callable:
    functions = _compiled.setdefault(network, {})
    if key not in functions:
        functions[key] = make()
    return functions[key]


def _graph(network: Network, function: Callable, fixed: tuple, **options: bool) -> Any:
    # A weak reference: the graph must not keep the network alive that it is kept for.
    reference = weakref.ref(network)

    def call(*tensors: Any) -> Any:
        owner: Any = reference()
        # Read before any loop: TensorFlow copies a table whose rows are read, too, each time it reads it whole.
        weights = [(variable, tf.convert_to_tensor(variable)) for variable in owner.variables]
        with keras.StatelessScope(state_mapping=weights):
            return function(owner, *fixed, *tensors)

    return tf.function(call, autograph=False, **options)

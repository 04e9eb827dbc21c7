"""Compiled functions, kept for as long as their network lives."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from rnnlab.models import Network

_compiled: weakref.WeakKeyDictionary[Network, dict[Any, Any]] = weakref.WeakKeyDictionary()


def compiled_once(network: Network, function: Callable, *fixed: Any, jit_compile: bool = False) -> Callable:
    """`function(network, *fixed, ...)` as one graph that serves tensors of any length.

    Args:
        network: whose weights the graph reads; they may change afterwards.
        function: takes the network, then `fixed`, then tensors.
        fixed: hashable values that the graph is built for, such as a flag.
        jit_compile: whether XLA compiles it: much faster for loops of small operations, and anew for every shape.
    """
    functions = _compiled.setdefault(network, {})
    key = (function, jit_compile, *fixed)
    if key not in functions:
        # A weak reference: the graph must not keep the network alive that it is kept for.
        reference = weakref.ref(network)

        def call(*tensors: Any) -> Any:
            owner: Any = reference()
            # Read before any loop: TensorFlow copies a table whose rows are read, too, each time it reads it whole.
            weights = [(variable, tf.convert_to_tensor(variable)) for variable in owner.variables]
            with keras.StatelessScope(state_mapping=weights):
                return function(owner, *fixed, *tensors)

        functions[key] = tf.function(call, reduce_retracing=not jit_compile, jit_compile=jit_compile, autograph=False)
    return functions[key]

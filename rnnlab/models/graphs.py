"""A function of tensors as graphs that are found by shapes alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf


class Graphs:
    """A function as one graph for each set of shapes that it is called with.

    A `tf.function` compares each argument with what it was traced for, at every call: longer than a small network takes
    to read a window. Here shapes find the graph.

    Args:
        function: takes nests of tensors, whose types are always the same, and returns a nest of tensors.
        xla: whether XLA compiles it.
    """

    def __init__(self, function: Callable, xla: bool):
        self._function = function
        # AutoGraph would rewrite each function's source to find loops over tensors, which are written out: that is two
        # fifths of the time until the first update of the sine preset.
        self._traced = tf.function(function, jit_compile=xla, autograph=False)
        self._graphs: dict[tuple, Callable] = {}

    def __call__(self, *arguments: Any) -> Any:
        """What the function returns; an argument may be an array."""
        tensors = [tf.convert_to_tensor(part) for part in tf.nest.flatten(arguments)]
        packed = tf.nest.pack_sequence_as(arguments, tensors)
        if tf.config.functions_run_eagerly():
            return self._function(*packed)
        shapes = tuple(tuple(tensor.shape) for tensor in tensors)
        if shapes not in self._graphs:
            self._graphs[shapes] = self._traced.get_concrete_function(*packed)
        return self._graphs[shapes](*packed)

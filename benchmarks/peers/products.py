"""What this machine can do: single matrix products in TensorFlow, in float32 and bfloat16."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

from benchmarks.peers.serve import Job, serve
from benchmarks.work import Product


def prepare(task: dict[str, Any], threads: int, way: str) -> Job:
    """One product, as a step."""
    product = Product(**task)
    left = tf.cast(tf.random.stateless_normal((product.rows, product.inner), (0, 0)), product.dtype)
    right = tf.cast(tf.random.stateless_normal((product.inner, product.columns), (0, 1)), product.dtype)
    multiply = tf.function(tf.matmul)

    def run(steps: int) -> list[float]:
        for _ in range(steps - 1):
            multiply(left, right)
        return [float(multiply(left, right)[0, 0])]

    return Job(run)


if __name__ == "__main__":
    serve(prepare)

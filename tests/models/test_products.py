"""Products from bfloat16 copies against the product in float32."""

import numpy as np
import tensorflow as tf

from rnnlab.models.products import compiled_half_product, full_product
from rnnlab.training.precision import bfloat16_step_speed, use_half_steps

BATCH, INNER, COLUMNS = 20, 512, 2048


def product_and_gradients(product, left, right, slopes):
    with tf.GradientTape() as tape:
        tape.watch((left, right))
        made = product(left, right)
    return made, *tape.gradient(made, (left, right), output_gradients=slopes)


def test_compiled_bfloat16_is_near_and_keeps_the_float32_of_its_sums():
    """Where XLA has the product for this processor; where it has none it is never chosen."""
    if not bfloat16_step_speed(BATCH, INNER, COLUMNS):
        assert not use_half_steps("bfloat16", BATCH, INNER, COLUMNS)
        return
    draw = np.random.default_rng(0)
    shapes = ((BATCH, INNER), (INNER, COLUMNS), (BATCH, COLUMNS))
    parts = [tf.constant(draw.normal(size=shape).astype("float32")) for shape in shapes]
    run = tf.function(lambda *parts: product_and_gradients(compiled_half_product, *parts), jit_compile=True)
    numbers = run(*parts)
    for ours, theirs in zip(numbers, product_and_gradients(full_product, *parts), strict=True):
        assert 0 < np.abs(ours - theirs).max() < 0.02 * np.abs(theirs).max()
    assert not np.array_equal(numbers[0], tf.cast(tf.cast(numbers[0], tf.bfloat16), tf.float32))

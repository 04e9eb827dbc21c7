"""Decide which matrix products run in bfloat16: those that are enough faster on this machine.

Each is measured once for a machine and its versions, see `rnnlab.training.machine`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache, partial

import tensorflow as tf

from rnnlab.models.products import Product, compiled_half_product, full_product
from rnnlab.training.machine import Choice, machine_choices

PAYS = 1.3
"""How many times as fast bfloat16 products must be, before the margin. With AMX large ones are four times as fast, with
AVX512-BF16 about twice as fast, without either much slower. Steps of `ptb-medium` are 1.2 to 1.7 times as fast."""

SHAPE = (512, 512, 4096)
ROUNDS = 9
"""Turns of one measurement, of which the best counts. Nobody measures it again, so it must bear a busy machine."""

LARGE_WORK = 50_000_000
"""Multiplications of one product below which the choice does not matter, and float32 is taken."""

LARGE_KERNEL = 1_000_000
"""Weights of a recurrent kernel below which the products of single steps stay in float32: it fits into the processor's
cache, from which bfloat16 copies are not faster."""

STEPS = 8

ABOUT_AS_FAST = 0.6
"""How many times as fast the float32 logits of XLA must be, before the margin. Rounded ones must be widened again
before the softmax, a pass over them that takes about as long as the product."""


def use_half(precision: str, multiplications: int) -> bool:
    """Whether a product over a whole minibatch is to be made in bfloat16.

    Args:
        precision: `auto`, `float32` or `bfloat16`.
        multiplications: of the product.
    """
    if precision == "auto":
        return multiplications >= LARGE_WORK and window_choice().taken
    return precision == "bfloat16"


def use_half_steps(precision: str, batch: int, inner: int, columns: int) -> bool:
    """Whether the products of single steps, (batch, inner) times (inner, columns), are to be made in bfloat16."""
    if inner * columns < LARGE_KERNEL or not use_half(precision, SHAPE[0] * inner * columns):
        return False
    return step_choice(batch, inner, columns).taken


def use_compiled_logits(rows: int, inner: int, columns: int, is_transposed: bool) -> bool:
    """Whether XLA makes the bfloat16 logits, in float32, in about the time that TensorFlow takes for rounded ones."""
    return logits_choice(rows, inner, columns, is_transposed).taken


def window_choice() -> Choice:
    """Whether large products pay in bfloat16 here."""
    return machine_choices().choose("large product " + _sizes(*SHAPE), PAYS, bfloat16_speed)


def step_choice(batch: int, inner: int, columns: int) -> Choice:
    """Whether products of single steps of this shape pay in bfloat16 here."""
    question = "single step " + _sizes(batch, inner, columns)
    return machine_choices().choose(question, PAYS, partial(bfloat16_step_speed, batch, inner, columns))


def logits_choice(rows: int, inner: int, columns: int, is_transposed: bool) -> Choice:
    """Whether XLA is to make bfloat16 logits of this shape here."""
    question = "logits " + _sizes(rows, inner, columns) + (" transposed" if is_transposed else "")
    measure = partial(compiled_logits_speed, rows, inner, columns, is_transposed)
    return machine_choices().choose(question, ABOUT_AS_FAST, measure)


def _sizes(*sizes: int) -> str:
    return " x ".join(map(str, sizes))


@cache
def bfloat16_speed() -> float:
    """How many times as fast as in float32 a large bfloat16 product is, measured once a process: about 0.3 s."""
    rows, inner, columns = SHAPE
    left, right = tf.ones((rows, inner)), tf.ones((inner, columns))
    pairs = [(tf.cast(left, dtype), tf.cast(right, dtype)) for dtype in (tf.float32, tf.bfloat16)]
    multiply = tf.function(lambda a, b: tf.reduce_sum(tf.matmul(a, b)[0]))
    return _ratio(*(partial(multiply, *pair) for pair in pairs))


@cache
def bfloat16_step_speed(batch: int, inner: int, columns: int) -> float:
    """The same of single steps and their gradients, compiled, one after the other: about 0.5 s for each shape.

    0 where XLA has no such product for this processor and shape.
    """
    left, right, slope = (tf.ones(shape) for shape in ((batch, inner), (inner, columns), (batch, columns)))

    def steps(product: Product) -> Callable[[], tf.Tensor]:
        @tf.function(jit_compile=True, autograph=False)
        def run(left: tf.Tensor, right: tf.Tensor, slope: tf.Tensor) -> tf.Tensor:
            def body(t: tf.Tensor, left: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
                with tf.GradientTape() as tape:
                    tape.watch(left)
                    made = product(left, right)
                return t + 1, tape.gradient(made, left, output_gradients=slope + made)

            return tf.while_loop(lambda t, _: t < STEPS, body, (0, left), maximum_iterations=STEPS)[1][0, 0]

        return partial(run, left, right, slope)

    return _ratio(steps(full_product), steps(compiled_half_product))


@cache
def compiled_logits_speed(rows: int, inner: int, columns: int, is_transposed: bool) -> float:
    """How many times as fast as TensorFlow's bfloat16 product XLA's is, which keeps the float32 of its sums.

    0 where XLA has no such product for this processor and shape.
    """
    kernel_shape = (columns, inner) if is_transposed else (inner, columns)
    left, right = (tf.cast(tf.ones(shape), tf.bfloat16) for shape in ((rows, inner), kernel_shape))
    rounded = tf.function(partial(tf.matmul, transpose_b=is_transposed))
    kept = tf.function(partial(tf.matmul, transpose_b=is_transposed, output_type=tf.float32), jit_compile=True)
    return _ratio(lambda: rounded(left, right)[0, 0], lambda: kept(left, right)[0, 0])


def _ratio(first: Callable[[], tf.Tensor], second: Callable[[], tf.Tensor]) -> float:
    """How many times as fast the second one is, each at its best of a few turns; 0 where this machine cannot do it."""
    best = [float("inf")] * 2
    first().numpy()
    try:
        second().numpy()
    except tf.errors.UnimplementedError:
        return 0.0
    for _ in range(ROUNDS):
        for which, function in enumerate((first, second)):
            began = time.perf_counter()
            function().numpy()
            best[which] = min(best[which], time.perf_counter() - began)
    return best[0] / best[1]

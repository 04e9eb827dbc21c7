"""Optimiser updates, several in one compiled call."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import keras
import tensorflow as tf

from rnnlab.arithmetic import BFLOAT16, FLOAT32, RunArithmetic
from rnnlab.config import TrainingConfig
from rnnlab.models.feedback import call_with_feedback
from rnnlab.models.graphs import Graphs
from rnnlab.models.network import Network, NetworkState
from rnnlab.models.products import PLAIN, Arithmetic, compiled_half_product, full_product, half_product
from rnnlab.training.loss import objective, token_losses, weighted_mean
from rnnlab.training.precision import (
    logits_choice,
    step_choice,
    use_compiled_logits,
    use_half,
    use_half_steps,
)
from rnnlab.training.softmax import softmax_losses

XLA_WORK = 50_000_000
"""Multiplications of one forward pass up to which XLA is taken. A tiny network spends its time on starting operations
(sine, 32 units, 300 steps: 24 ms an update as a graph, 2.5 ms under XLA); a large one is faster as a graph."""


class Minibatches(NamedTuple):
    """K minibatches in a row, with what belongs to each update.

    Attributes:
        inputs, targets: (K, B, T) int32, or (K, B, T, 1) float32.
        weights: float32 (K, B, T).
        learning_rates: float32 (K,).
        fresh: bool (K,): start from the zero state instead of the carried one.
        feedback: float32 (K,): probability that an input is the network's own previous output.
        clip_norms: float32 (K,): global norm that a gradient is scaled down to, in a training that clips.
    """

    inputs: tf.Tensor
    targets: tf.Tensor
    weights: tf.Tensor
    learning_rates: tf.Tensor
    fresh: tf.Tensor
    feedback: tf.Tensor
    clip_norms: tf.Tensor


class Updater:
    """Fits a network, update by update.

    Args:
        network: whose weights are changed.
        training: optimizer, loss scale, and whether there is any clipping or feedback.
        xla: compile with XLA; None decides by the size of the work.
        arithmetic: how products are computed, and whether XLA compiles; None has this machine choose.
    """

    def __init__(
        self,
        network: Network,
        training: TrainingConfig,
        xla: bool | None = None,
        arithmetic: RunArithmetic | None = None,
    ):
        self.network = network
        self.training = training
        self.optimizer = self._make_optimizer()
        self.arithmetic = arithmetic or choose_arithmetic(network, training, xla)
        self.xla = self.arithmetic.compiled
        self._layers = layer_arithmetic(self.arithmetic)
        self._compiled = Graphs(self._run, self.xla)

    def _make_optimizer(self) -> keras.optimizers.Optimizer:
        kinds = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam}
        optimizer = kinds[self.training.optimizer](self.training.learning_rate)
        optimizer.build(self.network.trainable_variables)
        return optimizer

    def forget(self) -> None:
        """Set the optimiser back to where it was before the first update."""
        for variable in self.optimizer.variables:
            variable.assign(tf.zeros_like(variable))

    def run(
        self, minibatches: Minibatches, state: NetworkState, seed: int, first_step: int, count: int
    ) -> tuple[tf.Tensor, tf.Tensor, NetworkState]:
        """Do the first `count` of the K updates.

        Args:
            minibatches: K of them, as many at every call.
            state: the state that the first minibatch carries on, unless it is fresh.
            seed: of the dropout masks; every update has masks of its own.
            first_step: number of the first update since the first weights.
            count: 1 to K.
        Returns:
            losses float32 (K,): the mean loss of each minibatch at the weights before its update, 0 past `count`;
            gradient norms float32 (K,), before clipping; the state after the last minibatch.
        """
        return self._compiled(minibatches, state, *(tf.constant(n, tf.int32) for n in (seed, first_step, count)))

    def _run(
        self, minibatches: Minibatches, state: NetworkState, seed: tf.Tensor, first_step: tf.Tensor, count: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, NetworkState]:
        size = minibatches.learning_rates.shape[0]
        losses = tf.zeros(size)
        norms = tf.zeros(size)

        def body(
            k: tf.Tensor, losses: tf.Tensor, norms: tf.Tensor, state: NetworkState
        ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor, NetworkState]:
            dropout_seed = tf.stack([seed, first_step + k])
            loss, norm, state = self._update(Minibatches(*(part[k] for part in minibatches)), state, dropout_seed)
            put = [[k]]
            losses = tf.tensor_scatter_nd_update(losses, put, [loss])
            norms = tf.tensor_scatter_nd_update(norms, put, [norm])
            return k + 1, losses, norms, state

        start = (tf.constant(0), losses, norms, state)
        _, losses, norms, state = tf.while_loop(lambda k, *_: k < count, body, start)
        return losses, norms, state

    def _update(
        self, minibatch: Minibatches, state: NetworkState, dropout_seed: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, NetworkState]:
        """One update from a minibatch (without the K): its loss, its gradient norm, the state after it."""
        inputs, targets, weights, rate, fresh, feedback, clip = minibatch
        start = tf.nest.map_structure(lambda part: tf.where(fresh, tf.zeros_like(part), part), state)
        variables = self.network.trainable_variables
        with tf.GradientTape() as tape:
            losses, after = self._losses(inputs, targets, start, feedback, dropout_seed)
            goal = objective(losses, weights, self.training.loss_scale)
        gradients = tape.gradient(goal, [variable.value for variable in variables])
        norm = tf.linalg.global_norm(gradients)
        if self.training.clip_norm and self.training.optimizer == "sgd":
            # The same step as with clipped gradients, without another pass over them.
            rate = rate * clip / tf.maximum(norm, clip)
        elif self.training.clip_norm:
            gradients, _ = tf.clip_by_global_norm(gradients, clip, use_norm=norm)
        if self.training.optimizer != "sgd":
            # The gradient of the word vectors has a row for each word that was read. Where a word comes twice the rows
            # must be added up before they are squared, which Keras's Adam does not do. SGD adds them anyway.
            gradients = [tf.convert_to_tensor(gradient) for gradient in gradients]
        self.optimizer.learning_rate.assign(rate)
        self.optimizer.apply(gradients, variables)
        return weighted_mean(losses, weights), norm, after

    def _losses(
        self, inputs: tf.Tensor, targets: tf.Tensor, start: NetworkState, feedback: tf.Tensor, seed: tf.Tensor
    ) -> tuple[tf.Tensor, NetworkState]:
        """The loss of every step, float32 (B, T), and the state after the last one."""
        network, training = self.network, self.training
        if training.feedback:
            through = training.feedback_gradient
            outputs, after = call_with_feedback(network, inputs, start, feedback, seed, through)
            return token_losses(outputs, targets), after
        hidden, after = network.read(inputs, start, dropout_seed=seed, arithmetic=self._layers)
        if not network.gives_logits:
            return token_losses(network.head(hidden), targets), after
        # Time first, as the layers have it: TensorFlow makes none of two transpositions that undo each other.
        kernel, bias = network.head.kernel.value, network.head.bias.value
        parts = (tf.transpose(hidden, [1, 0, 2]), kernel, bias, tf.transpose(targets))
        half, wide_logits = self.arithmetic.output == BFLOAT16, self.arithmetic.wide_logits
        return tf.transpose(softmax_losses(*parts, network.is_tied, half, wide_logits)), after


def small_work(network: Network, training: TrainingConfig) -> bool:
    """Whether one minibatch is so little work that XLA pays."""
    # The embedding is looked up, not multiplied, unless it is the head's too.
    looked_up = network.embedding.embeddings.shape.num_elements() if network.embedding and not network.is_tied else 0
    multiplied = network.count_params() - looked_up
    return multiplied * training.batch_size * training.num_steps <= XLA_WORK


def choose_arithmetic(network: Network, training: TrainingConfig, xla: bool | None = None) -> RunArithmetic:
    """What this machine takes for a network that trains so; see `rnnlab.training.machine`.

    Args:
        xla: compile whole updates with XLA; None decides by the size of the work.
    """
    compiled = small_work(network, training) if xla is None else xla
    if training.feedback:  # The network reads its own outputs step by step, in float32.
        return RunArithmetic(compiled)
    output, wide_logits = False, False
    if network.gives_logits:
        rows, inner, outputs = _head_sizes(network, training)
        output = use_half(training.precision, rows * inner * outputs)
        wide_logits = output and use_compiled_logits(rows, inner, outputs, network.is_tied)
    if compiled:  # The layers are float32 there.
        return RunArithmetic(compiled, output=_dtype(output), wide_logits=wide_logits)
    batch, inner, columns = _step_sizes(network, training)
    window = use_half(training.precision, inner * columns * batch * training.num_steps)
    # A cell that is laid out for each step is left to TensorFlow, which rounds such sums.
    step = network.model.unrolling != "static" and use_half_steps(training.precision, batch, inner, columns)
    return RunArithmetic(compiled, _dtype(window), _dtype(step), _dtype(output), wide_logits)


def take_up(recorded: RunArithmetic, network: Network, training: TrainingConfig) -> RunArithmetic:
    """The arithmetic that a run began with, without the products that this processor does not have.

    Only another machine than the one that began the run can lack any.
    """
    if recorded.step == BFLOAT16 and not step_choice(*_step_sizes(network, training)).speed:
        recorded = dataclasses.replace(recorded, step=FLOAT32)
    if recorded.wide_logits and not logits_choice(*_head_sizes(network, training), network.is_tied).speed:
        recorded = dataclasses.replace(recorded, wide_logits=False)
    return recorded


def layer_arithmetic(chosen: RunArithmetic) -> Arithmetic:
    """How the recurrent layers are computed; plainly where XLA compiles the whole update."""
    if chosen.compiled:
        return PLAIN
    windows = {FLOAT32: full_product, BFLOAT16: half_product}
    steps = {FLOAT32: full_product, BFLOAT16: compiled_half_product}
    return Arithmetic(windows[chosen.window], steps[chosen.step], is_compiled=True)


def _step_sizes(network: Network, training: TrainingConfig) -> tuple[int, int, int]:
    """Of the largest recurrent product: streams, state, gates."""
    cell = max(network.cells, key=lambda cell: cell.recurrent_kernel.shape.num_elements())
    inner, columns = cell.recurrent_kernel.shape
    return training.batch_size, inner, columns


def _head_sizes(network: Network, training: TrainingConfig) -> tuple[int, int, int]:
    """Of the output layer's product: steps of a minibatch, what is read, tokens."""
    inner, outputs = network.head.kernel.shape[::-1] if network.is_tied else network.head.kernel.shape
    return training.batch_size * training.num_steps, inner, outputs


def _dtype(half: bool) -> str:
    return BFLOAT16 if half else FLOAT32

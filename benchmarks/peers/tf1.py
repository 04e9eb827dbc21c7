"""TensorFlow 1's graph and session: `BasicLSTMCell` in `dynamic_rnn` or laid out step by step, as ptb_word_lm has it.

Its process must have `TF_USE_LEGACY_KERAS=1`, or its cells raise.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import tensorflow.compat.v1 as tf

from benchmarks.peers.serve import Job, serve
from benchmarks.work import Work, first_weights, streams

tf.disable_v2_behavior()


def prepare(task: dict[str, Any], threads: int, way: str) -> Job:
    """One training task, in a graph and a session of its own; `way` is `dynamic` or `static`."""
    work = Work(**task)
    config = tf.ConfigProto(intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads)
    with tf.Graph().as_default() as graph:
        session = tf.Session(graph=graph, config=config)
        return _text(work, session, way) if work.reads_tokens else _series(work, session, way)


def _series(work: Work, session: tf.Session, way: str) -> Job:
    inputs, targets = (tf.placeholder(tf.float32, [1, work.num_steps, 1]) for _ in range(2))
    cells = [tf.nn.rnn_cell.BasicLSTMCell(work.units, forget_bias=0.0) for _ in range(work.num_layers)]
    cell = tf.nn.rnn_cell.MultiRNNCell(cells)
    hidden, _ = _unroll(cell, inputs, cell.zero_state(1, tf.float32), way)
    head, bias = tf.get_variable("head", [work.units, 1]), tf.get_variable("head_bias", [1])
    outputs = tf.matmul(hidden, head) + bias
    loss = tf.reduce_mean(tf.square(outputs - tf.reshape(targets, [-1, 1])))
    train = tf.train.AdamOptimizer(work.learning_rate, epsilon=1e-7).minimize(loss)  # Keras's epsilon.
    _load(session, cells, [], [head, bias], work)
    batch = streams(work).window(0, work.num_steps)
    fed = {inputs: batch.inputs, targets: batch.targets}
    return Job(lambda steps: [float(session.run([loss, train], fed)[0]) for _ in range(steps)])


def _text(work: Work, session: tf.Session, way: str) -> Job:
    """ptb_word_lm's graph: embedding, stack, softmax, cost summed over time, clipping by the global norm, descent."""
    words, targets = (tf.placeholder(tf.int32, [work.batch_size, work.num_steps]) for _ in range(2))
    embedding = tf.get_variable("embedding", [work.vocabulary, work.units])
    cells = [tf.nn.rnn_cell.BasicLSTMCell(work.units, forget_bias=0.0) for _ in range(work.num_layers)]
    stack = tf.nn.rnn_cell.MultiRNNCell([_with_dropout(cell, work.dropout) for cell in cells])
    inputs = tf.nn.embedding_lookup(embedding, words)
    if work.dropout:
        inputs = tf.nn.dropout(inputs, rate=work.dropout)
    initial_state = stack.zero_state(work.batch_size, tf.float32)
    hidden, final_state = _unroll(stack, inputs, initial_state, way)
    softmax_w = tf.get_variable("softmax_w", [work.units, work.vocabulary])
    softmax_b = tf.get_variable("softmax_b", [work.vocabulary])
    logits = tf.nn.xw_plus_b(hidden, softmax_w, softmax_b)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.reshape(targets, [-1]), logits=logits)
    cost = tf.reduce_sum(losses) / work.batch_size
    variables = tf.trainable_variables()
    gradients, _ = tf.clip_by_global_norm(tf.gradients(cost, variables), work.clip_norm)
    optimizer = tf.train.GradientDescentOptimizer(work.learning_rate)
    train = optimizer.apply_gradients(zip(gradients, variables, strict=True))
    _load(session, cells, [embedding], [softmax_w, softmax_b], work)
    carried = session.run(initial_state)
    cut = streams(work)
    windows = itertools.cycle(range(cut.num_windows(work.num_steps)))

    def run(steps: int) -> list[float]:
        nonlocal carried
        losses = []
        for window in itertools.islice(windows, steps):
            batch = cut.window(window, work.num_steps)
            fed = {words: batch.inputs, targets: batch.targets}
            for (c, h), state in zip(initial_state, carried, strict=True):
                fed |= {c: state.c, h: state.h}
            value, carried, _ = session.run([cost, final_state, train], fed)
            losses.append(float(value) / work.num_steps)
        return losses

    return Job(run)


def _with_dropout(cell: Any, rate: float) -> Any:
    return tf.nn.rnn_cell.DropoutWrapper(cell, output_keep_prob=1 - rate) if rate else cell


def _unroll(cell: Any, inputs: tf.Tensor, state: Any, way: str) -> tuple[tf.Tensor, Any]:
    """Outputs (B * T, H), stream by stream, and the final state."""
    if way == "dynamic":
        outputs, state = tf.nn.dynamic_rnn(cell, inputs, initial_state=state)
    else:
        steps, state = tf.nn.static_rnn(cell, tf.unstack(inputs, axis=1), initial_state=state)
        outputs = tf.stack(steps, axis=1)
    return tf.reshape(outputs, [-1, outputs.shape[-1]]), state


def _load(session: tf.Session, cells: list, before: list, after: list, work: Work) -> None:
    """Give all variables their first weights: one kernel a cell, on [x; h], with the gates i, j, f, o (j is g)."""
    weights = first_weights(work)
    session.run(tf.global_variables_initializer())
    for variable, name in zip(before, ["embedding/embeddings"], strict=False):
        variable.load(weights[name], session)
    for variable, name in zip(after, ["head/kernel", "head/bias"], strict=True):
        variable.load(weights[name], session)
    for layer, cell in enumerate(cells):
        kernel, bias = cell.trainable_variables
        parts = [weights[f"layer_{layer}/{name}"] for name in ("kernel", "recurrent_kernel")]
        kernel.load(_ijfo(np.concatenate(parts)), session)
        bias.load(_ijfo(weights[f"layer_{layer}/bias"]), session)


def _ijfo(gates: np.ndarray) -> np.ndarray:
    i, f, g, o = np.split(gates, 4, axis=-1)
    return np.concatenate([i, g, f, o], axis=-1)


if __name__ == "__main__":
    serve(prepare)

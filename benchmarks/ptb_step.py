"""Words per second of one training step on the treebank: RNN Lab against plain Keras layers under `tf.function`.

    python -m benchmarks.ptb_step [--rounds 15] [--steps 10] [--words 200000]

Both do the same work: `ptb-small`'s network, batches, loss scale, clipping and SGD. The text is random
words: the speed does not depend on them. `--rounds 1 --steps 1` is the size for a smoke test.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from benchmarks.alternation import alternate, print_rates
from rnnlab.config import Experiment
from rnnlab.data import Dataset, Streams, cut_streams
from rnnlab.presets import preset
from rnnlab.training import Trainer

VOCABULARY = 10_000


def random_text(words: int) -> Dataset:
    """A text of random words with the treebank's vocabulary."""
    random = np.random.default_rng(0)
    tokens = random.integers(0, VOCABULARY, words).astype("int32")
    vocabulary = tuple(f"w{i}" for i in range(VOCABULARY))
    return Dataset(train=tokens, valid=tokens[:2000], test=tokens[:2000], vocabulary=vocabulary, label="random words")


def rnnlab_steps(experiment: Experiment, dataset: Dataset, steps: int) -> Callable[[], None]:
    """RNN Lab's trainer, `steps` updates a call, with everything that it does around them but the evaluations."""
    trainer = Trainer(experiment, dataset)
    while trainer.step == 0:  # The evaluation at step 0.
        trainer.advance()

    def run() -> None:
        goal = trainer.step + steps
        while trainer.step < goal:
            trainer.advance()

    return run


def keras_steps(experiment: Experiment, streams: Streams, steps: int) -> Callable[[], None]:
    """`keras.layers` in a training step under `tf.function`, as somebody would write it today."""
    model, training = experiment.model, experiment.training
    embedding = keras.layers.Embedding(VOCABULARY, model.units)
    layers = [keras.layers.LSTM(model.units, return_sequences=True, return_state=True) for _ in range(model.num_layers)]
    head = keras.layers.Dense(VOCABULARY)
    optimizer = keras.optimizers.SGD(training.learning_rate)

    def forward(inputs: tf.Tensor, states: list) -> tuple[tf.Tensor, list]:
        hidden, after = embedding(inputs), []
        for layer, state in zip(layers, states, strict=True):
            hidden, *state = layer(hidden, initial_state=state)
            after.append(state)
        return head(hidden), after

    states = [[tf.zeros((training.batch_size, model.units))] * 2 for _ in layers]
    forward(tf.zeros((training.batch_size, training.num_steps), tf.int32), states)
    variables = [v for layer in (embedding, *layers, head) for v in layer.trainable_variables]
    optimizer.build(variables)

    @tf.function
    def step(inputs: tf.Tensor, targets: tf.Tensor, states: list) -> tuple[tf.Tensor, list]:
        with tf.GradientTape() as tape:
            logits, after = forward(inputs, states)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
            loss = tf.reduce_sum(losses) / training.batch_size
        gradients = tape.gradient(loss, [v.value for v in variables])
        gradients, _ = tf.clip_by_global_norm(gradients, training.clip_norm)
        optimizer.apply(gradients, variables)
        return loss, after

    position = 0

    def run() -> None:
        nonlocal position, states
        for _ in range(steps):
            batch = streams.window(position % streams.num_windows(training.num_steps), training.num_steps)
            loss, states = step(tf.constant(batch.inputs), tf.constant(batch.targets), states)
            float(loss)
            position += 1

    return run


def main() -> None:
    """Parse the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--steps", type=int, default=10, help="updates a round")
    parser.add_argument("--words", type=int, default=200_000)
    arguments = parser.parse_args()

    experiment = preset("ptb-small").experiment
    training = experiment.training
    dataset = random_text(arguments.words)
    seconds = alternate(
        {
            "RNN Lab": rnnlab_steps(experiment, dataset, arguments.steps),
            "Keras layers, tf.function": keras_steps(
                experiment, cut_streams(dataset.train, training.batch_size), arguments.steps
            ),
        },
        arguments.rounds,
    )
    words = arguments.steps * training.batch_size * training.num_steps
    print_rates("Treebank small, 2 x 200 units, batch 20, 20 steps", "words", words, seconds)


if __name__ == "__main__":
    main()

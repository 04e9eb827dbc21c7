"""The loss and the updates of `ptb_word_lm`, beside TensorFlow 1's."""

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import ModelConfig, TrainingConfig
from rnnlab.models import Network
from rnnlab.training.loss import objective, sequence_loss_by_example, token_losses
from rnnlab.training.update import Minibatches, Updater
from tests.tf1_oracle import translation
from tests.tf1_oracle.cases import BATCH, LANGUAGE_MODEL, Cell
from tests.tf1_oracle.ours import assert_equal

pytestmark = pytest.mark.slow  # TensorFlow 1 needs some ten seconds, once for all of them.

MODEL = LANGUAGE_MODEL
CELLS = tuple(Cell("BasicLSTMCell", MODEL.units, MODEL.forget_bias) for _ in range(MODEL.layers))
EACH = range(MODEL.minibatches)


@pytest.mark.parametrize("kind", ["mean", "sum"])
def test_the_loss_of_each_example_and_its_gradient(tf1, kind):
    record = tf1["loss"]
    logits, targets, weights = (tf.constant(record[name]) for name in ("logits", "targets", "weights"))
    with tf.GradientTape() as tape:
        tape.watch(logits)
        losses = sequence_loss_by_example(logits, targets, weights, average_across_timesteps=kind == "mean")
        goal = tf.reduce_sum(losses * record["cotangent"])
    ours = {"losses": losses.numpy(), "gradient": tape.gradient(goal, logits).numpy()}
    assert_equal(ours, record[kind].arrays)


def weights_as_ours(weights):
    """ptb_word_lm's variables, or their gradients, by the paths of `network.weights`; the forget bias is 0."""
    layers = [translation.arrays_as_ours(cell, weights[f"{k}"].arrays, MODEL.units) for k, cell in enumerate(CELLS)]
    ours = {"embedding/embeddings": weights["embedding"]}
    ours |= {f"layer_{k}/{name}": array for k, layer in enumerate(layers) for name, array in layer.items()}
    return ours | {"head/kernel": weights["softmax_w"], "head/bias": weights["softmax_b"]}


def weights_of(network):
    return {weight.path: weight.numpy() for weight in network.weights}


def state_of(state):
    return {f"{layer}/{k}": np.asarray(part) for layer, parts in enumerate(state) for k, part in enumerate(parts)}


@pytest.fixture(params=[False, True], ids=["graph", "xla"])
def updater(tf1, request):
    """Ours, with ptb_word_lm's first weights."""
    model = ModelConfig(units=MODEL.units, num_layers=MODEL.layers, forget_bias=MODEL.forget_bias)
    training = TrainingConfig(
        optimizer="sgd",
        learning_rate=MODEL.learning_rate,
        clip_norm=MODEL.max_grad_norm,
        loss_scale="sum_over_time",
        batch_size=BATCH,
        num_steps=MODEL.num_steps,
    )
    network = Network(model, MODEL.vocabulary)
    first = weights_as_ours(tf1["language_model/weights"])
    assert weights_of(network).keys() == first.keys()
    for weight in network.weights:
        weight.assign(first[weight.path])
    return Updater(network, training, xla=request.param)


def minibatches(record, first, last):
    """Those from `first` to before `last`; the first of all starts from zeros."""
    count = last - first
    return Minibatches(
        inputs=tf.constant(record["inputs"][first:last]),
        targets=tf.constant(record["targets"][first:last]),
        weights=tf.ones((count, BATCH, MODEL.num_steps)),
        learning_rates=tf.fill([count], MODEL.learning_rate),
        fresh=tf.constant([k == 0 for k in range(first, last)]),
        feedback=tf.zeros(count),
        clip_norms=tf.fill([count], MODEL.max_grad_norm),
    )


def clipped_gradients(updater, minibatch, state):
    """What SGD takes off the weights, from one update that is taken back: at a rate so large that what the subtraction
    rounds off does not count.
    """
    rate, before = 1024.0, weights_of(updater.network)
    updater.run(minibatch._replace(learning_rates=tf.constant([rate])), state, seed=0, first_step=0, count=1)
    after = weights_of(updater.network)
    for weight in updater.network.weights:
        weight.assign(before[weight.path])
    return {name: (before[name] - after[name]) / np.float32(rate) for name in before}


def test_each_update_gives_tf1s_numbers(tf1, updater):
    """Cost, norm before clipping, clipped gradients, carried states, and the weights after three updates in a row."""
    record = tf1["language_model"]
    network = updater.network
    state = tf.nest.map_structure(tf.ones_like, network.zero_state(BATCH))  # Must not matter to the fresh one.
    for k in EACH:
        minibatch, theirs = minibatches(record, k, k + 1), record[f"{k}"]
        assert_equal(clipped_gradients(updater, minibatch, state), weights_as_ours(theirs["clipped"]))
        losses, norms, state = updater.run(minibatch, state, seed=0, first_step=k, count=1)
        assert_equal(weights_of(network), weights_as_ours(theirs["weights"]))
        assert_equal(state_of(state), state_of(translation.states_as_ours(CELLS, theirs.parts("state"))))
        # The curves show the mean; TensorFlow 1's cost is the sum over time.
        ours = {"cost": losses.numpy()[0] * np.float32(MODEL.num_steps), "norm": norms.numpy()[0]}
        assert_equal(ours, {name: theirs[name] for name in ours})


def test_updates_in_one_compiled_call_end_with_tf1s_weights(tf1, updater):
    record, count = tf1["language_model"], MODEL.minibatches
    network = updater.network
    losses, norms, state = updater.run(minibatches(record, 0, count), network.zero_state(BATCH), 0, 0, count)
    last = record[f"{count - 1}"]
    assert_equal(weights_of(network), weights_as_ours(last["weights"]))
    assert_equal(state_of(state), state_of(translation.states_as_ours(CELLS, last.parts("state"))))
    costs, their_norms = (np.stack([record[f"{k}"][name] for k in EACH]) for name in ("cost", "norm"))
    assert_equal(
        {"costs": losses.numpy() * np.float32(MODEL.num_steps), "norms": norms.numpy()},
        {"costs": costs, "norms": their_norms},
    )


@pytest.mark.parametrize("k", EACH)
def test_the_objective_is_tf1s_cost(tf1, k):
    record = tf1["language_model"]
    logits = record[f"{k}/logits"].reshape(BATCH, MODEL.num_steps, MODEL.vocabulary)
    losses = token_losses(tf.constant(logits), tf.constant(record["targets"][k]))
    cost = objective(losses, tf.ones_like(losses), "sum_over_time")
    assert_equal({"cost": cost.numpy()}, {"cost": record[f"{k}/cost"]})


def test_tf1_clipped_some_updates_and_left_others(tf1):
    norms = [float(tf1[f"language_model/{k}/norm"]) for k in EACH]
    assert min(norms) < MODEL.max_grad_norm < max(norms)

"""Every optimizer, cell and task against a training that was written a second time, in NumPy and float64.

The second one follows the papers: Kingma and Ba 2015 for Adam; ptb_word_lm for SGD, clipping, the scale of the loss and
the carried state; Elman 1990, Hochreiter and Schmidhuber 1997 and Cho 2014 for the cells. It has no backward pass that
could be wrong in the same way as ours: a loss that is computed for w + ih, with a tiny h, has h times its derivative as
its imaginary part, to the last digit of float64. All the weights are nudged at once, each in a copy of the network of
its own, along a first axis of every array.
"""

import numpy as np
import pytest

from rnnlab.config import NUMBER_TAGS, Experiment, ModelConfig, SineData, TextData, TrainingConfig
from rnnlab.data import Dataset, load_dataset

UPDATES = 20
NUDGE = 1e-30  # Its square is nothing beside 1, so the nudge does not change the loss that it is the imaginary part of.
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7  # Kingma's, but for epsilon, which is Keras's.


# --- cells: the state before and what is read -> the state after. Weights are matrices, a bias is one of one row. -----


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def simple_rnn(x, state, kernel, recurrent_kernel, bias):
    (h,) = state
    return (np.tanh(x @ kernel + h @ recurrent_kernel + bias),)


def lstm(x, state, kernel, recurrent_kernel, bias):
    h, c = state
    i, f, g, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def gru(x, state, kernel, recurrent_kernel, bias):
    (h,) = state
    x_z, x_r, x_g = np.split(x @ kernel + bias, 3, axis=-1)
    to_z, to_r, to_g = np.split(recurrent_kernel, 3, axis=-1)
    z, r = sigmoid(x_z + h @ to_z), sigmoid(x_r + h @ to_r)
    g = np.tanh(x_g + (r * h) @ to_g)
    return (z * h + (1 - z) * g,)


def gru_reset_after(x, state, kernel, recurrent_kernel, bias):
    (h,) = state
    x_z, x_r, x_g = np.split(x @ kernel + bias[..., :1, :], 3, axis=-1)
    h_z, h_r, h_g = np.split(h @ recurrent_kernel + bias[..., 1:, :], 3, axis=-1)
    z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
    g = np.tanh(x_g + r * h_g)
    return (z * h + (1 - z) * g,)


STEPS = {"simple_rnn": simple_rnn, "lstm": lstm, "gru": gru, "gru_reset_after": gru_reset_after}


# --- losses of each stream at one step: (copies, B) -------------------------------------------------------------------


def squared_error(outputs, targets):
    return np.square(outputs - targets)[..., 0]


def cross_entropy(logits, targets):
    largest = logits.real.max(axis=-1)
    total = np.log(np.exp(logits - largest[..., None]).sum(axis=-1))
    return largest + total - logits[..., np.arange(len(targets)), targets]


# --- training ---------------------------------------------------------------------------------------------------------


def derivatives(loss, parts):
    """Of a function of some arrays: their nudged copies -> the loss of every copy."""
    sizes = [part.size for part in parts]
    copies = sum(sizes)
    nudges = np.split(1j * NUDGE * np.eye(copies), np.cumsum(sizes)[:-1], axis=1)
    losses = loss([part + nudge.reshape(copies, *part.shape) for part, nudge in zip(parts, nudges, strict=True)])
    slopes = np.split(losses.imag / NUDGE, np.cumsum(sizes)[:-1])
    return [slope.reshape(part.shape) for slope, part in zip(slopes, parts, strict=True)]


def norm_of(arrays):
    return np.sqrt(sum(np.sum(np.square(array)) for array in arrays))


class SGD:
    def change(self, gradients, rate):
        return [-rate * gradient for gradient in gradients]


class Adam:
    """Kingma and Ba 2015 in the order of the end of its section 2, which has epsilon beside the uncorrected sqrt(v)."""

    def __init__(self):
        self.t = 0
        self.m = self.v = 0

    def change(self, gradients, rate):
        flat = np.concatenate([gradient.ravel() for gradient in gradients])
        self.t += 1
        self.m = BETA_1 * self.m + (1 - BETA_1) * flat
        self.v = BETA_2 * self.v + (1 - BETA_2) * np.square(flat)
        corrected = rate * np.sqrt(1 - BETA_2**self.t) / (1 - BETA_1**self.t)
        flat = -corrected * self.m / (np.sqrt(self.v) + EPSILON)
        parts = np.split(flat, np.cumsum([gradient.size for gradient in gradients])[:-1])
        return [part.reshape(gradient.shape) for part, gradient in zip(parts, gradients, strict=True)]


class Reference:
    """The second training of an experiment.

    Args:
        weights: the first ones: word vectors of a text, then kernel, recurrent kernel and bias of each layer, then those
            of the head, of which tied embeddings have the bias alone.
    """

    def __init__(self, experiment, weights):
        self.model, self.training = experiment.model, experiment.training
        self.is_text, self.is_tied = experiment.is_text, experiment.is_tied
        self.losses = cross_entropy if experiment.is_text or experiment.tags else squared_error
        self.step = STEPS[self.model.cell + "_reset_after" * self.model.reset_after]
        self.optimizer = {"sgd": SGD, "adam": Adam}[self.training.optimizer]()
        self.weights = [np.atleast_2d(weight).astype("float64") for weight in weights]
        self.state = self.zero_state()

    def zero_state(self):
        parts = 2 if self.model.cell == "lstm" else 1
        zeros = np.zeros((self.training.batch_size, self.model.units))
        return [(zeros,) * parts] * self.model.num_layers

    def update(self, minibatch, is_fresh):
        """One update: the mean loss at the weights before it, and the gradient's norm before clipping."""
        start = self.zero_state() if is_fresh else self.state
        counts = minibatch.weights.astype("float64")
        # What is added to each vector that is read: nothing. Its slope is that of one reading of a word by itself.
        additions = np.zeros((*counts.shape, self.weights[0].shape[1] if self.is_text else 1))

        def forward(parts):
            *weights, added = parts
            losses, after = self.forward(weights, added, minibatch, start)
            self.state = [tuple(part[0].real for part in layer) for layer in after]
            summed.append(np.sum(losses * counts, axis=(1, 2)))
            return summed[0] / scale

        summed = []
        by_time = self.training.loss_scale == "sum_over_time"
        scale = self.training.batch_size if by_time else counts.sum()
        *gradients, readings = derivatives(forward, [*self.weights, additions])
        norm = self.norm(gradients, readings)
        clip = self.training.clip_norm
        factor = clip / max(norm, clip) if clip else 1.0
        changes = self.optimizer.change([factor * gradient for gradient in gradients], self.training.learning_rate)
        self.weights = [weight + change for weight, change in zip(self.weights, changes, strict=True)]
        return summed[0][0].real / counts.sum(), norm

    def forward(self, weights, added, minibatch, state):
        """The losses of all copies, (copies, B, T), and the states of their layers."""
        vectors = weights[0] if self.is_text else None
        layers = weights[self.is_text :]
        head = np.swapaxes(vectors, 1, 2) if self.is_tied else weights[-2]
        losses = []
        for t in range(self.training.num_steps):
            read = minibatch.inputs[:, t]
            hidden = (vectors[:, read] if self.is_text else read) + added[:, :, t]
            after = []
            for layer, before in enumerate(state):
                after.append(self.step(hidden, before, *layers[3 * layer : 3 * layer + 3]))
                hidden = after[-1][0]
            state = after
            losses.append(self.losses(hidden @ head + weights[-1], minibatch.targets[:, t]))
        return np.stack(losses, axis=2), state

    def norm(self, gradients, readings):
        """TF1's global_norm, as ptb_word_lm clips by it.

        The gradient of a table that is only looked up has a row for every reading of a word, and they are not added up.
        """
        looked_up = self.is_text and not self.is_tied
        return norm_of([*gradients[1:], readings] if looked_up else gradients)


# --- the comparison ---------------------------------------------------------------------------------------------------


def text(vocabulary, seed=0, **settings):
    rng = np.random.default_rng(seed)
    # Two streams of 21 words: five windows of four steps. Eight readings of five words: some repeat in every minibatch.
    train, valid, test = (rng.integers(0, len(vocabulary), length, "int32") for length in (42, 10, 10))
    return Dataset(train, valid, test, vocabulary, "by hand", **settings)


TASKS = {
    "series": (SineData(samples=41, frequency=0.7), None, False),
    "text": (TextData(corpus="upload"), text(("a", "b", "c", "d", "e")), False),
    "tied": (TextData(corpus="upload"), text(("a", "b", "c", "d", "e")), True),
    "peaks": (SineData(samples=41, frequency=0.7, target="peaks"), None, False),
    # `the` has the number of a noun to come, and counts nothing where none comes.
    "number_tags": (
        TextData(corpus="grammar", task="number_tags"),
        text(("the", "dog", "dogs", "near", "laugh"), tags=NUMBER_TAGS),
        False,
    ),
}
RATES = {"sgd": 0.5, "adam": 0.01}
SHAPE = {"batch_size": 2, "num_steps": 4, "epochs": 5, "precision": "float32", "evaluate_every": 10**6}


def experiment(data, optimizer, cell="lstm", tied=False, layers=1, **training):
    reset_after = cell == "gru_reset_after"
    model = ModelConfig(
        cell="gru" if reset_after else cell,
        reset_after=reset_after,
        units=3,
        num_layers=layers,
        tie_embeddings=tied,
        init_scale=0.5,
    )
    training = {"learning_rate": RATES[optimizer], "optimizer": optimizer} | SHAPE | training
    return Experiment(data, model, TrainingConfig(**training), seed=2)


def train(trainer):
    """The losses and the gradient norms of the updates."""
    records = []
    while trainer.step < UPDATES:
        records += trainer.advance(UPDATES - trainer.step)
    return [[record.value for record in records if record.name == name] for name in ("batch_loss", "grad_norm")]


def train_again(trainer, first_weights):
    """The same of the second training, and its last weights."""
    reference = Reference(trainer.experiment, first_weights)
    num_steps, carries = trainer.experiment.training.num_steps, trainer.experiment.training.carry_state
    windows = trainer.streams.num_windows(num_steps)
    measured = []
    for step in range(UPDATES):
        minibatch = trainer.streams.window(step % windows, num_steps)
        measured.append(reference.update(minibatch, is_fresh=not carries or step % windows == 0))
    losses, norms = zip(*measured, strict=True)
    return losses, norms, reference.weights


def check_updates(trainer):
    first_weights = [weight.numpy() for weight in trainer.network.weights]
    losses, norms = train(trainer)
    expected_losses, expected_norms, expected_weights = train_again(trainer, first_weights)
    import os

    err = lambda a, b: np.max(np.abs(np.array(a) / np.array(b) - 1))
    werr = [
        np.max(np.abs(w.numpy().reshape(e.shape) - e)) / np.max(np.abs(e - f))
        for w, e, f in zip(trainer.network.weights, expected_weights, first_weights)
    ]
    with open("/tmp/errs", "a") as f:
        t = trainer.experiment
        print(
            t.training.optimizer,
            t.model.cell,
            t.model.reset_after,
            t.is_tied,
            t.tags,
            "L %.1e N %.1e W %s"
            % (err(losses, expected_losses), err(norms, expected_norms), " ".join("%.1e" % w for w in werr)),
            "losses %.2f..%.2f norms %.3f..%.3f" % (losses[0], losses[-1], min(norms), max(norms)),
            file=f,
        )
    np.testing.assert_allclose(losses, expected_losses, rtol=1e-4)
    np.testing.assert_allclose(norms, expected_norms, rtol=1e-4)
    for weight, expected, first in zip(trainer.network.weights, expected_weights, first_weights, strict=True):
        moved = np.abs(expected.reshape(first.shape) - first).max()
        np.testing.assert_allclose(weight.numpy(), expected.reshape(first.shape), rtol=0, atol=1e-4 * moved)
    return norms


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("cell", STEPS)
@pytest.mark.parametrize("optimizer", RATES)
def test_updates_are_those_of_the_papers(make_trainer, optimizer, cell, task):
    data, dataset, tied = TASKS[task]
    check_updates(make_trainer(experiment(data, optimizer, cell, tied), dataset))


@pytest.mark.parametrize("carry_state", [True, False])
@pytest.mark.parametrize("optimizer", RATES)
def test_clipped_updates_of_two_layers_are_those_of_ptb_word_lm(make_trainer, optimizer, carry_state):
    data, dataset, _ = TASKS["text"]
    clipping = {"clip_norm": 0.5, "loss_scale": "sum_over_time", "carry_state": carry_state}
    norms = check_updates(make_trainer(experiment(data, optimizer, layers=2, **clipping), dataset))
    assert min(norms) > 0.5


def test_the_first_update_of_adam_moves_the_vector_of_a_repeated_word_by_the_rate(make_trainer):
    """It is rate * g / |g|, g being the whole gradient: four readings of a word do not make the step longer."""
    words = np.array([2, 2, 2, 2, 2, 3, 2, 2, 1, 0], "int32")
    dataset = Dataset(words, words.copy(), words.copy(), ("a", "b", "c", "d", "e"), "by hand")
    trainer = make_trainer(experiment(TASKS["text"][0], "adam"), dataset)
    before = trainer.network.weights[0].numpy()
    while trainer.step < 1:
        trainer.advance(1)
    np.testing.assert_allclose(np.abs(trainer.network.weights[0].numpy() - before)[2], 0.01, rtol=0, atol=1e-4)

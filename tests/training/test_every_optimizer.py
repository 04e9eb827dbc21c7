"""Every optimizer, cell and task against a training that was written a second time, in NumPy and float64.

The second one follows the papers: Kingma and Ba 2015 for Adam; ptb_word_lm for SGD, clipping, the scale of the loss and
the carried state; Elman 1990, Hochreiter and Schmidhuber 1997 and Cho 2014 for the cells. It has no backward pass that
could be wrong in the same way as ours: a loss that is computed for w + ih, with a tiny h, has h times its derivative as
its imaginary part, exact but for rounding. All the weights are nudged at once, each in a copy of the network of its
own, along a first axis of every array.
"""

import itertools

import numpy as np
import pytest

from rnnlab.config import LABEL_NUMBERS, Experiment, ModelConfig, SineData, TextData, TrainingConfig
from rnnlab.data import Dataset
from rnnlab.training import update
from rnnlab.training.evaluation import Evaluator, Means

UPDATES = 20
NUDGE = 1e-30  # Its square is nothing beside 1: the loss itself is the same to the last digit.
BETA_1, BETA_2 = 0.9, 0.999
EPSILON = 1e-7  # Keras's; Kingma has 1e-8.

# --- cells: what is read and the state before -> the state after. Every weight is a matrix, a bias one of few rows. ---


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


CELLS = {"simple_rnn": simple_rnn, "lstm": lstm, "gru": gru, "gru_reset_after": gru_reset_after}

# --- losses of one step: (copies, B) ----------------------------------------------------------------------------------


def squared_error(outputs, targets):
    return np.square(outputs - targets)[..., 0]


def cross_entropy(logits, targets):
    total = np.log(np.exp(logits).sum(axis=-1))
    return total - logits[..., np.arange(len(targets)), targets]


# --- derivatives ------------------------------------------------------------------------------------------------------


def nudged(arrays):
    """A copy of all the arrays for each of their numbers, in which this number is nudged: (copies, ...) each."""
    sizes = [array.size for array in arrays]
    nudges = np.split(1j * NUDGE * np.eye(sum(sizes)), np.cumsum(sizes)[:-1], axis=1)
    return [array + nudge.reshape(-1, *array.shape) for array, nudge in zip(arrays, nudges, strict=True)]


def slopes(goals, arrays):
    """The derivatives of a number by each number of the arrays, from its values (copies,) for the nudged copies."""
    parts = np.split(goals.imag / NUDGE, np.cumsum([array.size for array in arrays])[:-1])
    return [part.reshape(array.shape) for part, array in zip(parts, arrays, strict=True)]


# --- optimizers: gradients -> changes of the weights ------------------------------------------------------------------


class SGD:
    def __init__(self, weights):
        pass

    def changes(self, gradients, rate):
        return [-rate * gradient for gradient in gradients]


class Adam:
    """In the order of computation that the end of Kingma's section 2 gives, and Keras takes.

    Epsilon stands beside a sqrt(v) that is not corrected for its start at 0; the rate is corrected instead.
    """

    def __init__(self, weights):
        self.t = 0
        self.m = [np.zeros_like(weight) for weight in weights]
        self.v = [np.zeros_like(weight) for weight in weights]

    def changes(self, gradients, rate):
        self.t += 1
        self.m = [BETA_1 * m + (1 - BETA_1) * g for m, g in zip(self.m, gradients, strict=True)]
        self.v = [BETA_2 * v + (1 - BETA_2) * np.square(g) for v, g in zip(self.v, gradients, strict=True)]
        rate = rate * np.sqrt(1 - BETA_2**self.t) / (1 - BETA_1**self.t)
        return [-rate * m / (np.sqrt(v) + EPSILON) for m, v in zip(self.m, self.v, strict=True)]


# --- training ---------------------------------------------------------------------------------------------------------


class Reference:
    """The second training of an experiment.

    Args:
        weights: the first ones: the word vectors of a text; kernel, recurrent kernel and bias of each layer; kernel and
            bias of the head, which with tied embeddings has the bias alone.
    """

    def __init__(self, experiment, weights):
        self.model, self.training = experiment.model, experiment.training
        self.reads_tokens, self.is_tied = experiment.task.reads_tokens, experiment.is_tied
        self.cell = CELLS[name_of(experiment.model)]
        self.losses = cross_entropy if experiment.task.reads_tokens or experiment.task.tags else squared_error
        self.weights = [np.atleast_2d(weight).astype("float64") for weight in weights]
        self.optimizer = {"sgd": SGD, "adam": Adam}[self.training.optimizer](self.weights)
        self.state = self.zero_state()

    def zero_state(self):
        zeros = np.zeros((self.training.batch_size, self.model.units))
        return [(zeros, zeros) if self.model.cell == "lstm" else (zeros,)] * self.model.num_layers

    def update(self, minibatch, is_fresh):
        """One update: the mean loss at the weights before it, and the norm of the gradient before it is clipped."""
        counts = minibatch.weights.astype("float64")
        # Added to what each step reads, this changes nothing. Its slope is that of one single reading of a word.
        additions = np.zeros((*counts.shape, self.weights[0].shape[1] if self.reads_tokens else 1))
        arrays = [*self.weights, additions]
        losses, after = self.run(nudged(arrays), minibatch, self.zero_state() if is_fresh else self.state)
        self.state = [tuple(part[0].real for part in layer) for layer in after]
        totals = np.sum(losses * counts, axis=(1, 2))
        divisor = self.training.batch_size if self.training.loss_scale == "sum_over_time" else counts.sum()
        *gradients, readings = slopes(totals / divisor, arrays)
        norm = self.norm(gradients, readings)
        self.move(gradients, norm)
        return totals[0].real / counts.sum(), norm

    def run(self, arrays, minibatch, state):
        """The loss of every step, (copies, B, T), and the states of the layers after the last one."""
        *weights, additions = arrays
        vectors, layers = weights[0], weights[self.reads_tokens :]
        head = np.swapaxes(vectors, 1, 2) if self.is_tied else weights[-2]
        losses = []
        for t in range(self.training.num_steps):
            read, target = minibatch.inputs[:, t], minibatch.targets[:, t]
            hidden = (vectors[:, read] if self.reads_tokens else read) + additions[:, :, t]
            after = []
            for layer, before in enumerate(state):
                after.append(self.cell(hidden, before, *layers[3 * layer : 3 * layer + 3]))
                hidden = after[layer][0]
            state = after
            losses.append(self.losses(hidden @ head + weights[-1], target))
        return np.stack(losses, axis=-1), state

    def norm(self, gradients, readings):
        """TF1's global_norm, which ptb_word_lm clips by.

        The gradient of word vectors that are only looked up is a list of rows there, one for each reading of a word,
        and its norm is taken before the rows of a repeated word are added up. With tied embeddings it is a whole table.
        """
        arrays = [*gradients[1:], readings] if self.reads_tokens and not self.is_tied else gradients
        return np.sqrt(sum(np.sum(np.square(array)) for array in arrays))

    def move(self, gradients, norm):
        clip = self.training.clip_norm
        factor = clip / max(norm, clip) if clip else 1.0
        changes = self.optimizer.changes([factor * g for g in gradients], self.training.learning_rate)
        self.weights = [weight + change for weight, change in zip(self.weights, changes, strict=True)]


def name_of(model):
    return "gru_reset_after" if model.reset_after else model.cell


# --- what is trained --------------------------------------------------------------------------------------------------


def text(vocabulary, train=None, tags=()):
    """Words in any order. Of the eight that a minibatch reads, out of a vocabulary of five, some always repeat."""
    rng = np.random.default_rng(0)
    # Two streams of 21 words: five windows of four steps.
    drawn, valid, test = (rng.integers(0, len(vocabulary), length, "int32") for length in (42, 10, 10))
    train = drawn if train is None else np.array(train, "int32")
    return Dataset(train, valid, test, tuple(vocabulary), "by hand", tags=tags)


WORDS = TextData(corpus="upload")
# `the` has the number of a noun to come, and counts nothing where none comes: some steps have weight 0.
GRAMMAR = text(("the", "dog", "dogs", "near", "laugh"), tags=LABEL_NUMBERS.tags)
TASKS = {
    "series": (SineData(samples=41, frequency=0.7), None),
    "text": (WORDS, text("abcde")),
    "tied": (WORDS, text("abcde")),
    "peaks": (SineData(samples=41, frequency=0.7, target="peaks"), None),
    "number_tags": (TextData(corpus="grammar", task="number_tags"), GRAMMAR),
}
RATES = {"sgd": 0.5, "adam": 0.01}


def cases():
    """Every optimizer with every cell and every task, and whether XLA compiles the whole update.

    Half of them have each pair of two, and XLA compiles these as it does small networks. The rest is trained as large
    networks are. Nothing is slow but the compiler, which is asked again for each of them.
    """
    kinds = [list(RATES), list(CELLS), list(TASKS)]
    places = itertools.product(*(range(len(names)) for names in kinds))
    whole = [sum(place) % 2 == 1 for place in places]
    return [
        pytest.param(*case, xla, id="-".join(case)) for case, xla in zip(itertools.product(*kinds), whole, strict=True)
    ]


def experiment(data, optimizer, cell="lstm", tied=False, layers=1, **training):
    model = ModelConfig(
        cell=cell.removesuffix("_reset_after"),
        reset_after=cell == "gru_reset_after",
        units=3,
        num_layers=layers,
        embedding_dim=3,
        tie_embeddings=tied,
        init_scale=1.0,
    )
    shape = {"batch_size": 2, "num_steps": 4, "epochs": 5, "precision": "float32", "evaluate_every": 10**6}
    training = TrainingConfig(**{"optimizer": optimizer, "learning_rate": RATES[optimizer]} | shape | training)
    return Experiment(data, model, training, seed=2)


@pytest.fixture(autouse=True)
def _no_evaluation(monkeypatch):
    """What is measured between the updates is not compared here, and would have to be compiled as well."""
    monkeypatch.setattr(Evaluator, "means", lambda evaluator, windows, carry_state: iter([Means(0.0, 0.0)]))


# --- the comparison ---------------------------------------------------------------------------------------------------


def train(trainer, updates=UPDATES):
    """The losses and the gradient norms of the updates."""
    measurements = []
    while trainer.step < updates:
        measurements += trainer.advance(updates - trainer.step)
    return [[one.value for one in measurements if one.name == name] for name in ("batch_loss", "grad_norm")]


def train_again(trainer, first):
    """The same from the second training, and the weights after its last update."""
    reference = Reference(trainer.experiment, first)
    training, streams = trainer.experiment.training, trainer.streams
    windows = streams.num_windows(training.num_steps)
    measured = []
    for step in range(UPDATES):
        place = step % windows
        is_fresh = place == 0 or not training.carry_state
        measured.append(reference.update(streams.window(place, training.num_steps), is_fresh))
    losses, norms = zip(*measured, strict=True)
    return losses, norms, reference.weights


def check_updates(trainer):
    """Compare, and give the norms of the gradients.

    Adam's steps are all wrong by the same 7e-6 of themselves: Keras takes 0.999 to the power t in float32, which puts
    1 - 0.999 wrong by 1.3e-5. Under SGD some arrays move so little that the rounding of their weights is 2e-5 of it.
    """
    first = [weight.numpy() for weight in trainer.network.weights]
    losses, norms = train(trainer)
    expected_losses, expected_norms, expected = train_again(trainer, first)
    np.testing.assert_allclose(losses, expected_losses, rtol=5e-5)
    np.testing.assert_allclose(norms, expected_norms, rtol=5e-5)
    for ours, theirs, start in zip(trainer.network.weights, expected, first, strict=True):
        theirs = theirs.reshape(start.shape)
        np.testing.assert_allclose(ours.numpy(), theirs, rtol=0, atol=5e-5 * np.abs(theirs - start).max())
    return norms


@pytest.mark.parametrize(("optimizer", "cell", "task", "xla"), cases())
def test_twenty_updates_are_those_of_the_papers(make_trainer, monkeypatch, optimizer, cell, task, xla):
    if not xla:
        monkeypatch.setattr(update, "XLA_WORK", 0)
    data, dataset = TASKS[task]
    trainer = make_trainer(experiment(data, optimizer, cell, tied=task == "tied"), dataset)
    assert trainer.updater.xla is xla
    check_updates(trainer)


@pytest.mark.parametrize("carry_state", [True, False])
@pytest.mark.parametrize(("optimizer", "rate"), [("sgd", 1.0), ("adam", 0.01)])
def test_clipped_updates_of_two_layers_are_those_of_ptb_word_lm(make_trainer, optimizer, rate, carry_state):
    data, dataset = TASKS["text"]
    clipping = {"clip_norm": 0.5, "loss_scale": "sum_over_time", "carry_state": carry_state, "learning_rate": rate}
    norms = check_updates(make_trainer(experiment(data, optimizer, layers=2, **clipping), dataset))
    assert min(norms) > 0.5


def test_the_first_step_of_adam_moves_the_vector_of_a_repeated_word_by_the_learning_rate(make_trainer):
    """It is rate * g / |g| with the gradient g of all readings together, however many there are."""
    dataset = text("abcde", train=[2, 2, 2, 2, 2, 3, 2, 2, 1, 0])
    trainer = make_trainer(experiment(WORDS, "adam"), dataset)
    before = trainer.network.weights[0].numpy()
    train(trainer, updates=1)
    moved = np.abs(trainer.network.weights[0].numpy() - before)
    np.testing.assert_allclose(moved[2], 0.01, rtol=0, atol=1e-4)

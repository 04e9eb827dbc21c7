"""Carrying the state against resetting it: on a text whose floor without memory is counted, and in NumPy."""

import itertools
import math
from collections import Counter, defaultdict
from functools import cache

import numpy as np
import pytest

from rnnlab.config import from_flat
from rnnlab.data import Dataset
from rnnlab.inspection import carry_against_reset
from rnnlab.plots.forgetting import carried_against_reset_figure
from rnnlab.presets import PRESETS
from rnnlab.training import Trainer
from rnnlab.training.workbench import Workbench
from tests.support.texts import held_out_cut

PERIOD = [0, 0, 1]
"""An `a` is followed by another `a` or a `b`. Only a network that remembers the previous token knows which."""

BASE = from_flat(
    {
        "data": "text",
        "corpus": "upload",
        "units": 8,
        "batch_size": 4,
        "num_steps": 1,
        "epochs": 8,
        "full_rate_epochs": 8,
        "learning_rate": 0.05,
        "evaluate_every": 100,
    }
)


def periods(count):
    return np.tile(PERIOD, count).astype("int32")


def dataset(train=80, valid=20):
    return Dataset(periods(train), periods(valid), periods(valid), ("a", "b"), "a a b")


def changed(**settings):
    return from_flat(settings, BASE)


@cache
def trained(seed):
    return carry_against_reset(changed(seed=seed), dataset())


def lowest_loss_without_memory(tokens, streams):
    """Nats per token of the best guess that looks at the present token only, on this very text: counted."""
    rows = tokens[: len(tokens) // streams * streams].reshape(streams, -1)
    nexts = defaultdict(Counter)
    for row in rows:
        for token, after in itertools.pairwise(row):
            nexts[token][after] += 1
    losses = [-n * math.log(n / counts.total()) for counts in nexts.values() for n in counts.values()]
    return sum(losses) / sum(counts.total() for counts in nexts.values())


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_only_a_carried_state_falls_below_what_the_present_token_tells(seed):
    result = trained(seed)
    floor = lowest_loss_without_memory(periods(20), streams=4)
    assert result.carried.loss_carried < floor / 2
    for once in (result.carried, result.reset):
        assert once.loss_reset > floor - 1e-4
    assert result.reset.loss_reset < floor + 0.05, "it should have learned what can be learned without memory"
    assert result.gain > floor / 4


@pytest.mark.parametrize("seed", [0, 1])
def test_carrying_pays_on_the_grammar(seed):
    settings = {"train_tokens": 3000, "units": 16, "num_steps": 1, "epochs": 4, "learning_rate": 0.02, "seed": seed}
    experiment = from_flat(settings | {"evaluate_every": 10**6}, PRESETS["grammar"].experiment)
    result = carry_against_reset(experiment, held_out_cut(experiment.data, experiment.seed))
    assert result.gain > 0


def test_both_trainings_start_alike_and_are_measured_at_the_same_steps():
    result = trained(0)
    for curve in ("train_curve", "valid_curve"):
        (steps, losses), (others, other_losses) = getattr(result.carried, curve), getattr(result.reset, curve)
        np.testing.assert_array_equal(steps, others)
        assert steps[0] == 0
        # The same weights; but each curve is measured as its network is trained, with the state carried or reset.
        assert losses[0] == pytest.approx(other_losses[0], abs=0.01)
        assert not np.array_equal(losses, other_losses)


def test_trainings_with_nothing_to_carry_are_one_and_the_same():
    """One window an epoch, and every epoch begins empty: if more than the state differed, it would show."""
    only_window = len(PERIOD) * 8 // 2 - 1
    experiment = changed(batch_size=2, num_steps=only_window, epochs=20, evaluate_every=3)
    result = carry_against_reset(experiment, dataset(train=8, valid=4))
    for curve in ("train_curve", "valid_curve"):
        np.testing.assert_array_equal(getattr(result.carried, curve), getattr(result.reset, curve))
    assert result.carried.loss_carried == result.reset.loss_carried < math.log(2)
    assert result.gain == 0


def test_results_are_the_same_every_time_whatever_the_experiments_own_way():
    again = carry_against_reset(changed(seed=0, carry_state=False), dataset())
    for once, other in ((trained(0).carried, again.carried), (trained(0).reset, again.reset)):
        assert once.carry_state is other.carry_state
        assert (once.loss_carried, once.loss_reset) == (other.loss_carried, other.loss_reset)
        np.testing.assert_array_equal(once.valid_curve, other.valid_curve)
    assert trained(0).carried.loss_carried != trained(1).carried.loss_carried


def numpy_loss(network, tokens, num_steps, carry):
    """Cross-entropy in nats per token of one stream, read by an LSTM written from the paper."""

    def array(variable):
        return variable.numpy().astype("float64")

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    embedding, (cell,) = array(network.embedding.embeddings), network.cells
    kernel, recurrent_kernel, bias = array(cell.kernel), array(cell.recurrent_kernel), array(cell.bias)
    losses = []
    for t, (token, target) in enumerate(itertools.pairwise(tokens)):
        if t == 0 or (not carry and t % num_steps == 0):
            h = c = np.zeros(cell.units)
        i, f, g, o = np.split(embedding[token] @ kernel + h @ recurrent_kernel + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        logits = h @ array(network.head.kernel) + array(network.head.bias)
        losses.append(np.log(np.exp(logits).sum()) - logits[target])
    return np.mean(losses)


def test_losses_are_those_of_the_trained_weights_read_in_numpy():
    # 3 does not divide the 59 steps: the last window is shorter than the others and must count less.
    experiment = changed(batch_size=1, num_steps=3, epochs=1, learning_rate=0.02)
    data = dataset(train=30)
    result = carry_against_reset(experiment, data)
    workbench = Workbench(experiment, len(data.vocabulary))
    for once in (result.carried, result.reset):
        trainer = Trainer(from_flat({"carry_state": once.carry_state}, experiment), data, workbench)
        while not trainer.finished:
            trainer.advance()
        assert once.loss_carried == pytest.approx(numpy_loss(trainer.network, data.valid, 3, carry=True), rel=1e-5)
        assert once.loss_reset == pytest.approx(numpy_loss(trainer.network, data.valid, 3, carry=False), rel=1e-5)
        assert once.perplexity_carried == pytest.approx(math.exp(once.loss_carried))
        assert once.perplexity_reset == pytest.approx(math.exp(once.loss_reset))


def test_its_figure_shows_its_perplexities():
    result = trained(0)
    heights = {
        (bar.name, label): y
        for bar in carried_against_reset_figure(result).data
        for label, y in zip(bar.x, bar.y, strict=True)
    }
    both = ("state carried in training", result.carried), ("state reset in training", result.reset)
    assert len(heights) == 4
    for label, once in both:
        assert heights["state carried in validation", label] == pytest.approx(once.perplexity_carried)
        assert heights["state reset in validation", label] == pytest.approx(once.perplexity_reset)


def test_progress_counts_both_trainings():
    calls = []
    carry_against_reset(changed(epochs=1), dataset(), progress=lambda *call: calls.append(call))
    steps = [done for done, _, _ in calls]
    (total,) = {total for _, total, _ in calls}
    assert steps == sorted(steps)
    assert steps[-1] == total == 2 * 59
    assert {one.name for _, _, measurements in calls for one in measurements} >= {"valid_loss", "batch_loss"}


def test_a_wave_is_measured_past_its_lead_in():
    wave = {"data": "sine", "samples": 60, "units": 4, "num_steps": 5, "epochs": 3, "batch_size": 1}
    result = carry_against_reset(from_flat(wave | {"evaluate_every": 10**6}))
    # The last point of each curve is measured at the last weights, on the same values, as the network is trained.
    assert result.carried.loss_carried == pytest.approx(result.carried.valid_curve[1][-1], rel=1e-6)
    assert result.reset.loss_reset == pytest.approx(result.reset.valid_curve[1][-1], rel=1e-6)
    for once in (result.carried, result.reset):
        assert once.loss_reset != once.loss_carried

"""Findings on made-up histories, whose truth is known because they were made so."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pytest

from rnnlab.watching.diagnosis import KINDS, History, diagnose
from tests.support.seeds import for_each_seed

SEEDS = range(100)
STEPS = np.arange(0, 1010, 10)
"""Of 101 evaluations, as many as a run has."""
LOOKS = range(1, len(STEPS) + 1, 4)
"""Evaluations that there are at each look."""


def curve(values, seed=0, noise=0.0, steps=STEPS):
    """Points with noise that is relative to the value."""
    drawn = np.random.default_rng(seed).normal(1, noise, len(values)) if noise else 1
    return steps[: len(values)], np.asarray(values) * drawn


def falling(steps=STEPS, to=0.1):
    """From 1 towards `to`, fast at first and never at rest: what a loss does."""
    return to + (1 - to) / (1 + steps / 100)


def until(history, count):
    """The history as it was after that many evaluations."""
    cut = {name: tuple(part[:count] for part in getattr(history, name)) for name in ("train", "valid")}
    return dataclasses.replace(history, **cut)


def kinds(history, before=()):
    return [finding.kind for finding in diagnose(history, before)]


# --- no finding ------------------------------------------------------------------------------------------------------


@for_each_seed(SEEDS)
def test_nothing_is_said_of_a_loss_that_falls_under_noise(seed):
    noise = [0.003, 0.01, 0.03, 0.1][seed % 4]
    history = History(
        train=curve(falling(), seed, noise),
        valid=curve(1.1 * falling(), seed + 1000, noise),
        batch_loss=curve(falling(), seed + 2000, 3 * noise),
        newest_norms=np.full(100, 0.5),
        clip_norm=1.0,
        learning_rate=0.1,
        is_perplexity=bool(seed % 2),
    )
    for count in LOOKS:
        assert kinds(until(history, count)) == []


@for_each_seed(SEEDS)
def test_no_overfitting_is_seen_in_a_validation_loss_that_fluctuates_around_one_level(seed):
    """Training falls, validation rests: with independent noise, and with noise that lingers."""
    rng = np.random.default_rng(seed)
    lingering = np.zeros(len(STEPS))
    for index in range(1, len(STEPS)):
        lingering[index] = 0.5 * lingering[index - 1] + rng.normal(0, 0.01)
    at_rest = 0.3 + 0.7 * np.exp(-STEPS / 50)
    for valid in (curve(at_rest, seed, 0.03), curve(at_rest * (1 + lingering))):
        history = History(train=curve(falling(), seed, 0.01), valid=valid)
        for count in LOOKS:
            assert "overfitting" not in kinds(until(history, count))


@for_each_seed(SEEDS)
def test_nothing_is_said_of_a_short_history(seed):
    rng = np.random.default_rng(seed)
    any_course = {name: curve(rng.uniform(0.1, 1, 11)) for name in ("train", "valid", "batch_loss")}
    assert kinds(History(**any_course, newest_norms=rng.uniform(0, 2, 11), clip_norm=1.0)) == []


def test_nothing_is_said_of_a_run_without_points():
    assert kinds(History(clip_norm=1.0, floor=4.5, learning_rate=1.0)) == []


@for_each_seed(SEEDS)
def test_no_explosion_is_seen_in_a_spike_that_is_over(seed):
    losses = falling(np.arange(400))
    losses[200:210] = 50 * np.random.default_rng(seed).uniform(1, 3, 10)
    assert kinds(History(batch_loss=curve(losses, seed, 0.1, np.arange(400)))) == []


# --- overfitting -----------------------------------------------------------------------------------------------------


def overfitted(seed, turn, noise=0.01, **known):
    rising = np.maximum(STEPS - turn, 0) / 1000
    valid = 1.05 * falling(to=0.4) * (1 + rising)
    return History(train=curve(falling(), seed, noise), valid=curve(valid, seed + 1000, noise), **known)


@pytest.mark.parametrize("turn", [200, 400, 600])
@for_each_seed(range(30))
def test_overfitting_is_seen_from_the_step_at_which_validation_turned(seed, turn):
    history = overfitted(seed, turn)
    (finding,) = diagnose(history)
    assert finding.kind == "overfitting"
    true = STEPS[np.argmin(1.05 * falling(to=0.4) * (1 + np.maximum(STEPS - turn, 0) / 1000))]
    assert finding.step == pytest.approx(true, abs=120)
    assert f"since about step {finding.step:,}" in finding.sentence


def test_its_sentence_tells_the_rise_in_per_cent_of_what_is_drawn():
    valid = np.interp(STEPS, [0, 500, 550, 950, 1000], [2, 1, 1, 1.2, 1.2])
    history = History(train=curve(np.linspace(2, 0.5, 101)), valid=curve(valid))
    (finding,) = diagnose(history)
    assert "the validation loss has risen by 20 % since about step 500" in finding.sentence
    (finding,) = diagnose(dataclasses.replace(history, is_perplexity=True))
    assert "the validation perplexity has risen by 22 %" in finding.sentence  # exp(0.2) is 1.22.


def test_a_training_loss_that_rises_too_is_not_overfitting():
    rising = np.concatenate([np.linspace(2, 1, 51), np.linspace(1, 1.5, 50)])
    assert kinds(History(train=curve(rising), valid=curve(1.1 * rising))) == []


# --- standing still --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [200, 500, 700])
@for_each_seed(range(30))
def test_a_loss_that_stands_still_is_seen_from_the_step_at_which_it_stopped(seed, end):
    course = np.interp(STEPS, [0, end, 1000], [2.0, 1.0, 1.0])
    (finding,) = diagnose(History(train=curve(course, seed, 0.003), valid=curve(1.1 * course, seed + 1000, 0.003)))
    assert finding.kind == "stands_still"
    assert finding.step == pytest.approx(end, abs=60)
    assert f"since step {finding.step:,} the training loss has changed by less than 2 %" in finding.sentence


def test_a_loss_below_1_must_rest_itself_and_not_only_its_perplexity():
    """From 0.01 to 0.005 the perplexity changes by half a per cent, and the loss by half."""
    halved = curve(np.geomspace(0.01, 0.005, 101))
    assert kinds(History(train=halved, valid=halved, is_perplexity=True)) == []


# --- clipping --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("clipped", [6, 30, 100])
@for_each_seed(range(30))
def test_the_share_of_clipped_updates_is_told(seed, clipped):
    rng = np.random.default_rng(seed)
    norms = np.concatenate([rng.uniform(5.01, 50, clipped), rng.uniform(0, 4.99, 100 - clipped)])
    (finding,) = diagnose(History(newest_norms=rng.permutation(norms), clip_norm=5.0))
    assert finding.sentence.startswith(f"Clipping acted on {clipped} % of the last 100 updates")


@pytest.mark.parametrize(("clip_norm", "clipped"), [(5.0, 4), (0.0, 100)])
def test_little_clipping_and_none_are_not_mentioned(clip_norm, clipped):
    norms = np.array([10.0] * clipped + [1.0] * (100 - clipped))
    assert kinds(History(newest_norms=norms, clip_norm=clip_norm)) == []


# --- explosion -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [50, 300])
@for_each_seed(range(30))
def test_an_explosion_is_seen_from_the_step_at_which_it_began(seed, at):
    steps = np.arange(at + 20)
    losses = np.where(steps < at, falling(steps), 30.0 * 2.0 ** (steps - at))
    (finding,) = diagnose(History(batch_loss=curve(losses, seed, 0.1, steps), learning_rate=2.0))
    assert (finding.kind, finding.step) == ("exploded", at)
    assert finding.settings == {"learning_rate": pytest.approx(0.2)}
    assert finding.sentence.startswith(f"The loss exploded at step {at}")
    assert finding.sentence.endswith("Try a tenth of the learning rate: 0.2.")


def test_an_overflow_is_told_after_few_updates_with_both_steps():
    history = History(batch_loss=(np.arange(4), np.array([0.5, 0.7, 3e8, 2e30])), overflow_step=4, learning_rate=100.0)
    (finding,) = diagnose(history)
    assert finding.sentence == (
        "The loss exploded at step 2: it grew from 0.7 to 2e+30 and overflowed at step 4. "
        "Try a tenth of the learning rate: 10."
    )
    assert (finding.step, finding.settings) == (2, {"learning_rate": 10.0})


@for_each_seed(range(30))
def test_a_text_explodes_when_its_perplexity_is_a_thousand_times_that_of_guessing(seed):
    rng = np.random.default_rng(seed)
    steps, guessing = np.arange(200), np.log(2000)
    calm = rng.uniform(0.6, 1.2, 40) * guessing
    high = curve(np.concatenate([[guessing], calm, rng.uniform(guessing + 7, 100, 159)]), steps=steps)
    (finding,) = diagnose(History(batch_loss=high, is_perplexity=True, learning_rate=1.0))
    assert (finding.kind, finding.step) == ("exploded", 41)
    bad = curve(np.concatenate([[guessing], calm, rng.uniform(guessing, guessing + 3, 159)]), steps=steps)
    assert kinds(History(batch_loss=bad, is_perplexity=True)) == []


def test_an_overflow_before_the_first_update_is_not_blamed_on_the_learning_rate():
    (finding,) = diagnose(History(batch_loss=(np.arange(1), np.array([0.5])), overflow_step=0, learning_rate=0.1))
    assert (finding.sentence, finding.settings) == ("A number overflowed at step 0.", {})


# --- validation below training ---------------------------------------------------------------------------------------


@for_each_seed(range(30))
def test_an_easier_validation_text_is_the_reason_when_its_word_frequencies_are_easier(seed):
    train, valid = curve(4 + falling(), seed, 0.002), curve(3.85 + falling(), seed + 1000, 0.002)
    history = History(train=train, valid=valid, unigram_losses=(np.log(213), np.log(179)), is_perplexity=True)
    (finding,) = diagnose(history)
    assert finding.kind == "validation_below"
    assert "because the validation text is easier" in finding.sentence
    assert "only knows word frequencies has a perplexity of 179.0 on it and 213.0 on the training text" in (
        finding.sentence
    )
    assert "character frequencies" in diagnose(dataclasses.replace(history, token="character"))[0].sentence


@pytest.mark.parametrize(
    ("unigram_losses", "below"),
    [((5.3, 5.25), 0.15), ((5.2, 5.3), 0.15), ((None, None), 0.15), ((5.3, 5.1), -0.15), ((5.3, 5.1), 0.005)],
    ids=["a small part of it", "harder", "unknown", "validation above", "hardly below"],
)
def test_no_reason_is_given_that_does_not_hold(unigram_losses, below):
    train, valid = curve(4 + falling()), curve(4 - below + falling())
    assert kinds(History(train=train, valid=valid, unigram_losses=unigram_losses, is_perplexity=True)) == []


@for_each_seed(range(30))
def test_less_noise_in_validation_is_the_reason_when_its_noise_is_less(seed):
    train, valid = curve(0.09 + falling(), seed, 0.002), curve(0.08 + falling(), seed + 1000, 0.002)
    (finding,) = diagnose(History(train=train, valid=valid, noise_losses=(0.0938, 0.0858)))
    assert finding.kind == "validation_below"
    assert "because its noise is smaller by chance" in finding.sentence
    assert "a loss of 0.0858 in validation and 0.0938 in training" in finding.sentence


@for_each_seed(range(30))
def test_the_empty_state_is_the_reason_when_training_without_its_first_window_is_as_low(seed):
    high, low = curve(5e-7 * falling(), seed, 0.002), curve(2.5e-7 * falling(), seed + 1000, 0.002)
    settled = curve(2.4e-7 * falling(), seed + 2000, 0.002)
    (finding,) = diagnose(History(train=high, valid=low, settled_train=settled))
    assert finding.kind == "validation_below"
    assert "which the network predicts with an empty state" in finding.sentence
    assert finding.sentence.endswith(f"Without the first window, the training loss is {settled[1][-1]:.3g}.")


@pytest.mark.parametrize(
    ("settled", "noise_losses"),
    [(0.98, (None, None)), (1.1, (None, None)), (None, (None, None)), (None, (0.9, 0.89)), (0.8, (0.8, 0.9))],
    ids=["a small part of it", "higher", "unknown", "a little less noise", "an early window of much noise"],
)
def test_no_reason_is_given_for_a_wave_that_does_not_hold(settled, noise_losses):
    settled_train = curve(settled * falling()) if settled else History().settled_train
    history = History(
        train=curve(falling()), valid=curve(0.8 * falling()), settled_train=settled_train, noise_losses=noise_losses
    )
    assert kinds(history) == []


# --- floor -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("perplexity", "kind", "words"),
    [
        (4.6, "floor_reached", "the perplexity is 4.6, and no model can do better than 4.56"),
        (4.5, "floor_reached", "the perplexity is 4.5, and"),
        (5.7, "above_floor", "25 % above the floor"),
    ],
)
def test_the_distance_from_the_floor_is_told(perplexity, kind, words):
    (finding,) = diagnose(History(whole_perplexity=perplexity, floor=4.56, is_perplexity=True))
    assert finding.kind == kind
    assert words in finding.sentence


# --- which, when, how fast -------------------------------------------------------------------------------------------


def test_findings_come_in_the_order_of_the_table():
    history = dataclasses.replace(overfitted(0, 300), newest_norms=np.full(50, 2.0), clip_norm=1.0)
    history = dataclasses.replace(history, whole_perplexity=9.0, floor=4.5)
    assert kinds(history) == ["overfitting", "clipped", "above_floor"]
    assert kinds(history, diagnose(history)) == kinds(history)
    assert list(KINDS).index("exploded") == 0


@for_each_seed(range(30))
def test_a_sentence_does_not_come_and_go_from_look_to_look(seed):
    """While an overfitting run grows, each kind appears once and stays."""
    history, before, seen = overfitted(seed, 300, 0.02), [], []
    for count in range(1, len(STEPS) + 1):
        before = diagnose(until(history, count), before)
        seen.append("overfitting" in {finding.kind for finding in before})
    changes = int(np.abs(np.diff(np.array(seen, "int64"))).sum())
    assert changes == 1
    assert seen[-1]


def test_a_look_at_the_longest_curves_takes_less_than_a_millisecond():
    steps = np.arange(4000)
    long = curve(falling(steps), 0, 0.05, steps)
    history = History(long, long, long, np.linspace(0, 2, 100), clip_norm=1.0, learning_rate=1.0)
    seconds = []
    for _ in range(50):
        began = time.perf_counter()
        diagnose(history)
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 1e-3

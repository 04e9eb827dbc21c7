import numpy as np
import pytest

from rnnlab.config import TrainingConfig
from rnnlab.presets import PTB_SMALL, SINE_ORIGINAL
from rnnlab.training import learning_rate
from rnnlab.training.schedule import feedback_probability


def test_the_small_treebank_schedule_of_ptb_word_lm():
    """lr 1.0 for four epochs, then halved each epoch: max_epoch 4, lr_decay 0.5."""
    rates = [learning_rate(PTB_SMALL.experiment.training, epoch) for epoch in range(13)]
    assert rates[:4] == [1.0, 1.0, 1.0, 1.0]
    assert rates[4:] == [0.5**k for k in range(1, 10)]


def test_a_constant_rate_stays():
    training = SINE_ORIGINAL.experiment.training
    assert {learning_rate(training, epoch) for epoch in range(training.epochs)} == {0.001}


@pytest.mark.parametrize("half", [2, 7, 500, 10**6])
@pytest.mark.parametrize("schedule", ["linear", "exponential", "inverse_sigmoid"])
def test_half_of_the_inputs_are_its_own_after_half(schedule, half):
    training = TrainingConfig(feedback=1.0, feedback_schedule=schedule, feedback_half=half)
    shares = [feedback_probability(training, step) for step in (0, half // 2, half, 2 * half, 10**9)]
    assert shares[2] == pytest.approx(0.5, abs=1e-6)
    assert shares == sorted(shares)
    assert shares[4] == pytest.approx(1)
    # The inverse sigmoid starts at 1 / (k + 1) and not at 0, as in the paper.
    assert shares[0] == 0 or schedule == "inverse_sigmoid"


def test_bengios_formulas():
    """Each against the paper's own, with its own constant found by trying."""
    steps = np.arange(0, 2000, 50)

    def shares(schedule, half):
        training = TrainingConfig(feedback=1.0, feedback_schedule=schedule, feedback_half=half)
        return [1 - feedback_probability(training, int(step)) for step in steps]

    np.testing.assert_allclose(shares("linear", 500), np.maximum(0, 1 - 0.001 * steps), atol=1e-12)
    np.testing.assert_allclose(shares("exponential", 500), (2 ** (-1 / 500)) ** steps, atol=1e-12)
    k = 100.0
    half = round(k * np.log(k))  # 460.517, so that k is 100 within a tenth of a percent
    np.testing.assert_allclose(shares("inverse_sigmoid", half), k / (k + np.exp(steps / k)), atol=2e-3)


def test_a_schedule_ends_at_the_feedback_and_a_constant_one_starts_there():
    falling = TrainingConfig(feedback=0.25, feedback_schedule="linear", feedback_half=100)
    assert [feedback_probability(falling, step) for step in (0, 25, 50, 5000)] == [0, 0.125, 0.25, 0.25]
    assert feedback_probability(TrainingConfig(feedback=0.25), 0) == 0.25
    assert feedback_probability(TrainingConfig(), 10**6) == 0


def test_the_linear_schedule_falls_to_nothing_at_the_end():
    training = TrainingConfig(learning_rate=2.0, lr_schedule="linear", full_rate_epochs=1, epochs=5)
    assert [learning_rate(training, epoch) for epoch in (0, 0.99, 1, 3, 4.5, 5)] == pytest.approx([2, 2, 2, 1, 0.25, 0])


def test_a_linear_schedule_without_an_epoch_to_fall_in_never_falls():
    training = TrainingConfig(lr_schedule="linear", epochs=10, full_rate_epochs=10, learning_rate=0.5)
    assert [learning_rate(training, epoch) for epoch in (0, 5, 9, 9.9)] == [0.5] * 4

"""The sentences about gates, gradients, single cells and crossings, on numbers whose truth is known."""

import numpy as np
import pytest

from rnnlab.config import Experiment, ModelConfig, SineData, TextData, TrainingConfig
from rnnlab.formulas.forgetting import half_life
from rnnlab.sentences import crossings, gates, gradients, microscope
from tests.plots.test_inside_cells import step_of

UNITS = np.array([4, 0, 2])


def test_the_level_of_a_gate_is_told_for_each_regime():
    told = gates.map_sentence("f", np.array([0.5, 0.7]), np.array([0.2, 0.3]))
    assert "forget gate f is 0.60 teacher-forced and 0.25 free-running" in told
    assert "output h is 0.60." in gates.map_sentence("h", np.array([0.5, 0.7]), None)


def test_the_unit_that_moves_most_is_named_by_its_number_and_not_by_its_row():
    values = np.array([[0.5, 0.5], [0.1, 0.9], [0.2, 0.3]])
    assert "Unit 1 changes most: it moves between 0.10 and 0.90." in gates.moving_sentence(values, UNITS)
    assert "No unit changes" in gates.moving_sentence(np.full((3, 2), 0.5), UNITS)


def test_the_difference_counts_after_the_prime():
    difference = np.array([[9.0, 0.0, 0.0], [9.0, 0.1, -0.3], [9.0, 0.0, 0.2]])
    told = gates.difference_sentence("o", difference, UNITS, given_columns=1)
    assert "output gate o differs by 0.100 on average, most in unit 1: by 0.200" in told


def test_what_is_left_out_is_told():
    assert gates.thinned_sentence(1, 32, 32) == ""
    assert gates.thinned_sentence(5, 200, 1500) == (
        "Each column is the mean of 5 time steps. 200 of the 1,500 units are drawn."
    )


def test_the_most_saturated_gates_are_told():
    closed, opened = np.array([[0.0, 0.0], [0.95, 0.05]]), np.array([[1.0, 0.92], [0.0, 0.1]])
    told = gates.saturation_sentence(["i", "f"], closed, opened)
    assert "input gate i is open most often: at 96% of all steps and units. It is almost always open in 2 of 2" in told
    assert "forget gate f is closed most often: at 50% of all steps and units. It is almost always closed in 1" in told
    nothing = np.zeros((2, 2))
    assert "all dots lie at the lower left" in gates.saturation_sentence(["i", "f"], nothing, nothing)
    assert gates.saturation_sentence(["i", "f"], closed, nothing).startswith("No gate is ever open.")


def test_what_is_kept_is_told_beside_its_start():
    told = gates.kept_sentence("f", "lstm", np.array([0.4, 0.5, 0.9]), 0.0)
    assert "f = σ(0) = 0.500" in told
    assert "between 0.40 and 0.90, and 1 of 3 units are above" in told
    bias = np.log(0.9 / 0.1)
    assert f"half of the memory for {half_life(bias):.1f} steps" in told
    assert "z = σ(1) = 0.731" in gates.kept_sentence("z", "gru", np.array([0.4]), 5.0)
    assert "more than 10,000 steps" in gates.kept_sentence("f", "lstm", np.array([1.0]), 0.0)


def test_refusals():
    tags = Experiment(SineData(target="peaks"), ModelConfig(unrolling="bidirectional"), TrainingConfig(num_steps=30))
    plain = Experiment(SineData(), ModelConfig(cell="simple_rnn"))
    deep = Experiment(TextData(corpus="grammar"), ModelConfig(num_layers=9))
    for refusal in (gates.needs_one_direction, gates.needs_gates, crossings.needs_few_layers):
        assert "bidirectional" in refusal(tags)
    assert gates.needs_gates(plain) == "The cell Simple RNN has no gate between 0 and 1."
    assert gates.needs_one_direction(plain) is None
    assert "9 layers, but the drawing has room for 8" in crossings.needs_few_layers(deep)


def test_the_distance_at_which_the_gradient_is_lost():
    norms = np.array([5.0, 1.0, 0.1, 0.002, 0.0009, 0.5])
    assert gradients.reach_of(norms) == 4
    assert gradients.reach_of(norms[:4]) is None
    assert gradients.reach_of(np.array([1.0, 0.0])) == 1
    told = gradients.reach_sentence(np.array([1.0, 2.0, 1.0]), norms, 30)
    assert told == (
        "Before training, less than a thousandth of the gradient one step back is left 4 steps back. "
        "After 30 updates, 50% of the gradient one step back is left 2 steps back."
    )
    assert "2 steps back is 3 times that one" in gradients.reach_sentence(np.array([1, 1, 3.0]), norms, 1)


def test_what_the_window_cuts_off():
    norms = np.array([4.0, 3.0, 2.0, 1.0])
    assert "after 2 steps: from there on it is exactly 0. That part is 30% of" in gradients.cut_sentence(
        norms, 2, False
    )
    assert "reaches back through 4 steps, which is farther" in gradients.cut_sentence(norms, 4, False)
    assert "cuts nothing off" in gradients.cut_sentence(norms, 2, True)


@pytest.mark.parametrize(
    ("clip", "norm", "words"),
    [(0, 1.0, "does not clip"), (5, 2.0, "clipping changed nothing"), (5, 20.0, "multiplied by 0.25"), (5, None, "5.")],
)
def test_what_clipping_does(clip, norm, words):
    assert words in gradients.clip_sentence(clip, norm)


def test_untrained_cells_are_told_for_each_start():
    shares = np.array([[[0, 1, 0.5], [0, 1, 1e-7]], [[0, 1, 0.05], [0, 1, 0.02]]])
    assert gradients.untrained_sentence(["LSTM", "RNN"], ["Small", "Glorot"], shares) == (
        "The gradient 2 steps back, as a share of that one step back. "
        "Small: A tenth or more is left with LSTM. The least is left with RNN: 1e-07. "
        "Glorot: No cell has a tenth left. The least is left with RNN: 0.02."
    )


def test_a_step_is_told_with_its_own_numbers():
    told = microscope.cell_sentence("lstm", step_of("lstm"))
    assert "keeps 60 % of its memory c = -0.40 and takes up 30 % of the candidate g = 0.90" in told
    assert "the memory becomes 0.02. It lets 44 % of tanh c' out: 0.01." in told
    told = microscope.cell_sentence("gru", step_of("gru"))
    assert (
        "keeps 80 % of its state h = 0.50 and takes 20 % from the candidate g = -0.70, so the state becomes 0.26"
        in told
    )
    assert "h goes from 0.50 to 0.80" in microscope.cell_sentence("simple_rnn", step_of("simple_rnn"))
    assert microscope.read_sentence(3, ("the", "cat"), (), False) == "At step 3 the network reads “cat”."
    assert microscope.read_sentence(3, (), (0.5,), True) == "At step 3 the network reads 0.500, its own output."


@pytest.mark.parametrize("steps", [0, 5])
def test_crossings_do_not_depend_on_the_time_between(steps):
    model = ModelConfig(num_layers=2, input_dropout=0.5, output_dropout=0.5)
    told = crossings.crossings_sentence(model, steps)
    assert "crosses dropout 2 + 1 = 3 times" in told
    assert "with probability 0.125" in told
    assert crossings.crossings(model, steps) == 3
    noisy = ModelConfig(num_layers=2, state_dropout=0.1)
    assert crossings.crossings(noisy, steps) == 3 + steps
    assert f"{3 + steps} in all" in crossings.crossings_sentence(noisy, steps)

"""Right and wrong ways to feed a network its own output: trained networks do what the sentences of each way say."""

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import Experiment, ModelConfig, SineData, TrainingConfig
from rnnlab.config.feeding import EVERY_WAY, WAYS
from rnnlab.data import load_dataset, wave
from rnnlab.generation import feed_back, generate_series, predict_teacher_forced, series, steps_needed
from rnnlab.models import Network
from rnnlab.training import Trainer, WorkbenchPool
from tests.generation.test_free_running import series_network, text_network

PRIME, HORIZON = 50, 400
TRAINED = [("lstm", 0), ("lstm", 1), ("gru", 0)]
"""Cells and seeds: what is said of a way must hold for each."""

every_network = pytest.mark.parametrize(("cell", "seed"), TRAINED)


@pytest.fixture(scope="module")
def trained():
    """Gives a network trained with a cell, a seed and some data; the next call may load other weights into it."""
    pool, networks, weights = WorkbenchPool(), {}, {}

    def network(cell, seed, **data):
        model = ModelConfig(cell=cell, units=16)
        shared = networks.setdefault(cell, Network(model))
        key = (cell, seed, *data.items())
        if key not in weights:
            training = TrainingConfig(
                epochs=200, full_rate_epochs=80, lr_decay=0.98, num_steps=100, clip_norm=0.1, evaluate_every=10**6
            )
            experiment = Experiment(SineData(**data), model, training, seed)
            trainer = Trainer(experiment, load_dataset(experiment.data, seed), pool.take(experiment, 0))
            while not trainer.finished:
                trainer.advance()
            weights[key] = trainer.network.get_weights()
            pool.give_back(trainer.workbench)
        shared.set_weights(weights[key])
        return shared

    return network


def go_on(network, way, start=0, prime=PRIME):
    """What a way generates after a stretch of the wave: (HORIZON,)."""
    values = wave(SineData(), prime, start)
    return feed_back(network, values[None, :, None], HORIZON, way)[0, :, 0]


def error(values, start=0, prime=PRIME):
    """Root mean squared distance from the wave's true continuation."""
    return np.sqrt(np.mean(np.square(values - wave(SineData(), len(values), start + prime))))


def one_step(network, inputs):
    return predict_teacher_forced(network, np.reshape(inputs, (1, -1, 1)))[0][0, :, 0]


# --- the right ways --------------------------------------------------------------------------------------------------


@every_network
def test_carrying_the_state_and_rereading_everything_go_on_alike_and_well(trained, cell, seed):
    network = trained(cell, seed)
    carried, reread = go_on(network, "carried"), go_on(network, "reread")
    np.testing.assert_allclose(carried, reread, atol=1e-5)
    assert error(carried) < 0.1


def test_carrying_the_state_is_free_running_generation(trained):
    network = trained("lstm", 0)
    prime = wave(SineData(), PRIME)[None, :, None]
    # Another compiler orders its sums otherwise, and a network's own roundings come back to it: not for 400 steps.
    np.testing.assert_allclose(
        feed_back(network, prime, 100, "carried"), generate_series(network, prime, 100), atol=1e-5
    )


@pytest.mark.parametrize(("prime", "horizon"), [(1, 1), (1, 6), (4, 6)])
@pytest.mark.parametrize("way", EVERY_WAY)
def test_steps_are_those_that_the_network_takes(monkeypatch, way, prime, horizon):
    monkeypatch.setattr(series, "SMALLEST_ROOM", prime + horizon)  # Nothing is compiled that other lengths could share.
    taken = []

    class Counting(Network):
        def step(self, inputs, state):
            taken.append(1)
            return super().step(inputs, state)

    tf.config.run_functions_eagerly(True)
    try:
        feed_back(Counting(ModelConfig(units=2)), np.ones((1, prime, 1)), horizon, way)
    finally:
        tf.config.run_functions_eagerly(False)
    assert len(taken) == steps_needed(way, prime, horizon)


def test_the_cost_of_rereading_grows_with_the_square_and_that_of_carrying_does_not():
    assert steps_needed("carried", 1, 4000) == 4 * steps_needed("carried", 1, 1000)
    assert steps_needed("reread", 1, 4000) == pytest.approx(16 * steps_needed("reread", 1, 1000), rel=1e-3)


# --- the wrong ways of feeding ---------------------------------------------------------------------------------------


@every_network
def test_without_a_memory_rising_and_falling_cannot_be_told_apart(trained, cell, seed):
    network = trained(cell, seed)
    steps = SineData().frequency * np.arange(-PRIME, 1)
    rising, falling = np.sin(0.5 + steps), np.sin(np.pi - 0.5 + steps)
    falling[-1] = rising[-1]  # Equal but for the last rounding.
    primes = np.stack([rising, falling])[..., None]
    blind = feed_back(network, primes, 40, "reset")
    np.testing.assert_array_equal(blind[0], blind[1])
    seeing = feed_back(network, primes, 40, "carried")
    assert np.max(np.abs(seeing[0] - seeing[1])) > 1


@every_network
def test_without_a_memory_it_soon_stands_still_at_a_value_that_it_answers_with_itself(trained, cell, seed):
    network = trained(cell, seed)
    values = go_on(network, "reset")
    assert np.ptp(values[50:]) < 1e-2
    assert one_step(network, values[-1]) == pytest.approx(values[-1], abs=1e-3)
    assert error(values) > 0.5


def test_without_a_memory_it_may_jump_between_a_few_values():
    """A network whose answer to a value alone is its negative."""
    network = Network(ModelConfig(cell="simple_rnn", units=1))
    # tanh is the identity for small numbers: scale down, then up again in the head.
    network.cells[0].kernel.assign([[1e-3]])
    network.head.kernel.assign([[-1e3]])
    values = feed_back(network, np.full((1, 1, 1), 0.5), 6, "reset")
    np.testing.assert_allclose(values[0, :, 0], [-0.5, 0.5] * 3, atol=1e-4)


@every_network
def test_after_the_zeros_of_a_window_nearly_the_same_comes_out_close_to_0_whatever_was_read(trained, cell, seed):
    network = trained(cell, seed)
    values, others = go_on(network, "zero_filled"), go_on(network, "zero_filled", start=20)
    assert np.max(np.abs(values)) < 0.1
    np.testing.assert_allclose(values, others, atol=1e-3)
    assert error(values) > 0.5


@every_network
def test_the_right_answer_stood_at_the_last_known_value(trained, cell, seed):
    network = trained(cell, seed)
    window = np.concatenate([wave(SineData(), PRIME), np.zeros(HORIZON)])
    outputs = one_step(network, window)
    assert outputs[PRIME - 1] == pytest.approx(go_on(network, "carried")[0], abs=1e-5)
    assert outputs[-1] == pytest.approx(go_on(network, "zero_filled")[0], abs=1e-5)


# --- the wrong ways of training --------------------------------------------------------------------------------------


@every_network
def test_who_was_asked_for_the_value_before_hands_it_back(trained, cell, seed):
    network = trained(cell, seed, target="previous")
    values = wave(SineData(), 500)
    outputs = one_step(network, values)[1:-1]
    assert np.sqrt(np.mean(np.square(outputs - values[:-2]))) < 0.01
    # It is two steps late: one from the value that it hands back to the one that it reads, one more to the next.
    late = np.sqrt(np.mean(np.square(values[:-2] - values[2:])))
    assert np.sqrt(np.mean(np.square(outputs - values[2:]))) == pytest.approx(late, rel=0.05)


@every_network
@pytest.mark.parametrize("prime", [50, 66, 80])
def test_who_was_asked_for_the_value_before_has_nothing_new_to_say(trained, cell, seed, prime):
    network = trained(cell, seed, target="previous")
    values = go_on(network, "previous", prime=prime)
    truth = wave(SineData(), HORIZON, prime)
    assert values[0] == pytest.approx(wave(SineData(), prime)[-2], abs=0.02)
    assert error(values, prime=prime) > 0.5
    assert times_through_0(values) <= 2
    assert times_through_0(truth) > 10


def times_through_0(values):
    return np.count_nonzero(np.diff(np.sign(values)))


@every_network
def test_who_hears_zeros_says_the_same_whatever_the_prime(trained, cell, seed):
    network = trained(cell, seed, inputs="zeros")
    values = go_on(network, "zeros")
    np.testing.assert_array_equal(values, go_on(network, "zeros", start=7))
    by_steps_alone = one_step(network, np.zeros(PRIME + HORIZON - 1))
    np.testing.assert_allclose(values, by_steps_alone[PRIME - 1 :], atol=1e-3)


@every_network
def test_who_hears_zeros_cannot_follow_every_wave(trained, cell, seed):
    network = trained(cell, seed, inputs="zeros")
    values = go_on(network, "zeros")
    half_a_period = round(np.pi / SineData().frequency)
    assert max(error(values, start) for start in (0, half_a_period)) > 0.65


def test_who_hears_zeros_learns_one_wave_by_heart_at_best(trained):
    """The wave of the training data, from its first step: the mean alone would be off by 0.7."""
    truth = wave(SineData(), SineData().samples, start=1)
    fits = []
    for cell, seed in TRAINED:
        said = one_step(trained(cell, seed, inputs="zeros"), np.zeros(SineData().samples))
        fits.append(np.sqrt(np.mean(np.square(said - truth))))
    assert min(fits) < 0.3


# --- all of them -----------------------------------------------------------------------------------------------------


def written_out(network, prime, horizon, way):
    """Each way as a loop over whole sequences: (P,) -> (horizon,)."""
    window, values = np.concatenate([prime, np.zeros(horizon)]), list(prime)
    for n in range(len(prime), len(window)):
        read = {
            "carried": values,
            "previous": values,
            "reread": values,
            "reset": values[-1:],
            "zero_filled": window,
            "zeros": np.zeros(n),
        }[way]
        window[n] = one_step(network, read)[-1]
        values.append(window[n])
    return window[len(prime) :]


@pytest.mark.parametrize("way", EVERY_WAY)
def test_each_way_equals_its_loop_written_out(way):
    network = series_network()
    primes = np.random.default_rng(2).normal(size=(2, 5, 1)).astype("float32")
    expected = [written_out(network, prime[:, 0], 6, way) for prime in primes]
    np.testing.assert_allclose(feed_back(network, primes, 6, way)[..., 0], expected, atol=1e-5)


@pytest.mark.parametrize(("streams", "longer"), [(19, 40), (20, 2000), (21, 40)])
def test_many_streams_go_on_as_each_of_them_alone(streams, longer):
    network = series_network()
    primes = np.random.default_rng(3).normal(size=(streams, 5, 1)).astype("float32")
    together = generate_series(network, primes, 40)
    alone = [generate_series(network, prime[None], 40)[0] for prime in primes]
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(generate_series(network, primes[::-1], longer)[::-1, :40], alone, atol=1e-5)


def test_each_way_has_a_name_and_a_sentence_of_its_own():
    assert all(key == way.key for key, way in EVERY_WAY.items())
    for texts in ([a.label for a in EVERY_WAY.values()], [a.sentence for a in EVERY_WAY.values()]):
        assert len(set(texts)) == len(EVERY_WAY)
        assert all(texts)


@every_network
def test_the_ways_that_are_called_right_are_those_that_follow_the_wave(trained, cell, seed):
    network = trained(cell, seed)
    followed = {way for way in WAYS if error(go_on(network, way)) < 0.1}
    assert followed == {way for way in WAYS if WAYS[way].is_right}


def test_mistakes_are_those_of_the_training_data():
    assert SineData().mistakes == ()
    assert [mistake.way.key for mistake in SineData(inputs="zeros", target="previous").mistakes] == [
        "zeros",
        "previous",
    ]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: feed_back(series_network(), np.ones((1, 3, 1)), 5, "backwards"), "must be one of carried, "),
        (lambda: feed_back(series_network(), np.ones((1, 3, 1)), 0, "reset"), "horizon was 0"),
        (lambda: feed_back(series_network(), np.ones((1, 3)), 5, "reset"), "shape"),
        (lambda: feed_back(text_network(), np.ones((1, 3)), 5, "reset"), "take a series network"),
        (
            lambda: feed_back(Network(ModelConfig(units=2), tags=2), np.ones((1, 3, 1)), 5, "reset"),
            "a label cannot be fed back",
        ),
        (lambda: steps_needed("backwards", 1, 1), "must be one of carried, "),
    ],
)
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()

"""The loop on fakes whose continuation is known."""

import numpy as np
import tensorflow as tf

from rnnlab.models.feedback_loop import array_of, batch_first, loop_back, own_outputs

FIRST = tf.constant([[5.0], [10.0]])


def add_one(t, value, state):
    """A network that always says `input + 1` and counts its steps."""
    return value + 1.0, state + 1


def test_each_next_input_is_what_the_rule_makes_of_the_output():
    looped = loop_back(add_one, lambda t, outputs: 2 * outputs, FIRST, tf.constant(0), 3, (array_of(FIRST, 3),))
    np.testing.assert_array_equal(batch_first(looped.kept[0].stack())[..., 0], [[12, 26, 54], [22, 46, 94]])
    assert (looped.steps, looped.state) == (3, 3)


def test_a_rule_that_gives_the_true_inputs_is_teacher_forcing():
    """The network says what it read and its state, the sum of what it read before."""
    given = tf.constant([[1.0, 2.0, 4.0, 8.0]])

    def step(t, value, total):
        return value + 100 * total, total + value

    def rule(t, outputs):
        return given[:, tf.minimum(t + 1, 3)]

    np.testing.assert_array_equal(loop_back(step, rule, given[:, 0], tf.zeros(1), 4).state, [15.0])


def test_the_step_knows_its_time():
    def step(t, value, seen):
        return value, seen.write(t, 10 * t)

    seen = tf.TensorArray(tf.int32, size=4)
    np.testing.assert_array_equal(loop_back(step, own_outputs, FIRST, seen, 4).state.stack(), [0, 10, 20, 30])


def test_it_ends_with_the_last_stream_that_ends_and_keeps_what_it_did():
    """The streams count from 5 and from 10; each ends with its 12."""
    for compiled in (False, True):
        run = tf.function(
            lambda: loop_back(
                add_one, own_outputs, FIRST, tf.constant(0), 100, ends=lambda t, value: value[:, 0] == 12
            )[:2],
            jit_compile=compiled,
        )
        assert [int(part) for part in run()] == [7, 7]
    grown = loop_back(
        add_one,
        own_outputs,
        FIRST,
        tf.constant(0),
        100,
        (array_of(FIRST, None),),
        ends=lambda t, value: value[:, 0] == 12,
    )
    assert grown.kept[0].size() == 7


def test_no_step_leaves_everything_as_it_was():
    looped = loop_back(add_one, own_outputs, FIRST, tf.constant(7), tf.constant(0))
    assert (looped.steps, looped.state, looped.kept) == (0, 7, ())

"""The peers do what RNN Lab does: from the same weights, the same losses and the same generated values."""

import contextlib
import dataclasses

import pytest

from benchmarks.alternation import Case, check_same_work
from benchmarks.contestants import (
    JAX,
    KERAS_FIT,
    KERAS_FUNCTION,
    KERAS_LOOP,
    KERAS_PREDICT,
    PYTORCH,
    RNN_LAB,
    TF1_DYNAMIC,
    TF1_STATIC,
    Peer,
    Prepared,
)
from benchmarks.work import Work
from tests.benchmarks.together import prepared_elsewhere, prepared_here

TRAINERS = (RNN_LAB, KERAS_FIT, KERAS_FUNCTION, TF1_DYNAMIC, TF1_STATIC, JAX, PYTORCH)
GENERATORS = (RNN_LAB, KERAS_PREDICT, KERAS_LOOP, JAX, PYTORCH)
WAVE = Work("train", 3, num_steps=4)
# Gradients of about 2 are clipped to 0.5.
TEXT = Work("train", 8, 2, 5, 4, vocabulary=30, learning_rate=1.0, clip_norm=0.5, words=2000)
CASES = (
    Case("train on a wave", WAVE, 1, TRAINERS),
    Case("train on a text", TEXT, 20, TRAINERS),
    Case("generate a wave", Work("generate", 4, num_steps=6, batch_size=2), 1, GENERATORS),
    Case("generate a text", Work("generate", 8, 2, 6, 2, vocabulary=30, temperature=0.0), 1, GENERATORS),
)
TOLERANCE = 1e-4
"""Adam adds its epsilon at another place in PyTorch and optax, which makes 2e-5."""


OTHER_WORKS = (dataclasses.replace(WAVE, learning_rate=0.009), dataclasses.replace(TEXT, clip_norm=0.6))


@pytest.fixture(scope="module")
def prepared():
    """The results of every installed library in its cases, and those of RNN Lab in two more.

    RNN Lab's are made in this process, those of Keras in one of theirs and those of TensorFlow 1 in another; what is
    not TensorFlow has a process each, as in a benchmark.
    """
    everybody = dict.fromkeys(one for case in CASES for one in case.contestants if one.is_installed)
    works = {one: works_of(one) for one in everybody}
    version_1 = {one: works[one] for one in (TF1_DYNAMIC, TF1_STATIC) if one in works}
    keras = {one: works[one] for one in (KERAS_FIT, KERAS_FUNCTION, KERAS_PREDICT, KERAS_LOOP)}
    alone = [one for one in works if one is not RNN_LAB and one not in version_1 | keras]
    with contextlib.ExitStack() as stack:
        peers = {one.name: stack.enter_context(Peer(one, works[one], threads=1)) for one in alone}
        found = prepared_here({RNN_LAB: works[RNN_LAB]})
        for together in filter(None, (version_1, keras)):
            found |= prepared_elsewhere(together)
        return found | {name: peer.ready() for name, peer in peers.items()}


def works_of(one):
    works = [case.work for case in CASES if one in case.contestants]
    return [*works, *OTHER_WORKS] if one is RNN_LAB else works


def test_everybody_installed_does_the_same_work(prepared):
    assert {RNN_LAB.name, KERAS_FIT.name, TF1_DYNAMIC.name, TF1_STATIC.name} <= prepared.keys()
    check_same_work(CASES, prepared, TOLERANCE)


def test_a_contestant_that_does_something_else_is_noticed(prepared):
    wave, text, *_, slower_wave, less_clipped_text = prepared[RNN_LAB.name]
    cases = CASES[:2]
    check_same_work(cases, {RNN_LAB.name: [wave, text], KERAS_FIT.name: [wave, text]})
    for other in ([slower_wave, text], [wave, less_clipped_text]):
        with pytest.raises(ValueError, match="Keras fit began with"):
            check_same_work(cases, {RNN_LAB.name: [wave, text], KERAS_FIT.name: other})


def test_what_is_drawn_is_not_compared():
    drawn = [Case("words", Work("generate", 8, vocabulary=30, temperature=1.0), 1, (RNN_LAB, PYTORCH))]
    dropped = [Case("masks", dataclasses.replace(TEXT, dropout=0.5), 1, (RNN_LAB, PYTORCH))]
    for cases in (drawn, dropped):
        check_same_work(cases, {RNN_LAB.name: [Prepared(1, [3.0])], PYTORCH.name: [Prepared(1, [4.0])]})


def test_a_contestant_that_fails_says_why():
    nobody = dataclasses.replace(RNN_LAB, module="nobody")
    with (
        Peer(nobody, [WAVE], threads=1) as peer,
        pytest.raises(RuntimeError, match=r"(?s)RNN Lab ended.*peers\.nobody"),
    ):
        peer.ready()


def test_what_a_contestant_cannot_prepare_ends_it():
    with pytest.raises(ValueError, match="units"):
        prepared_here({RNN_LAB: [dataclasses.replace(WAVE, units=0)]})

"""Answers as files: a kept answer comes back, and a damaged one counts as not kept."""

import io

import numpy as np
import pytest

from rnnlab.analyses.cost import CostAnswer, GenerationCost
from rnnlab.analyses.series import CompareSeries
from rnnlab.store.artifacts import ArtifactStore, checkpoint_of
from rnnlab.store.claim import claim_run
from rnnlab.worker.kept_answers import forget_answers, keep_answer, kept_answer, pack_answer, unpack_answer
from tests.support.labs import small_experiment
from tests.support.questions import CountAnswers, Counted

COST = CostAnswer((30, 100), (0.1, 0.30000000000000004), (0.5, 6.0), (5.0, 20.0), "26 Nov 2026, 07:45 UTC")


def test_an_answer_comes_back_as_it_was():
    assert unpack_answer(pack_answer(COST), CostAnswer) == COST
    counted = Counted(
        3, np.arange(6, dtype="float32").reshape(2, 3), ("é", ""), ((1.0, float("inf")), (2.0, 0.1)), None
    )
    again = unpack_answer(pack_answer(counted), Counted)
    np.testing.assert_array_equal(again.step, counted.step)
    assert again.step.dtype == np.float32
    for name in ("times", "texts", "pairs", "nothing"):
        assert getattr(again, name) == getattr(counted, name)


def pickled():
    """A file whose array would run code if it were unpickled."""
    buffer = io.BytesIO()
    np.savez(buffer, step=np.array([object()], dtype=object))
    return buffer.getvalue()


whole = pack_answer(COST)


@pytest.mark.parametrize(
    "content",
    [b"", b"nonsense", whole[:-30], whole.replace(b"reread", b"rotten"), pickled()],
    ids=["empty", "nonsense", "cut", "altered", "code"],
)
def test_what_is_damaged_is_no_answer(content):
    assert unpack_answer(content, CostAnswer) is None


def test_an_answer_of_another_class_is_no_answer():
    assert unpack_answer(whole, Counted) is None


@pytest.fixture
def files(location):
    return ArtifactStore(location.artifacts)


def add_checkpoint(store, location, run_id, step):
    claim = claim_run(location.database, run_id, store.get(run_id).submission, location.engine_name, None)
    claim.start(step, 40, None)
    checkpoint = checkpoint_of(run_id, 1, step, f"weights {step}".encode())
    claim.add_checkpoint(checkpoint)
    claim.end("paused")
    return checkpoint.sha256


def test_an_answer_belongs_to_its_question_its_run_and_its_weights(store, location, files):
    run_id = store.create(small_experiment(), "ada")
    other = store.create(small_experiment(), "ada")
    question = CountAnswers("file")
    assert kept_answer(question, run_id, store, files) is None
    sha256 = add_checkpoint(store, location, run_id, 5)
    add_checkpoint(store, location, other, 5)
    keep_answer(GenerationCost(), COST, run_id, sha256, files)
    assert kept_answer(GenerationCost(), run_id, store, files) == COST
    assert kept_answer(question, run_id, store, files) is None
    assert kept_answer(GenerationCost(), other, store, files) is None
    assert kept_answer(CompareSeries(), run_id, store, files) is None
    store.queue_again(store.get(run_id))
    add_checkpoint(store, location, run_id, 10)
    assert kept_answer(GenerationCost(), run_id, store, files) is None


def test_a_deleted_run_leaves_no_answers(store, location, files):
    run_id = store.create(small_experiment(), "ada")
    keep_answer(GenerationCost(), COST, run_id, add_checkpoint(store, location, run_id, 5), files)
    forget_answers(run_id, files)
    assert kept_answer(GenerationCost(), run_id, store, files) is None
    forget_answers(run_id, files)

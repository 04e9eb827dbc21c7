"""Answer what is asked of a trained network: find its weights, and ask the analysis."""

from __future__ import annotations

import logging
from typing import TypeVar

from rnnlab.analyses.trained import LongQuestion, Progress, Question, TrainedNetwork, unwatched
from rnnlab.errors import Cancelled, LabError, sentence_for
from rnnlab.store.artifacts import ArtifactStore
from rnnlab.store.location import database_in_words
from rnnlab.store.store import RunStore
from rnnlab.store.weights import newest_weights
from rnnlab.worker.kept import KeptNetwork, network_for
from rnnlab.worker.kept_answers import keep_answer
from rnnlab.worker.loading import load_experiment_data, wait_until_loaded

logger = logging.getLogger(__name__)

A = TypeVar("A")


def answer_question(
    question: Question[A], run_id: str, database: str, artifacts: str, progress: Progress = unwatched
) -> tuple[A | None, str]:
    """Answer a question in this worker: the answer and "", or None and a sentence that says why there is none.

    Args:
        progress: of a long question; the error that it raises ends the answering.
    """
    try:
        wait_until_loaded()
        return _answer(question, run_id, RunStore(database), ArtifactStore(artifacts), progress), ""
    except Cancelled as error:
        logger.info("%s of run %s: cancelled", question, run_id)
        return None, str(error)
    except Exception as error:
        logger.info("%s of run %s", question, run_id, exc_info=True)
        return None, sentence_for(error, database_in_words(database))


def _answer(question: Question[A], run_id: str, store: RunStore, files: ArtifactStore, progress: Progress) -> A:
    trained, kept = _trained_network(run_id, store, files)
    if not isinstance(question, LongQuestion):
        return question.answer(trained)
    answer: A = question.answer(trained, progress)
    keep_answer(question, answer, run_id, kept.sha256, files)
    return answer


def _trained_network(run_id: str, store: RunStore, files: ArtifactStore) -> tuple[TrainedNetwork, KeptNetwork]:
    run = store.get(run_id)
    newest = store.checkpoints(run_id)
    if not newest:
        raise LabError("This run has no saved weights yet; let it train for a moment.")
    dataset = load_experiment_data(run.experiment, files)
    kept = network_for(run.experiment, len(dataset.vocabulary))
    if kept.sha256 != newest[0].sha256:
        kept.load(*newest_weights(store, files, run_id))
    return TrainedNetwork(run.experiment, dataset, kept.network, kept.step), kept

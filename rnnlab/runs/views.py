"""What a page asks of a trained network: small functions that a warm worker runs, and the network they look at.

A view takes a `TrainedNetwork` and keyword parameters and returns a dictionary of NumPy arrays, numbers and texts: the
page that receives it must not need TensorFlow to unpack it.
"""

from __future__ import annotations

import dataclasses
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnlab.config import Experiment, ModelConfig, SineData
from rnnlab.errors import sentence_for
from rnnlab.runs import warm
from rnnlab.runs.artifacts import ArtifactStore
from rnnlab.runs.place import database_in_words
from rnnlab.runs.record import Checkpoint
from rnnlab.runs.store import RunStore
from rnnlab.runs.task import load_experiment_data, newest_weights

if TYPE_CHECKING:
    from rnnlab.data import Dataset
    from rnnlab.models import Network

logger = logging.getLogger(__name__)

NETWORKS_KEPT = 4

MOST_WORK = 10**11
"""Steps times weights that a way of feeding back may need: some ten seconds."""

COST_LENGTHS = (30, 100, 300, 1000, 2000, 4000)
COST_SECONDS = 2.5
"""Longest single call when costs are measured; lengths beyond are left out."""

View = dict[str, Any]


@dataclass(frozen=True)
class TrainedNetwork:
    """A run's network with the weights of its newest checkpoint; `step` updates they have had."""

    experiment: Experiment
    dataset: Dataset
    network: Network
    step: int


def compare_series(trained: TrainedNetwork, prime: int = 50, horizon: int = 500, way: str = "carried") -> View:
    """Target, one-step prediction and free run on the same axis; see `rnnlab.generation.SeriesComparison`.

    Args:
        way: how the output is fed back in the free run, a key of `rnnlab.attempts.ATTEMPTS`.
    Returns:
        The comparison and both errors; `carried_rmse`, the error with the state carried, None when that is the way;
        for a network that hears zeros `later_rmse`, the error of the same output had the wave begun `later_steps`
        later, about half a period; else None.
    """
    from rnnlab import generation

    comparison = generation.compare_series(trained.network, _wave(trained.experiment), prime, horizon)
    carried_rmse = None
    if way != "carried":
        carried_rmse = comparison.free_running_rmse
        comparison = dataclasses.replace(
            comparison, free_running=_attempt(trained, comparison.target[:prime], horizon, way)
        )
    errors = {
        "teacher_forced_rmse": comparison.teacher_forced_rmse,
        "free_running_rmse": comparison.free_running_rmse,
        "carried_rmse": carried_rmse,
    }
    return vars(comparison) | errors | _by_heart(_wave(trained.experiment), comparison.free_running, prime)


def _attempt(trained: TrainedNetwork, prime: np.ndarray, horizon: int, way: str) -> np.ndarray:
    """The free run in another way than `compare_series` has it: float32 (horizon,)."""
    from rnnlab import generation

    network = trained.network
    steps, most = generation.steps_needed(way, len(prime), horizon), MOST_WORK // network.count_params()
    if steps > most:
        raise ValueError(
            f"In this way {horizon:,} values take {steps:,} steps of the network, but there is time for at most "
            f"{most:,} of its size; please take a shorter horizon, or carry the state."
        )
    read = np.zeros_like(prime) if _wave(trained.experiment).inputs == "zeros" else prime
    return generation.generate_attempt(network, read[None, :, None], horizon, way)[0, :, 0]


def _by_heart(data: SineData, output: np.ndarray, prime: int) -> View:
    """How wrong an output that does not depend on the wave would be for another one."""
    if data.inputs != "zeros":
        return {"later_steps": None, "later_rmse": None}
    from rnnlab.data import wave

    steps = max(1, round(np.pi / data.frequency))
    other = wave(data, len(output), start=prime + steps)
    return {"later_steps": steps, "later_rmse": float(np.sqrt(np.mean(np.square(output - other))))}


def generation_cost(trained: TrainedNetwork) -> View:
    """What generating costs with this network; see `rnnlab.generation.GenerationCost`.

    Returns:
        `lengths`, the seconds `carried` and `reread` for each, medians, and their `ratios`.
    """
    from rnnlab import generation

    _wave(trained.experiment)
    cost = generation.measure_cost(trained.network, COST_LENGTHS, most_seconds=COST_SECONDS)
    carried, reread = cost.medians
    return {"lengths": cost.lengths, "carried": carried, "reread": reread, "ratios": cost.ratios}


def compare_text(trained: TrainedNetwork, start: int = 0, prime: int = 10, **passage: Any) -> View:
    """A passage predicted token by token, and continued freely; see `rnnlab.generation.TextComparison`.

    Args:
        start, prime: of the passage; a short validation text has both cut to what it has, as sliders know nothing of
            its length.
        passage: horizon, temperature, seed, top.
    Returns:
        The comparison, its perplexity and probabilities, the `start` that was taken, and the `length` of the text.
    """
    from rnnlab import generation

    _check_text(trained)
    length = len(trained.dataset.valid)
    prime = min(prime, length - 1)
    start = min(start, length - prime - 1)
    comparison = generation.compare_text(trained.network, trained.dataset, start, prime, **passage)
    measured = {"perplexity": comparison.perplexity, "true_probabilities": comparison.true_probabilities}
    return vars(comparison) | measured | {"start": start, "length": length}


def sample_text(
    trained: TrainedNetwork, prime: str = "", horizon: int = 100, temperature: float = 1.0, seed: int = 0
) -> View:
    """Text that the network writes on its own after a prime; without one it begins a sentence.

    Returns:
        `prime` and `text`, each a string.
    """
    from rnnlab import generation

    _check_text(trained)
    vocabulary = trained.dataset.vocabulary
    start = [vocabulary.index("<eos>") if "<eos>" in vocabulary else 0]
    tokens = trained.dataset.encode(prime) if prime.strip() else np.array(start)
    generated = generation.generate_tokens(trained.network, tokens[None], horizon, temperature, seed)
    return {"prime": trained.dataset.decode(tokens), "text": trained.dataset.decode(generated[0])}


def tags_of_stretch(trained: TrainedNetwork, start: int = 0, length: int = 0) -> View:
    """What a tagging network says of a stretch of the validation part; see `rnnlab.generation.tags_of`."""
    from rnnlab import generation

    return generation.tags_of(trained.network, trained.dataset, start, length)


VIEWS: dict[str, Callable[..., View]] = {
    f.__name__: f for f in (compare_series, generation_cost, compare_text, sample_text, tags_of_stretch)
}


def run_view(
    name: str, run_id: str, parameters: dict[str, Any], database: str, artifacts: str
) -> tuple[View | None, str]:
    """Run a view in this worker; returns its result and "", or None and a sentence that says why there is none."""
    try:
        if name not in VIEWS:
            raise ValueError(f"There is no view called {name!r}; there are {', '.join(VIEWS)}.")
        warm.wait_until_loaded()
        trained = _trained_network(run_id, RunStore(database), ArtifactStore(artifacts))
        return VIEWS[name](trained, **parameters) | {"step": trained.step}, ""
    except Exception as error:
        logger.info("view %s of run %s", name, run_id, exc_info=True)
        return None, sentence_for(error, database_in_words(database))


def _trained_network(run_id: str, store: RunStore, files: ArtifactStore) -> TrainedNetwork:
    run = store.get(run_id)
    newest = store.checkpoints(run_id)
    if not newest:
        raise ValueError("This run has no saved weights yet; let it train for a moment.")
    dataset = load_experiment_data(run.experiment, files)
    kept = network_for(run.experiment, len(dataset.vocabulary))
    if kept.sha256 != newest[0].sha256:
        kept.load(*newest_weights(store, files, run_id))
    return TrainedNetwork(run.experiment, dataset, kept.network, kept.step)


@dataclass
class KeptNetwork:
    """A network that stays in this worker for all runs of its shape: one whose graphs are compiled answers at once.

    Attributes:
        sha256: of the checkpoint that its weights came from.
        step: updates that they have had.
    """

    network: Network
    sha256: str = ""
    step: int = 0

    def load(self, checkpoint: Checkpoint | None, arrays: dict[str, np.ndarray] | None) -> None:
        """Take the weights of a checkpoint.

        Raises:
            ValueError: there is none that can be read.
        """
        from rnnlab.training import load_weights

        if checkpoint is None or arrays is None:
            raise ValueError("The saved weights of this run are missing or damaged; please train it again.")
        self.sha256 = ""  # half-loaded weights belong to no checkpoint
        load_weights(self.network, arrays)
        self.sha256, self.step = checkpoint.sha256, checkpoint.step


_networks: OrderedDict[tuple[ModelConfig, tuple[str, ...], int], KeptNetwork] = OrderedDict()


def network_for(experiment: Experiment, vocabulary: int) -> KeptNetwork:
    """This process's network for experiments of one shape; a worker runs one view at a time, so nobody else uses it."""
    from rnnlab.models import Network

    shape = (experiment.model, experiment.tags, vocabulary)
    if shape not in _networks:
        _networks[shape] = KeptNetwork(Network.for_experiment(experiment, vocabulary, experiment.seed))
    _networks.move_to_end(shape)
    if len(_networks) > NETWORKS_KEPT:
        _networks.popitem(last=False)
    return _networks[shape]


def _wave(experiment: Experiment) -> SineData:
    if not isinstance(experiment.data, SineData):
        raise ValueError("This run was trained on text, and a wave was asked for; please compare its text.")
    return experiment.data


def _check_text(trained: TrainedNetwork) -> None:
    if not trained.experiment.is_text:
        raise ValueError("This run was trained on a wave, and text was asked for; please compare its series.")

"""What a worker executes: one run, from the first weights or the last checkpoint to wherever it is told to end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnlab.arithmetic import RunArithmetic
from rnnlab.config import InvalidSetting, to_json
from rnnlab.errors import is_disk_full, sentence_for
from rnnlab.formulas.round_steps import is_round, next_round
from rnnlab.store import states
from rnnlab.store.artifacts import ArtifactStore, checkpoint_of, pack_arrays
from rnnlab.store.claim import Claim, Superseded, claim_run
from rnnlab.store.run import HEARTBEAT_SECONDS, Run, UnknownRun
from rnnlab.store.store import RunStore
from rnnlab.store.weights import newest_weights
from rnnlab.worker.kept import keep_compiled, make_trainer
from rnnlab.worker.loading import load_experiment_data, wait_until_loaded
from rnnlab.worker.preload import wait_until_rehearsed
from rnnlab.worker.tempo import Tempo
from rnnlab.worker.throttle import Throttle

if TYPE_CHECKING:
    from rnnlab.training import Trainer
    from rnnlab.training.trainer import Weights

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 0.15
CHECKPOINT_SECONDS = 1.0
SAMPLE_SECONDS = 1.0
NOTE_SECONDS = 0.3
ASIDE_SHARE = 0.05
"""Most of the time that checkpoints may take, and samples too: one of 0.25 s comes every 5 s."""

ENDINGS = {
    "pause": states.PAUSED,
    "stop": states.STOPPED,
    "interrupt": states.INTERRUPTED,
    "yield": states.QUEUED,
}
"""What a run becomes by each command that ends its execution."""


def train_run(run_id: str, submission: int, database: str, artifacts: str, engine: str) -> str:
    """Execute a run, if it still wants to be executed.

    A cluster may hand out one task twice, or long after the run has ended: the store decides.

    Args:
        run_id: which run.
        submission: the run's submission that this task was made for.
        database: URL of the run store.
        artifacts: location of the weights.
        engine: who executes it, see `Location.engine_name`.
    Returns:
        The state in which the run was left, for the log.
    """
    store, files = RunStore(database), ArtifactStore(artifacts)
    try:
        run = store.get(run_id)
        checkpoint, arrays = newest_weights(store, files, run_id)
        claim = claim_run(database, run_id, submission, engine, checkpoint)
    except (UnknownRun, Superseded):
        return "nothing to do"
    try:
        with Heart(claim):
            _sweep(store, files, run_id)
            state = _execute(claim, files, run, arrays)
    except Superseded:
        state = "superseded"
    logger.info("run %s, execution %d: %s", run_id, claim.execution, state)
    return state


def recorded_arithmetic(run: Run, arrays: dict[str, np.ndarray] | None) -> RunArithmetic | None:
    """The arithmetic that a run began with: its checkpoint's, otherwise its row's; None before it has begun."""
    from rnnlab.training import stored_arithmetic

    return (stored_arithmetic(arrays) if arrays is not None else None) or run.arithmetic


def _execute(claim: Claim, files: ArtifactStore, run: Run, arrays: dict[str, np.ndarray] | None) -> str:
    try:
        wait_until_loaded()
        wait_until_rehearsed(run.experiment)
        dataset = load_experiment_data(run.experiment, files, _download_note(claim))
        trainer = make_trainer(run.experiment, dataset, recorded_arithmetic(run, arrays))
        if arrays is not None:
            trainer.load_state_dict(arrays)
            if not run.measured:  # A fork begins with the loss that its parent had.
                trainer.measure_first()
        state = Execution(claim, files, trainer).run()
        keep_compiled(trainer)
        return state
    except Superseded:
        raise
    except Exception as error:
        logger.exception("run %s failed", run.id)
        if is_disk_full(error):
            claim.end_on_a_full_disk(sentence_for(error, claim.where))
            return states.INTERRUPTED
        claim.end(states.FAILED, sentence_for(error, claim.where))
        return states.FAILED


def _download_note(claim: Claim) -> Callable[[int, int], None]:
    """Tells those who wait how far a download is."""
    throttle = Throttle(NOTE_SECONDS, first=0)

    def progress(done: int, total: int) -> None:
        if throttle.is_due():
            with throttle.turn():
                claim.tell(f"Downloading the data: {done / 1e6:.1f} of {total / 1e6:.1f} MB")

    return progress


class Execution:
    """The loop around a trainer: train, report, listen.

    It samples at the steps 0, 1, 2, 5, 10, 20, 50, ... and as time allows. In the first second it only keeps the
    weights of these steps: compiling what samples must not delay the first points.

    Args:
        claim: the right to write about the run.
        files: where checkpoints go.
        trainer: at the step where the run goes on.
    """

    def __init__(self, claim: Claim, files: ArtifactStore, trainer: Trainer):
        self._claim = claim
        self._files = files
        self._trainer = trainer
        self._measurements: list[Any] = []
        self._saved_step = -1
        # Up to a checkpoint everything is sampled that should be.
        self._sampled_step = trainer.step or -1
        self._unsampled: list[tuple[int, Weights]] = []
        self._may_sample = False
        # The first points go out at once: somebody has just pressed Train.
        self._flushes = Throttle(FLUSH_SECONDS, first=0)
        self._checkpoints = Throttle(CHECKPOINT_SECONDS, ASIDE_SHARE, untimed=1)
        self._samples = Throttle(SAMPLE_SECONDS, ASIDE_SHARE, untimed=1)
        self._tempo = Tempo()
        self._pause_at: int | None = None
        self._deeds: dict[str, Callable[[dict[str, Any]], None]] = {
            "change": self._change,
            "pace": lambda content: self._tempo.set(content["updates_per_second"]),
            "advance": self._advance_only,
        }
        self._jobs: list[tuple[Throttle, Callable[[], None]]] = [
            (self._flushes, self._flush),
            (self._checkpoints, self._save),
            (self._samples, self._sample),
        ]

    def run(self) -> str:
        """Train until the end or a command; returns the state that the run was left in."""
        self._claim.start(self._trainer.step, self._trainer.total_steps, self._trainer.arithmetic)
        self._sample_early()
        while not self._trainer.finished:
            ending = self._commanded_ending()
            if ending:
                return self._end(ending)
            if self._pause_at is not None and self._trainer.step >= self._pause_at:
                return self._end(states.PAUSED)
            if self._tempo.wait():
                self._report()
                continue
            self._advance()
            self._sample_early()
            self._report()
        self._sample()
        return self._end(states.FINISHED)

    def _report(self) -> None:
        """Do what is due beside training."""
        for throttle, job in self._jobs:
            if throttle.is_due():
                with throttle.turn():
                    job()

    def _advance(self) -> None:
        step = self._trainer.step
        until = next_round(step) if self._pause_at is None else min(next_round(step), self._pause_at)
        most = self._tempo.most_updates
        with self._leaving_traces():
            self._measurements += self._trainer.advance(until - step if most is None else min(until - step, most))
        self._tempo.did(self._trainer.step - step)

    @contextmanager
    def _leaving_traces(self) -> Iterator[None]:
        """Store what was measured and what the network could do before the trainer fails: it shows how that came."""
        try:
            yield
        except Exception as error:
            self._measurements += getattr(error, "measurements", [])
            self._flush()
            self._sample_unsampled()
            raise

    def _commanded_ending(self) -> str | None:
        endings = []
        for command in self._claim.take_commands():
            if command.name in ENDINGS:
                endings.append(ENDINGS[command.name])
            elif command.name in self._deeds:
                self._deeds[command.name](command.content)
            else:
                logger.warning("run %s: there is no command called %r", self._claim.run_id, command.name)
        # Who presses Stop after Pause means it.
        return states.STOPPED if states.STOPPED in endings else next(iter(endings), None)

    def _change(self, content: dict[str, Any]) -> None:
        """Move a setting, and store that it was moved: a run that goes on, or is made again, does the same."""
        try:
            self._trainer.change(content["name"], content["value"])
        except InvalidSetting as error:  # The door has asked the run's settings; the run may have moved on since.
            logger.warning("run %s: %s", self._claim.run_id, error)
        else:
            self._claim.record_experiment(to_json(self._trainer.experiment))

    def _advance_only(self, content: dict[str, Any]) -> None:
        """Pause after some more updates, or at the end of an epoch."""
        step, per_epoch = self._trainer.step, self._trainer.steps_per_epoch
        epochs = content.get("epochs", 0)
        self._pause_at = (step // per_epoch + epochs) * per_epoch if epochs else step + content["updates"]

    def _flush(self) -> None:
        measurements, self._measurements = self._measurements, []
        self._claim.append(measurements, self._trainer.step)

    def _save(self) -> None:
        # The curves and the samples first: a checkpoint must never be ahead of them.
        self._flush()
        self._sample_unsampled()
        step = self._trainer.step
        if step == self._saved_step:
            return
        with self._leaving_traces():
            arrays = self._trainer.state_dict()
        content = pack_arrays(arrays)
        checkpoint = checkpoint_of(self._claim.run_id, self._claim.execution, step, content)
        self._files.write(checkpoint.path, content)
        try:
            self._files.delete(self._claim.add_checkpoint(checkpoint))
        except Superseded:
            self._files.delete([checkpoint.path])
            raise
        self._saved_step = step

    def _sample_early(self) -> None:
        """At one of the steps that are always sampled: do it, or keep the weights until there is time."""
        step = self._trainer.step
        if step == self._sampled_step or not is_round(step):
            return
        if self._may_sample:
            self._sample()
        else:
            self._sampled_step = step
            self._unsampled.append((step, self._trainer.weights()))

    def _sample(self) -> None:
        """Sample what was kept, and the present network."""
        self._sample_unsampled()
        self._may_sample = True
        step = self._trainer.step
        if step != self._sampled_step:
            self._sampled_step = step
            self._add_sample(step, None)

    def _sample_unsampled(self) -> None:
        unsampled, self._unsampled = self._unsampled, []
        for step, weights in unsampled:
            self._add_sample(step, weights)

    def _add_sample(self, step: int, weights: Weights | None) -> None:
        from rnnlab.inspection.samples import gates_at_a_sample

        try:
            content = self._trainer.sample(weights=weights, beside=gates_at_a_sample)
        except Exception:
            # A look at the network is not worth the run.
            logger.exception("run %s could not generate at step %d", self._claim.run_id, step)
        else:
            self._claim.add_sample(step, content)

    def _end(self, state: str) -> str:
        self._save()
        # A Stop that came after the last look must not be lost: nobody would read it any more.
        state = self._commanded_ending() or state if state in (states.PAUSED, states.QUEUED) else state
        if state == states.QUEUED:
            self._claim.queue_again()
        else:
            self._claim.end(state)
        return state


class Heart(AbstractContextManager["Heart"]):
    """Beats for a run from a thread of its own, so that a long compilation does not look like a dead worker."""

    def __init__(self, claim: Claim):
        self._claim = claim
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heart of {claim.run_id}", daemon=True)

    def __enter__(self) -> Heart:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._over.wait(HEARTBEAT_SECONDS):
            try:
                self._claim.beat()
            except Superseded:
                return
            except Exception:
                logger.warning("run %s could not beat", self._claim.run_id, exc_info=True)


def _sweep(store: RunStore, files: ArtifactStore, run_id: str) -> None:
    """Remove what earlier executions of the run left half-written or unrecorded."""
    recorded = {checkpoint.path for checkpoint in store.checkpoints(run_id)}
    files.delete([path for path in files.paths(run_id) if path not in recorded])

"""The door to everything about runs, for pages, the command line and notebooks."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from errno import ENOSPC
from typing import TypeVar

import numpy as np

from rnnlab.analyses.trained import Progress, Question, unwatched
from rnnlab.config import OWN_FILE, DataSettings, Experiment, Sweep, check_limits, machine_limit
from rnnlab.config.fork import check_fork
from rnnlab.config.live_changes import Change, with_change
from rnnlab.data import TextMissing
from rnnlab.engine.engine_file import EngineStarter, read_engine
from rnnlab.engine.fairness import TURN_SECONDS, fair_order, seconds_to_wait
from rnnlab.engine.workers import Workers
from rnnlab.errors import FILE_TROUBLE, LabError
from rnnlab.files import private_folder
from rnnlab.presets import NAME_LENGTH, group_name, member_names, run_name
from rnnlab.store.artifacts import ArtifactStore, checkpoint_of, pack_arrays
from rnnlab.store.curves import NOTHING_READ, Curve, Curves
from rnnlab.store.finished import FinishedRun
from rnnlab.store.group import Group, UnknownGroup, places_in_queue
from rnnlab.store.listing import ListQuery, RunPage
from rnnlab.store.location import Location
from rnnlab.store.predictions import Prediction
from rnnlab.store.reserve import is_full
from rnnlab.store.run import Checkpoint, Run, RunStateError, UnknownRun
from rnnlab.store.states import FAILED, INTERRUPTED, PUT_ASIDE, QUEUED
from rnnlab.store.store import RunStore, Sample
from rnnlab.store.weights import newest_weights
from rnnlab.visitor import HOST, LOCAL_OWNER, NotYours, Visitor
from rnnlab.worker.kept_answers import forget_answers, kept_answer

A = TypeVar("A")

ANSWER_SECONDS = 60.0

LOOK_SECONDS = 0.1
"""From one look for a run's first weights to the next."""

TRASH_DAYS = 7
"""A run in the trash can be restored for so long."""

LATER = 10**17
"""A step that comes after all others, for a change whose step only the worker knows."""

QUEUE_VARIABLE, MOST_QUEUED = "RNNLAB_QUEUE", 20
"""Runs that one owner may have in the queue. A group counts as one run."""

GROUP_VARIABLE, MOST_MEMBERS = "RNNLAB_GROUP", 100
"""Runs that one group may have."""


def most_queued() -> int:
    """Runs of one owner that may wait in the queue: `RNNLAB_QUEUE`, or 20. Raises `LabError`: it is no number."""
    return machine_limit(QUEUE_VARIABLE, MOST_QUEUED)


def most_members() -> int:
    """Runs that one group may have: `RNNLAB_GROUP`, or 100. Raises `LabError`: it is no number."""
    return machine_limit(GROUP_VARIABLE, MOST_MEMBERS)


class QueueFull(LabError):
    """An owner has too many runs in the queue. The message says how many there may be."""


class GroupTooLarge(LabError):
    """A group would have too many runs. The message says how many there may be."""


class NoAnswer(LabError):
    """A question has no answer. The message says why and what to do."""


class Lab:
    """The runs of one location, and the workers that execute them.

    Args:
        location: where runs are kept.
        engine_options: further options for the engine, should this lab have to start it.
    """

    def __init__(self, location: Location, engine_options: tuple[str, ...] = ()):
        self.location = location
        private_folder(location.home)
        self.store = RunStore(location.database)
        self.files = ArtifactStore(location.artifacts)
        self._workers = Workers(location, EngineStarter(location, engine_options))

    @classmethod
    def open(cls) -> Lab:
        """The lab that the environment names; see `Location`.

        Raises:
            ValueError: one of the variables cannot be used.
        """
        return cls(Location.from_environment())

    def for_visitor(self, visitor: Visitor) -> VisitorsLab:
        """The lab as a page may use it: anybody's run is read, and only the owner's is changed."""
        return VisitorsLab(self, visitor)

    def prepare(self) -> None:
        """Start the engine if need be and connect to it in the background; returns at once."""
        self._workers.get_runs_going()
        self._workers.connect_soon()

    def close(self) -> None:
        """Give up the line to the workers; runs go on."""
        self._workers.close()

    # --- runs --------------------------------------------------------------------------------------------------------

    def submit(
        self, experiment: Experiment, owner: str = LOCAL_OWNER, name: str | None = None, preset: str | None = None
    ) -> str:
        """Put a new run into the queue and return its id at once.

        Args:
            experiment: what to train.
            owner: whose run it is: the visitor's anonymous id, or LOCAL_OWNER.
            name: what a person calls it; None makes one from what it learns and what differs from the preset.
            preset: name of the preset that the settings came from.
        Raises:
            ValueError: the name is empty or too long.
            InvalidSetting: it needs more memory than one run may have here.
            TextMissing: it learns from a text of somebody's own that is not kept here; `files.keep_text` keeps one.
            QueueFull: the owner has as many runs in the queue as one may have.
            WorkersUnavailable: the location's cluster does not answer, so nobody would take it.
        """
        self._check_data(experiment.data)
        check_limits(experiment, self.vocabulary_of(experiment))
        self._check_queue(owner)
        self._workers.check()
        run_id = self.store.create(experiment, owner, run_name(experiment, preset) if name is None else name, preset)
        self._workers.get_runs_going()
        return run_id

    def submit_group(
        self, sweep: Sweep, owner: str = LOCAL_OWNER, name: str | None = None, preset: str | None = None
    ) -> str:
        """Put all runs of a sweep into the queue, or none of them, and return the id of their group at once.

        Args:
            sweep: what to train.
            owner, name, preset: as for `submit`; the name is the group's, and its runs add what differs.
        Raises:
            GroupTooLarge: it has more runs than a group may have.
            ValueError, InvalidSetting, TextMissing, QueueFull, WorkersUnavailable: as for `submit`.
        """
        self.check_group(sweep)
        self._check_queue(owner)
        self._workers.check()
        name = group_name(sweep, preset) if name is None else name
        names = member_names(name, sweep)
        group_id = self.store.create_group(sweep.experiments, owner, name, sweep.varies, names, preset)
        self._workers.get_runs_going()
        return group_id

    def check_group(self, sweep: Sweep) -> None:
        """Refuse a sweep that could not be trained here. Raises `GroupTooLarge`, `InvalidSetting`, `TextMissing`."""
        count, most = len(sweep.experiments), most_members()
        if count > most:
            raise GroupTooLarge(
                f"These are {count} runs, but a group may have at most {most}; take fewer values or seeds."
            )
        vocabularies: dict[DataSettings, int | None] = {}
        for experiment in sweep.experiments:
            if experiment.data not in vocabularies:
                self._check_data(experiment.data)
                vocabularies[experiment.data] = self.vocabulary_of(experiment)
            check_limits(experiment, vocabularies[experiment.data])

    def _check_data(self, data: DataSettings) -> None:
        if data.needs_own_text and self.files.kept_text(data.own_text) is None:
            raise TextMissing(OWN_FILE[data.kind])

    def _check_queue(self, owner: str) -> None:
        queued = [run for run in self.store.queued() if run.owner == owner]
        waiting, most = places_in_queue(queued), most_queued()
        if waiting >= most:
            groups = " A group counts as one run." if any(run.group_id for run in queued) else ""
            raise QueueFull(
                f"You have {waiting} runs in the queue, and {most} are allowed; wait until some of them have been "
                f"trained, or delete some.{groups}"
            )

    @property
    def trouble(self) -> str:
        """Why nobody takes the queued runs, one sentence; empty when somebody does, as far as this process knows."""
        return self._full_disk or self._workers.trouble

    def place_in_queue(self, run: Run) -> tuple[int, float | None] | None:
        """Where a queued run stands.

        Returns:
            Its place, from 1, and the seconds until it is begun, as far as they are known; None if it is begun.
        """
        at_work = [one for one in self._judged(self.store.live()) if one.is_live]
        order = [one.id for one in fair_order(self.store.queued(), at_work)]
        if run.id not in order:
            return None
        # Who has no run at work waits for somebody's turn to end, not for a run. A cluster knows no turns.
        waits_for_turn = not self.location.cluster and run.owner not in {one.owner for one in at_work}
        turn = TURN_SECONDS if waits_for_turn else math.inf
        now = datetime.now(UTC)
        left = [one.seconds_left(now) for one in at_work]
        position = order.index(run.id) + 1
        return position, seconds_to_wait(position, left, self.store.typical_seconds(), turn)

    def vocabulary_of(self, experiment: Experiment) -> int | None:
        """Number of tokens of the text that it learns; None for a series, and where the text is not at hand."""
        from rnnlab.data import known_vocabulary

        data = experiment.data
        if data.needs_own_text:
            return known_vocabulary(data, self.files.kept_text(data.own_text))
        return known_vocabulary(data)

    def run(self, run_id: str) -> Run:
        """The run of that id, as it is shown: one without a sign of life is interrupted. Raises `UnknownRun`."""
        return self._judged([self.store.get(run_id)])[0]

    def runs(self, *owners: str) -> list[Run]:
        """The runs of these owners, newest first."""
        return self._judged(self.store.runs(owners))

    def everybodys_runs(self) -> list[Run]:
        """All runs of the store, for the command line: who can read the database may read them all."""
        return self._judged(self.store.runs())

    def pause(self, run_id: str) -> None:
        """Keep what was learned and free the worker; `resume` goes on. Raises `UnknownRun`."""
        self.store.ask(self.run(run_id), "pause")

    def stop(self, run_id: str) -> None:
        """End a run within one step; what was learned is kept. Raises `UnknownRun`."""
        self.store.ask(self.run(run_id), "stop")

    def resume(self, run_id: str) -> None:
        """Go on from the last checkpoint with a paused, stopped, interrupted or failed run.

        Raises:
            UnknownRun: there is no such run.
            RunStateError: it is live or finished, or it failed before its first checkpoint.
            WorkersUnavailable: the location's cluster does not answer, so nobody would take it.
        """
        self._workers.check()
        self.store.queue_again(self.run(run_id))
        self._workers.get_runs_going()

    def change(self, run_id: str, name: str, value: float) -> None:
        """Move a setting of a live run, from its next update on; see `rnnlab.config.live_changes`.

        Raises:
            UnknownRun: there is no such run.
            InvalidSetting: the value is not allowed, or this run cannot change it.
            RunStateError: it is not live.
        """
        run = self.run(run_id)
        training = run.experiment.training
        # The worker says at which step; whether it may at all is known here.
        replace(training, changes=with_change(training.changes, Change(name, LATER, value)))
        self._ask_live(run, "change", {"name": name, "value": value})

    def set_pace(self, run_id: str, updates_per_second: float | None) -> None:
        """Slow a live run down, so that each update can be seen; None is full speed. Its next worker is at full speed.

        Raises:
            UnknownRun: there is no such run.
            RunStateError: it is not live.
            LabError: the pace is not a positive number.
        """
        if updates_per_second is not None and not 0 < updates_per_second < math.inf:
            raise LabError(f"The pace was {updates_per_second}, but must be a number of updates a second above 0.")
        self._ask_live(self.run(run_id), "pace", {"updates_per_second": updates_per_second})

    def _ask_live(self, run: Run, command: str, content: dict[str, object]) -> None:
        if not run.is_live:
            raise RunStateError(f"This run is {run.state}; only a run that trains can be changed.")
        self.store.ask(run, command, content)

    def advance(self, run_id: str, *, updates: int = 1, epochs: int = 0) -> None:
        """Let a run do some more updates and then pause; one that is not live goes on for them.

        Args:
            updates: to do.
            epochs: to do instead, to the end of the last of them.
        Raises:
            UnknownRun, RunStateError, WorkersUnavailable: see `resume`.
        """
        run, content = self.run(run_id), {"epochs": epochs} if epochs else {"updates": updates}
        if run.is_live:
            return self.store.ask(run, "advance", content)
        self._workers.check()
        self.store.queue_again(run, advance=content)
        self._workers.get_runs_going()

    def extend(self, run_id: str, epochs: int) -> None:
        """Go on with a finished run for more epochs.

        Args:
            epochs: further ones.
        Raises:
            UnknownRun: there is no such run.
            RunStateError: it is not finished.
            InvalidSetting: so many epochs are not allowed.
            WorkersUnavailable: see `resume`.
        """
        run = self.run(run_id)
        self._workers.check()
        experiment = run.experiment
        training = replace(experiment.training, epochs=experiment.training.epochs + epochs)
        self.store.extend(run, replace(experiment, training=training))
        self._workers.get_runs_going()

    def fork(self, run_id: str, experiment: Experiment, owner: str = LOCAL_OWNER, name: str | None = None) -> str:
        """Put a new run into the queue that goes on from another one's newest weights, with other settings.

        Args:
            run_id: of the run whose weights it takes.
            experiment: what may differ from that run's is said in `rnnlab.config.fork`.
            owner, name: see `submit`.
        Returns:
            The id of the new run.
        Raises:
            UnknownRun: there is no such run.
            RunStateError: it has no checkpoint yet.
            InvalidSetting: the settings do not go with the weights.
            QueueFull, WorkersUnavailable: see `submit`.
        """
        run = self.run(run_id)
        checkpoint, arrays = newest_weights(self.store, self.files, run_id)
        if checkpoint is None or arrays is None:
            raise RunStateError("This run has no checkpoint yet; please wait until it has trained for a second.")
        check_fork(experiment, run.experiment, checkpoint.step, run.total_steps)
        self._check_queue(owner)
        self._workers.check()

        title = name or f"{run.name}, fork at step {checkpoint.step:,}"[:NAME_LENGTH]
        keep = self._keeper(checkpoint.step, arrays)
        fork_id = self.store.create_fork(experiment, owner, title, run.preset, keep)
        self._workers.get_runs_going()
        return fork_id

    def keep(
        self, run: FinishedRun, arrays: dict[str, np.ndarray], owner: str = LOCAL_OWNER, name: str | None = None
    ) -> str:
        """Keep a run that was trained in another process, such as a notebook's; every screen then shows it.

        Args:
            run: what was trained. A text of one's own is kept with `files.keep_text` before.
            arrays: what `Trainer.state_dict` gave at its end.
            owner, name: see `submit`.
        Returns:
            The id of the run.
        Raises:
            ValueError: the name is empty or too long.
            TextMissing: see `submit`.
        """
        self._check_data(run.experiment.data)
        title = run_name(run.experiment, run.preset) if name is None else name
        return self.store.add_finished(run, owner, title, self._keeper(run.step, arrays))

    def _keeper(self, step: int, arrays: dict[str, np.ndarray]) -> Callable[[str], Checkpoint]:
        """Writes weights for the run of an id, and says where."""

        def keep(run_id: str) -> Checkpoint:
            content = pack_arrays(arrays)
            kept = checkpoint_of(run_id, 0, step, content)
            self.files.write(kept.path, content)
            return kept

        return keep

    def can_go_on(self, run: Run) -> bool:
        """Whether `resume` leads anywhere: a run that failed before its first checkpoint has nothing to go on from."""
        return run.can_go_on and (run.state != FAILED or bool(self.store.checkpoints(run.id)))

    def rename(self, run_id: str, name: str) -> None:
        """Give a run another name. Raises `UnknownRun`, or `ValueError` when the name is empty or too long."""
        self.store.rename(run_id, name)

    def delete(self, run_id: str) -> None:
        """Forget a run and its weights; a live one is stopped by it. Raises `UnknownRun`."""
        self.store.delete(run_id)
        self.files.delete_folder(run_id)
        forget_answers(run_id, self.files)

    def annotate(self, run_id: str, tags: str, remark: str) -> None:
        """Write tags, with commas between them, and a remark to a run. Raises `UnknownRun`, `LabError` if too long."""
        self.store.annotate(run_id, tags, remark)

    def trash(self, run_id: str) -> None:
        """Put a run into the trash, out of every list; a live one is stopped by it. `restore` brings it back.

        What has been in the owner's trash for `TRASH_DAYS` is deleted. Raises `UnknownRun`.
        """
        run = self.store.get(run_id)
        self.store.trash(run_id)
        self._clear_trash(run.owner)

    def _clear_trash(self, owner: str) -> None:
        """Delete what has been in the trash for long enough."""
        oldest = datetime.now(UTC) - timedelta(days=TRASH_DAYS)
        for old in self.store.trashed([owner]):
            if old.deleted and old.deleted < oldest:
                self.delete(old.id)

    def restore(self, run_id: str) -> None:
        """Take a run out of the trash; one that was live can go on. Raises `UnknownRun`."""
        self.store.restore(run_id)

    def trashed(self, *owners: str) -> list[Run]:
        """The runs of these owners that are in the trash, the one that was put there last first."""
        return self.store.trashed(owners)

    def page(self, owners: Sequence[str], query: ListQuery) -> RunPage:
        """One page of the runs of these owners, as they are shown."""
        found = self.store.page(owners, query)
        return found.with_runs(self._judged(found.runs))

    # --- groups ------------------------------------------------------------------------------------------------------

    def group(self, group_id: str) -> Group:
        """A group without its runs. Raises `UnknownGroup`."""
        return self.store.group(group_id)

    def members(self, group_id: str) -> list[Run]:
        """The runs of a group as they are shown, in the order in which they were submitted.

        Raises:
            UnknownGroup: there is no such group, or all of its runs were deleted.
        """
        found = self._judged(self.store.members(group_id))
        if not found:
            raise UnknownGroup(group_id)
        return found

    def pause_group(self, group_id: str) -> None:
        """Pause every run of a group that waits or trains. Raises `UnknownGroup`."""
        self._ask_group(group_id, "pause")

    def stop_group(self, group_id: str) -> None:
        """Stop every run of a group that is not over. Raises `UnknownGroup`."""
        self._ask_group(group_id, "stop")

    def resume_group(self, group_id: str) -> None:
        """Go on with every paused, stopped or interrupted run of a group.

        A failed run is left as it is: it would fail again. `resume` still goes on with it alone.

        Raises:
            UnknownGroup: there is no such group.
            WorkersUnavailable: the location's cluster does not answer, so nobody would take them.
        """
        self._workers.check()
        for run in self.members(group_id):
            if run.state in PUT_ASIDE:
                self.store.queue_again(run)
        self._workers.get_runs_going()

    def rename_group(self, group_id: str, name: str) -> None:
        """Give a group another name. Raises `UnknownGroup`, or `ValueError` when the name is empty or too long."""
        self.store.rename_group(group_id, name)

    def delete_group(self, group_id: str) -> None:
        """Forget a group, its runs and their weights; live ones are stopped by it. Raises `UnknownGroup`."""
        for run in _waiting_first(self.members(group_id)):
            with suppress(UnknownRun):
                self.delete(run.id)

    def trash_group(self, group_id: str) -> None:
        """Put all runs of a group into the trash at once; see `trash`. Raises `UnknownGroup`."""
        group = self.store.group(group_id)
        self.store.trash_group(group_id)
        self._clear_trash(group.owner)

    def restore_group(self, group_id: str) -> None:
        """Undo `trash_group`; runs that were live can go on. Raises `UnknownGroup`."""
        self.store.restore_group(group_id)

    def _ask_group(self, group_id: str, command: str) -> None:
        for run in _waiting_first(self.members(group_id)):
            with suppress(UnknownRun):
                self.store.ask(run, command)

    # --- lessons -----------------------------------------------------------------------------------------------------

    def predict(self, lesson: str, step: str, choice: str, owner: str = LOCAL_OWNER) -> None:
        """Keep what somebody predicts in a step of a lesson. A later prediction takes its place."""
        self.store.predict(owner, lesson, step, choice)

    def predictions(self, owner: str | None = None, lesson: str | None = None) -> list[Prediction]:
        """What somebody, or everybody, has predicted, in the order in which it was predicted."""
        return self.store.predictions(owner, lesson)

    # --- what a run has to show --------------------------------------------------------------------------------------

    def curves(self, run_id: str, since: Curves = NOTHING_READ) -> Curves:
        """What was measured since the last reading. Raises `UnknownRun`.

        Args:
            since: what the last reading returned; its points are continued or, after a step back to a checkpoint,
                replaced: see `Curves.replaces`.
        """
        return self.store.curves(run_id, since)

    def samples(self, run_id: str, after_step: int = -1) -> list[Sample]:
        """What the network generated on its own while it trained, in the order of steps."""
        return self.store.samples(run_id, after_step)

    def ask(
        self,
        run_id: str,
        question: Question[A],
        timeout: float = ANSWER_SECONDS,
        progress: Progress = unwatched,
        anew: bool = False,
    ) -> A:
        """Ask a run's network something, in a warm worker; see `rnnlab.analyses` for what there is.

        Args:
            question: with its parameters.
            timeout: seconds to wait for the first weights of a run at work, and then for the answer, or for the next
                report of a long one's progress.
            progress: called several times a second while it waits. The error that it raises cancels the question.
            anew: whether to compute an answer that is kept once more, such as a measurement.
        Raises:
            UnknownRun: there is no such run.
            NoAnswer: there is none; the message says why.
            WorkersUnavailable: no worker answered in time.
        """
        self._wait_for_weights(run_id, timeout, progress)
        kept = None if anew else kept_answer(question, run_id, self.store, self.files)
        if kept is not None:
            return kept
        from rnnlab.worker.answering import answer_question

        arguments = (question, run_id, self.location.database, self.location.artifacts)
        name = type(question).__name__
        answer, sentence = self._workers.call(
            answer_question, *arguments, name=name, timeout=timeout, progress=progress
        )
        if answer is None:
            raise NoAnswer(sentence)
        return answer

    def _wait_for_weights(self, run_id: str, timeout: float, progress: Progress) -> None:
        """A run that has just begun saves its first weights in a moment, and so does a short one when it ends."""
        for _ in range(round(timeout / LOOK_SECONDS)):
            if not self.run(run_id).is_live or self.store.checkpoints(run_id):
                return
            progress(0, 1)
            time.sleep(LOOK_SECONDS)

    @property
    def engine_is_ready(self) -> bool:
        """Whether workers can be had at once, as far as this machine knows."""
        return self.location.cluster is not None or read_engine(self.location) is not None

    def _judged(self, runs: list[Run]) -> list[Run]:
        if any(run.state == QUEUED for run in runs):
            # Whoever waits for a run sees to it that somebody hands it out, should the engine have ended meanwhile.
            self._workers.get_runs_going()
        if not any(run.is_live for run in runs):
            return runs
        # Only of its own engine can a machine say that it is dead; others have their heartbeat.
        mine = None if self.engine_is_ready else self.location.engine_name
        return [self._named(run, run.judged(engine_is_dead=run.engine == mine)) for run in runs]

    def _named(self, run: Run, shown: Run) -> Run:
        """A run that was found lost has a full disk for its reason, where the disk is full."""
        is_lost = run.is_live and shown.state == INTERRUPTED
        return replace(shown, error=self._full_disk) if is_lost and self._full_disk else shown

    @property
    def _full_disk(self) -> str:
        return FILE_TROUBLE[ENOSPC].format(where=self.location.home) if is_full(self.location.home) else ""


def _waiting_first(members: list[Run]) -> list[Run]:
    """So that no worker that becomes free takes another run of the group meanwhile."""
    return sorted(members, key=lambda run: run.state != QUEUED)


class VisitorsLab:
    """The lab as one visitor has it: the only door for pages.

    Args:
        lab: the lab.
        visitor: who asks.
    """

    def __init__(self, lab: Lab, visitor: Visitor):
        self._lab = lab
        self.visitor = visitor

    def may_change(self, run: Run) -> bool:
        """Whether the run is theirs."""
        return run.owner in self.visitor.owners

    @property
    def trouble(self) -> str:
        """See `Lab.trouble`."""
        return self._lab.trouble

    def can_go_on(self, run: Run) -> bool:
        """See `Lab.can_go_on`."""
        return self._lab.can_go_on(run)

    def submit(self, experiment: Experiment, name: str | None = None, preset: str | None = None) -> str:
        """See `Lab.submit`."""
        try:
            return self._lab.submit(experiment, self.visitor.owner, name, preset)
        except TextMissing as error:
            raise TextMissing(error.setting, "upload it on the Data screen") from error

    def submit_group(self, sweep: Sweep, name: str | None = None, preset: str | None = None) -> str:
        """See `Lab.submit_group`."""
        try:
            return self._lab.submit_group(sweep, self.visitor.owner, name, preset)
        except TextMissing as error:
            raise TextMissing(error.setting, "upload it on the Data screen") from error

    def check_group(self, sweep: Sweep) -> None:
        """See `Lab.check_group`."""
        self._lab.check_group(sweep)

    def vocabulary_of(self, experiment: Experiment) -> int | None:
        """See `Lab.vocabulary_of`."""
        return self._lab.vocabulary_of(experiment)

    def runs(self) -> list[Run]:
        """Their runs, newest first."""
        return self._lab.runs(*self.visitor.owners)

    def run(self, run_id: str) -> Run:
        """Anybody's run, to look at. Raises `UnknownRun`."""
        return self._lab.run(run_id)

    def curves(self, run_id: str, since: Curves = NOTHING_READ) -> Curves:
        """See `Lab.curves`."""
        return self._lab.curves(run_id, since)

    def samples(self, run_id: str, after_step: int = -1) -> list[Sample]:
        """See `Lab.samples`."""
        return self._lab.samples(run_id, after_step)

    def ask(self, run_id: str, question: Question[A], progress: Progress = unwatched) -> A:
        """See `Lab.ask`."""
        return self._lab.ask(run_id, question, progress=progress)

    def pause(self, run_id: str) -> None:
        """See `Lab.pause`. Raises `NotYours`, `UnknownRun`."""
        self._check(run_id, "pause")
        self._lab.pause(run_id)

    def stop(self, run_id: str) -> None:
        """See `Lab.stop`. Raises `NotYours`, `UnknownRun`."""
        self._check(run_id, "stop")
        self._lab.stop(run_id)

    def resume(self, run_id: str) -> None:
        """See `Lab.resume`. Raises `NotYours`, `UnknownRun`, `RunStateError`."""
        self._check(run_id, "go on with")
        self._lab.resume(run_id)

    def change(self, run_id: str, name: str, value: float) -> None:
        """See `Lab.change`. Raises `NotYours`, `UnknownRun`, `InvalidSetting`, `RunStateError`."""
        self._check(run_id, "change")
        self._lab.change(run_id, name, value)

    def set_pace(self, run_id: str, updates_per_second: float | None) -> None:
        """See `Lab.set_pace`. Raises `NotYours`, `UnknownRun`, `RunStateError`."""
        self._check(run_id, "slow down")
        self._lab.set_pace(run_id, updates_per_second)

    def advance(self, run_id: str, *, updates: int = 1, epochs: int = 0) -> None:
        """See `Lab.advance`. Raises `NotYours`, `UnknownRun`, `RunStateError`."""
        self._check(run_id, "go on with")
        self._lab.advance(run_id, updates=updates, epochs=epochs)

    def extend(self, run_id: str, epochs: int) -> None:
        """See `Lab.extend`. Raises `NotYours`, `UnknownRun`, `RunStateError`, `InvalidSetting`."""
        self._check(run_id, "go on with")
        self._lab.extend(run_id, epochs)

    def fork(self, run_id: str, experiment: Experiment) -> str:
        """See `Lab.fork`: anybody's run may be gone on from, in a run of one's own."""
        return self._lab.fork(run_id, experiment, self.visitor.owner)

    def rename(self, run_id: str, name: str) -> None:
        """See `Lab.rename`. Raises `NotYours`, `UnknownRun`, or `ValueError` when the name is empty or too long."""
        self._check(run_id, "rename")
        self._lab.rename(run_id, name)

    def delete(self, run_id: str) -> None:
        """See `Lab.delete`. Raises `NotYours`, `UnknownRun`."""
        self._check(run_id, "delete")
        self._lab.delete(run_id)

    def page(self, query: ListQuery) -> RunPage:
        """One page of their runs."""
        return self._lab.page(self.visitor.owners, query)

    def weights_size(self) -> int:
        """Bytes of the weights of all their runs, also of those in the trash."""
        return self._lab.store.weights_size(self.visitor.owners)

    def curve(self, run_id: str, name: str) -> Curve:
        """One whole curve of anybody's run; no points if there is none."""
        return self._lab.store.curve(run_id, name)

    def sample_times(self, run_id: str) -> list[tuple[int, datetime]]:
        """The step of each sample of anybody's run, and when it was stored."""
        return self._lab.store.sample_times(run_id)

    def newest_sample(self, run_id: str) -> Sample | None:
        """What the network of anybody's run generated last; None before it has generated anything."""
        return self._lab.store.newest_sample(run_id)

    def baseline(self) -> Run | None:
        """The run that they compare all others with; None if there is none."""
        return self._lab.store.baseline(self.visitor.owner)

    def pin(self, run_id: str | None) -> None:
        """Compare all runs with this one from now on, or with none. Raises `UnknownRun`."""
        self._lab.store.pin(self.visitor.owner, run_id)

    def annotate(self, run_id: str, tags: str, remark: str) -> None:
        """See `Lab.annotate`. Raises `NotYours`, `UnknownRun`, or `LabError` if they are too long."""
        self._check(run_id, "write notes to")
        self._lab.annotate(run_id, tags, remark)

    def trash(self, run_id: str) -> None:
        """See `Lab.trash`. Raises `NotYours`, `UnknownRun`."""
        self._check(run_id, "delete")
        self._lab.trash(run_id)

    def trashed(self) -> list[Run]:
        """Their runs in the trash, the one that was put there last first."""
        return self._lab.trashed(*self.visitor.owners)

    def restore_last(self) -> None:
        """Take out of their trash what was put there last: a run, or all runs of a group; nothing if it is empty."""
        trashed = self.trashed()
        for run in trashed:
            if run.deleted == trashed[0].deleted:
                self._lab.restore(run.id)

    def empty_trash(self) -> None:
        """Delete all runs in their trash for good."""
        for run in self.trashed():
            with suppress(UnknownRun):
                self._lab.delete(run.id)

    def predict(self, lesson: str, step: str, choice: str) -> None:
        """See `Lab.predict`."""
        self._lab.predict(lesson, step, choice, self.visitor.owner)

    def predicted(self, lesson: str) -> dict[str, str]:
        """Their newest prediction in each step of a lesson that has one."""
        return {one.step: one.choice for one in self._lab.predictions(self.visitor.owner, lesson)}

    def my_predictions(self) -> list[Prediction]:
        """All that they have predicted."""
        return self._lab.predictions(self.visitor.owner)

    @property
    def is_host(self) -> bool:
        """Whether they sit at the lab's own machine, as a teacher does who shows it to a class."""
        return self.visitor.role == HOST

    def everybodys_predictions(self) -> list[Prediction]:
        """What the class has predicted. Raises `LabError` for anybody but the host."""
        if not self.is_host:
            raise LabError("Only the person at the lab's own machine may read everybody's predictions; yours are here.")
        return self._lab.predictions()

    def may_change_group(self, group: Group) -> bool:
        """Whether the group and its runs are theirs."""
        return group.owner in self.visitor.owners

    def group(self, group_id: str) -> Group:
        """Anybody's group, to look at. Raises `UnknownGroup`."""
        return self._lab.group(group_id)

    def members(self, group_id: str) -> list[Run]:
        """See `Lab.members`. Raises `UnknownGroup`."""
        return self._lab.members(group_id)

    def pause_group(self, group_id: str) -> None:
        """See `Lab.pause_group`. Raises `NotYours`, `UnknownGroup`."""
        self._check_group_is_theirs(group_id, "pause")
        self._lab.pause_group(group_id)

    def stop_group(self, group_id: str) -> None:
        """See `Lab.stop_group`. Raises `NotYours`, `UnknownGroup`."""
        self._check_group_is_theirs(group_id, "stop")
        self._lab.stop_group(group_id)

    def resume_group(self, group_id: str) -> None:
        """See `Lab.resume_group`. Raises `NotYours`, `UnknownGroup`."""
        self._check_group_is_theirs(group_id, "go on with")
        self._lab.resume_group(group_id)

    def rename_group(self, group_id: str, name: str) -> None:
        """See `Lab.rename_group`. Raises `NotYours`, `UnknownGroup`, or `ValueError` for the name."""
        self._check_group_is_theirs(group_id, "rename")
        self._lab.rename_group(group_id, name)

    def delete_group(self, group_id: str) -> None:
        """See `Lab.delete_group`. Raises `NotYours`, `UnknownGroup`."""
        self._check_group_is_theirs(group_id, "delete")
        self._lab.delete_group(group_id)

    def trash_group(self, group_id: str) -> None:
        """See `Lab.trash_group`. Raises `NotYours`, `UnknownGroup`."""
        self._check_group_is_theirs(group_id, "delete")
        self._lab.trash_group(group_id)

    def restore_group(self, group_id: str) -> None:
        """See `Lab.restore_group`. Raises `NotYours`, `UnknownGroup`."""
        self._check_group_is_theirs(group_id, "restore")
        self._lab.restore_group(group_id)

    def _check_group_is_theirs(self, group_id: str, deed: str) -> None:
        if not self.may_change_group(self._lab.group(group_id)):
            raise NotYours(deed, "group of runs")

    def _check(self, run_id: str, deed: str) -> None:
        if not self.may_change(self._lab.run(run_id)):
            raise NotYours(deed)

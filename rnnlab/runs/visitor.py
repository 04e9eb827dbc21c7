"""Who asks, and what they may do: everybody who has a link may look, only the owner may act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rnnlab.config import Experiment
from rnnlab.data import TextMissing
from rnnlab.runs.curves import NOTHING_READ, Curves
from rnnlab.runs.record import Run
from rnnlab.runs.store import Sample

if TYPE_CHECKING:
    from rnnlab.runs.lab import Lab

LOCAL_OWNER = "local"
"""Who owns the runs of the command line and of notebooks."""

VISITOR, HOST = "visitor", "host"
"""Roles: somebody with a browser; the person at the lab's own machine, whose the command line's runs are too."""


@dataclass(frozen=True)
class Visitor:
    """Who asks.

    Attributes:
        owner: the anonymous id that their runs are kept under.
        role: VISITOR or HOST.
    """

    owner: str
    role: str = VISITOR

    @property
    def owners(self) -> tuple[str, ...]:
        """Whose runs are theirs."""
        return (self.owner, LOCAL_OWNER) if self.role == HOST else (self.owner,)


class NotYours(ValueError):
    """Somebody else's run was to be changed."""

    def __init__(self, deed: str):
        super().__init__(
            f"This run belongs to somebody else, so you cannot {deed} it; make a copy with its settings to have your "
            "own."
        )


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

    def queue_words(self, run: Run) -> str:
        """See `Lab.queue_words`."""
        return self._lab.queue_words(run)

    def can_go_on(self, run: Run) -> bool:
        """See `Lab.can_go_on`."""
        return self._lab.can_go_on(run)

    def submit(self, experiment: Experiment, name: str | None = None, preset: str | None = None) -> str:
        """See `Lab.submit`."""
        try:
            return self._lab.submit(experiment, self.visitor.owner, name, preset)
        except TextMissing as error:
            raise TextMissing("upload it on the Data screen") from error

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

    def view(self, function_name: str, run_id: str, **parameters: Any) -> dict[str, Any]:
        """See `Lab.view`."""
        return self._lab.view(function_name, run_id, **parameters)

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

    def rename(self, run_id: str, name: str) -> None:
        """See `Lab.rename`. Raises `NotYours`, `UnknownRun`, or `ValueError` when the name is empty or too long."""
        self._check(run_id, "rename")
        self._lab.rename(run_id, name)

    def delete(self, run_id: str) -> None:
        """See `Lab.delete`. Raises `NotYours`, `UnknownRun`."""
        self._check(run_id, "delete")
        self._lab.delete(run_id)

    def _check(self, run_id: str, deed: str) -> None:
        if not self.may_change(self._lab.run(run_id)):
            raise NotYours(deed)

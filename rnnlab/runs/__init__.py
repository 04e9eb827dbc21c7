"""Runs: where they are kept, and the processes that execute them.

`lab` is the door for pages, the command line and notebooks. Below it: `store` (the database), `claim` (a worker's
fenced access to one run), `artifacts` (weights as files), `task` (what a worker executes), `engine` and `dispatch` (who
gives queued runs to workers), `views` (what a page asks of a trained network).
"""

from rnnlab.runs.curves import NOTHING_READ, Curve, Curves
from rnnlab.runs.lab import Lab, ViewFailed
from rnnlab.runs.place import Place
from rnnlab.runs.record import Run, RunStateError, UnknownRun
from rnnlab.runs.store import Sample
from rnnlab.runs.visitor import HOST, LOCAL_OWNER, VISITOR, NotYours, Visitor, VisitorsLab
from rnnlab.runs.workers import WorkersUnavailable

__all__ = [
    "HOST",
    "LOCAL_OWNER",
    "NOTHING_READ",
    "VISITOR",
    "Curve",
    "Curves",
    "Lab",
    "NotYours",
    "Place",
    "Run",
    "RunStateError",
    "Sample",
    "UnknownRun",
    "ViewFailed",
    "Visitor",
    "VisitorsLab",
    "WorkersUnavailable",
]

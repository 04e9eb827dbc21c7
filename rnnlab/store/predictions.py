"""What people predicted in lessons, before they saw the result. Nothing else about a person is kept here."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from rnnlab.store.schema import predictions

HEAD = ("lesson", "step", "visitor", "choice", "when")
"""The columns of the file."""


@dataclass(frozen=True)
class Prediction:
    """One prediction.

    Attributes:
        lesson, step: what it is about.
        visitor: who made it, see `visitor_name`.
        choice: the key of a choice, a number, or that the person does not know.
        made: when, in UTC.
    """

    lesson: str
    step: str
    visitor: str
    choice: str
    made: datetime


def visitor_name(owner: str) -> str:
    """Who made a prediction: the same name each time, from which nobody finds the owner's id, which is a key."""
    return hashlib.sha256(f"prediction of {owner}".encode()).hexdigest()[:16]


def insert_prediction(connection: Connection, prediction: Prediction) -> None:
    """Write a prediction. An earlier one of the same visitor stays, and the newest one counts."""
    connection.execute(insert(predictions), vars(prediction))


def list_predictions(connection: Connection, owner: str | None = None, lesson: str | None = None) -> list[Prediction]:
    """The predictions of somebody, or of everybody; in the order in which they were made."""
    columns = [predictions.c[name] for name in ("lesson", "step", "visitor", "choice", "made")]
    query = select(*columns).order_by(predictions.c.id)
    if owner is not None:
        query = query.where(predictions.c.visitor == visitor_name(owner))
    if lesson is not None:
        query = query.where(predictions.c.lesson == lesson)
    return [Prediction(*row) for row in connection.execute(query)]


def as_csv(found: Iterable[Prediction]) -> str:
    """The predictions as a table with a head, one a line."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(HEAD)
    for one in found:
        table.writerow([one.lesson, one.step, one.visitor, one.choice, one.made.isoformat(timespec="seconds")])
    return text.getvalue()

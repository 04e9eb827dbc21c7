"""Runs that belong together: the seeds of one experiment, the values of a sweep."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from rnnlab import config
from rnnlab.config.sweep import variants
from rnnlab.errors import LabError
from rnnlab.store.run import Run
from rnnlab.store.schema import run_groups, runs


class UnknownGroup(LabError):
    """There is no group of that id: deleted, or a stale link."""

    def __init__(self, group_id: str):
        super().__init__(
            f"There is no group of runs {config.shown(group_id)}; it may have been deleted. Choose a run on the Runs "
            "page."
        )


@dataclass(frozen=True)
class Group:
    """A group without its runs.

    Attributes:
        id: nobody can guess it.
        owner: who started it, and all of its runs.
        name: what a person calls it.
        varies: all values of each setting that varies, by its flat name; the seed is always among them.
        created: in UTC.
    """

    id: str
    owner: str
    name: str
    varies: dict[str, list[Any]]
    created: datetime

    @property
    def variants(self) -> list[str]:
        """The words for each combination of values; its runs differ only in the seed."""
        return variants(self.varies)

    @property
    def seeds(self) -> int:
        """Runs of each variant."""
        return len(self.varies["seed"])


def insert_group(connection: Connection, group: Group) -> None:
    """Write a new row. The group's runs are written in the same transaction."""
    row = {"id": group.id, "owner": group.owner, "name": group.name, "created": group.created}
    connection.execute(insert(run_groups), row | {"varies": json.dumps(group.varies)})


def get_group(connection: Connection, group_id: str) -> Group:
    """The group of that id. Raises `UnknownGroup`."""
    row = connection.execute(select(run_groups).where(run_groups.c.id == _checked_id(group_id))).one_or_none()
    if row is None:
        raise UnknownGroup(group_id)
    return _group(row)


def rename_group(connection: Connection, group_id: str, name: str) -> None:
    """Give a group another name. Raises `UnknownGroup`."""
    renamed = update(run_groups).where(run_groups.c.id == _checked_id(group_id)).values(name=name)
    if not connection.execute(renamed).rowcount:
        raise UnknownGroup(group_id)


def delete_empty_group(connection: Connection, group_id: str) -> None:
    """Forget a group whose last run was deleted."""
    has_runs = select(runs.c.id).where(runs.c.group_id == group_id).exists()
    connection.execute(delete(run_groups).where(run_groups.c.id == group_id, ~has_runs))


def places_in_queue(queued: list[Run]) -> int:
    """How many places some queued runs take: a group takes one, however many of its runs wait."""
    return len({run.group_id or run.id for run in queued})


def _group(row: Row[Any]) -> Group:
    values = dict(row._mapping)
    return Group(**values | {"varies": json.loads(values["varies"])})


def _checked_id(group_id: str) -> str:
    """An id as a database can be asked for it. Raises `UnknownGroup`."""
    if not (group_id.isascii() and group_id.isprintable()):
        raise UnknownGroup(group_id)
    return group_id

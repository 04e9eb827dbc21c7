"""A page of the list of runs. The database searches, filters and sorts: 10,000 runs cost little more than ten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select

from rnnlab.errors import LabError
from rnnlab.store.run import Run
from rnnlab.store.schema import artifacts, baselines, run_groups, runs

PAGE = 100
"""Runs of one page: more than a screen shows at once, and few enough to read all of their settings."""

NEWEST, OLDEST, NAME, BEST, STEPS = "newest", "oldest", "name", "best", "steps"
ORDERS: dict[str, ColumnElement[Any]] = {
    NEWEST: runs.c.created.desc(),
    OLDEST: runs.c.created.asc(),
    NAME: func.lower(runs.c.name).asc(),
    BEST: runs.c.best_loss.asc().nulls_last(),
    STEPS: runs.c.step.desc(),
}
"""What a list can be sorted by. Equals are listed newest first."""

MOST_SEARCHED = 10
"""Words of a search that count."""

MOST_TAGS, LONGEST_REMARK = 200, 2_000
"""Characters of all tags of a run together, and of its remark."""


@dataclass(frozen=True)
class ListQuery:
    """Which runs to list.

    Attributes:
        search: words. A run is listed if each of them is in its name, tags or remark, or in the name of its group.
        states: that a run may be in; all if empty.
        order: a name in `ORDERS`.
        first: how many runs to leave out at the start.
        count: the most runs to list.
    """

    search: str = ""
    states: tuple[str, ...] = ()
    order: str = NEWEST
    first: int = 0
    count: int = PAGE


@dataclass(frozen=True)
class RunPage:
    """What a list shows at once.

    Attributes:
        runs: in their order.
        total: how many runs the search and the filter find.
        groups: the names of the groups of these runs, by id.
        sizes: bytes of the weights of each of these runs, by id; a run without weights has none.
    """

    runs: list[Run]
    total: int
    groups: dict[str, str]
    sizes: dict[str, int]

    def with_runs(self, judged: list[Run]) -> RunPage:
        """The same page with its runs as they are shown."""
        return replace(self, runs=judged)


def list_page(
    connection: Connection, owners: Sequence[str], query: ListQuery, run_of: Callable[[Row[Any]], Run]
) -> RunPage:
    """One page of the runs of some owners. What is in the trash is not listed.

    Args:
        run_of: makes a run of its row.
    """
    wanted = _conditions(owners, query)
    total = connection.execute(select(func.count()).select_from(runs).where(*wanted)).scalar_one()
    # Only the ids are sorted: a sort that carries the settings along takes ten times as long.
    order = (ORDERS[query.order], runs.c.created.desc(), runs.c.id)
    page = select(runs.c.id).where(*wanted).order_by(*order).offset(query.first).limit(query.count)
    ids = list(connection.execute(page).scalars())
    rows = {row.id: row for row in connection.execute(select(runs).where(runs.c.id.in_(ids)))}
    found = [run_of(rows[run_id]) for run_id in ids]
    return RunPage(found, total, _group_names(connection, found), _sizes(connection, ids))


def weights_size(connection: Connection, owners: Iterable[str]) -> int:
    """Bytes of all weights of some owners' runs, also of those in the trash."""
    total = select(func.sum(artifacts.c.size)).join(runs, runs.c.id == artifacts.c.run_id)
    return int(connection.execute(total.where(runs.c.owner.in_(list(owners)))).scalar() or 0)


def get_baseline(connection: Connection, owner: str) -> Row[Any] | None:
    """The row of the run that somebody compares all others with; None if there is none, or it is in the trash."""
    pinned = select(runs).join(baselines, baselines.c.run_id == runs.c.id)
    return connection.execute(pinned.where(baselines.c.owner == owner, runs.c.deleted.is_(None))).one_or_none()


def pin_baseline(connection: Connection, owner: str, run_id: str | None) -> None:
    """Compare all runs of somebody with this one from now on, or with none."""
    connection.execute(delete(baselines).where(baselines.c.owner == owner))
    if run_id is not None:
        connection.execute(insert(baselines), {"owner": owner, "run_id": run_id})


def checked_tags(text: str) -> str:
    """Tags as the store keeps them: each once, with `, ` between them. Raises `LabError` if they are too long."""
    tags = dict.fromkeys(" ".join(tag.split()) for tag in _storable(text).split(","))
    return _of_length("tags", ", ".join(filter(None, tags)), MOST_TAGS)


def checked_remark(text: str) -> str:
    """A remark as the store keeps it. Raises `LabError` if it is too long."""
    return _of_length("notes", _storable(text).strip(), LONGEST_REMARK)


def _of_length(what: str, text: str, most: int) -> str:
    if len(text) > most:
        raise LabError(f"The {what} have {len(text)} characters, but may have at most {most}; please shorten them.")
    return text


def _storable(text: str) -> str:
    """Without half characters, which no database keeps, and without NUL, which PostgreSQL does not keep."""
    return text.encode(errors="ignore").decode().replace("\0", "")


def _conditions(owners: Sequence[str], query: ListQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [runs.c.owner.in_(list(owners)), runs.c.deleted.is_(None)]
    if query.states:
        wanted.append(runs.c.state.in_(query.states))
    return wanted + [_has(word) for word in _storable(query.search).split()[:MOST_SEARCHED]]


def _has(word: str) -> ColumnElement[bool]:
    groups = select(run_groups.c.id).where(run_groups.c.name.icontains(word, autoescape=True))
    own = [column.icontains(word, autoescape=True) for column in (runs.c.name, runs.c.tags, runs.c.remark)]
    return or_(*own, runs.c.group_id.in_(groups))


def _group_names(connection: Connection, listed: Sequence[Run]) -> dict[str, str]:
    ids = {run.group_id for run in listed if run.group_id}
    named = select(run_groups.c.id, run_groups.c.name).where(run_groups.c.id.in_(ids))
    return {row.id: row.name for row in connection.execute(named)} if ids else {}


def _sizes(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    summed = select(artifacts.c.run_id, func.sum(artifacts.c.size).label("size")).group_by(artifacts.c.run_id)
    return {row.run_id: int(row.size) for row in connection.execute(summed.where(artifacts.c.run_id.in_(ids)))}

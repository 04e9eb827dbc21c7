"""The newest and the best values lie on the run's row, and runs may belong together."""

import json

import numpy as np
import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BEST_IS_LOWEST = (
    *("batch_loss", "train_loss", "valid_loss"),
    *("epoch_train_perplexity", "epoch_valid_perplexity", "test_perplexity"),
)


def upgrade() -> None:
    op.add_column("runs", sa.Column("measured", sa.Text))
    op.add_column("runs", sa.Column("group_id", sa.String(32)))
    op.create_index("ix_runs_group_id", "runs", ["group_id"])
    connection = op.get_bind()
    runs = sa.table("runs", sa.column("id", sa.String), sa.column("measured", sa.Text))
    for (run_id,) in connection.execute(sa.select(runs.c.id)).all():
        measured = json.dumps(_measured(connection, run_id))
        connection.execute(sa.update(runs).where(runs.c.id == run_id).values(measured=measured))


def _measured(connection: sa.Connection, run_id: str) -> dict[str, list]:
    metrics = sa.table("metrics", *map(sa.column, ("run_id", "name", "first_step", "steps", "points")))
    of_run = sa.select(metrics.c.name, metrics.c.steps, metrics.c.points).where(metrics.c.run_id == run_id)
    found: dict[str, list] = {}
    for name, steps, points in connection.execute(of_run.order_by(metrics.c.first_step)):
        steps, points = np.frombuffer(steps, "<i8"), np.frombuffer(points, "<f8")
        best, best_step = found.get(name, [0, 0, None, None])[2:]
        lowest = int(points.argmin())
        if name in BEST_IS_LOWEST and (best is None or points[lowest] < best):
            best, best_step = float(points[lowest]), int(steps[lowest])
        found[name] = [float(points[-1]), int(steps[-1]), best, best_step]
    return found

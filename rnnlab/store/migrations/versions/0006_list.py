"""What a list of runs shows and is sorted by lies on the run's row. Tags, remarks, a trash, baselines."""

import json

import numpy as np
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

SPARK_VALUES = 32


def upgrade() -> None:
    columns = {
        "best_loss": sa.Double(),
        "spark": sa.Text(),
        "free_error": sa.Double(),
        "tags": sa.Text(),
        "remark": sa.Text(),
    }
    for name, kind in (columns | {"deleted": sa.DateTime()}).items():
        op.add_column("runs", sa.Column(name, kind))
    op.drop_index("ix_runs_owner_created", table_name="runs")
    for order in (["created", "id"], ["best_loss", "created", "id"]):
        columns_in_order = ["owner", "deleted", *order]
        op.create_index(f"ix_runs_{'_'.join(columns_in_order)}", "runs", columns_in_order)
    op.create_table(
        "baselines",
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("run_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_baselines_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_baselines")),
    )
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    runs = sa.table("runs", *map(sa.column, ("id", "measured", "best_loss", "spark")))
    for run_id, measured in connection.execute(sa.select(runs.c.id, runs.c.measured)).all():
        best = json.loads(measured or "{}").get("valid_loss", [None] * 4)[2]
        filled = {"best_loss": best, "spark": _spark(connection, run_id)}
        connection.execute(sa.update(runs).where(runs.c.id == run_id).values(**filled))


def _spark(connection: sa.Connection, run_id: str) -> str | None:
    """A few values of the validation loss: the last step, the number of points, the stride, every stride-th value."""
    metrics = sa.table("metrics", *map(sa.column, ("run_id", "name", "first_step", "steps", "points")))
    stretches = sa.select(metrics.c.steps, metrics.c.points).order_by(metrics.c.first_step)
    rows = connection.execute(stretches.where(metrics.c.run_id == run_id, metrics.c.name == "valid_loss")).all()
    steps = np.frombuffer(b"".join(row.steps for row in rows), "<i8")
    points = np.frombuffer(b"".join(row.points for row in rows), "<f8")
    steps, points = steps[np.isfinite(points)], points[np.isfinite(points)]
    if not len(steps):
        return None
    stride = 1
    while -(-len(points) // stride) > SPARK_VALUES:
        stride *= 2
    values = [float(f"{value:.4g}") for value in points[::stride]]
    return json.dumps([int(steps[-1]), len(points), stride, values])

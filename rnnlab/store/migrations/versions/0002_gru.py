"""A GRU of before is one that resets after its product: the setting for it came later, and starts at the other form."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    connection = op.get_bind()
    runs = sa.table("runs", sa.column("id", sa.String), sa.column("experiment", sa.Text))
    for run_id, text in connection.execute(sa.select(runs.c.id, runs.c.experiment)).all():
        settings = json.loads(text)
        if settings.get("cell") == "gru" and "reset_after" not in settings:
            changed = json.dumps(settings | {"reset_after": True})
            connection.execute(sa.update(runs).where(runs.c.id == run_id).values(experiment=changed))

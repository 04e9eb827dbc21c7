"""How a run's products are computed. Each process chose anew before, so it is unknown for the runs of before."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("runs", sa.Column("arithmetic", sa.Text))

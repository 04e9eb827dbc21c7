"""What counts how often a worker has taken a run is called what the code calls it."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("ALTER TABLE runs RENAME COLUMN attempt TO execution")

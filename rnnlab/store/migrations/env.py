"""What Alembic runs for each command: the connection comes from `upgrade`, which owns the transaction."""

from alembic import context

from rnnlab.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()

"""The history of the database's schema, one file a version, run by Alembic."""

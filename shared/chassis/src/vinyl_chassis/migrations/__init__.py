"""Alembic for every service: its own revisions, in its own schema, under its own role."""

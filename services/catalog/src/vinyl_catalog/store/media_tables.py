"""Uploaded pictures; their files are elsewhere, named by the id."""

from sqlalchemy import Column, DateTime, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from vinyl_catalog.store.tables import metadata

media = Table(
    "media",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("owner_id", Uuid, nullable=False),
    Column("source_hash", LargeBinary, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("color", Text, nullable=False),
    Column("variants", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

"""The tables of what other sources say. An answer that is due is a task: the answers are the queue too."""

from sqlalchemy import ARRAY, Boolean, Column, DateTime, Double, Integer, SmallInteger, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from vinyl_catalog.store.tables import metadata

# A row for each album or artist about which a curator decided something.
enrichment_subjects = Table(
    "enrichment_subjects",
    metadata,
    Column("subject_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("choices", JSONB, nullable=False),
    Column("skip_reason", Text),
    Column("skipped_at", DateTime(timezone=True)),
    Column("skipped_by", Uuid),
)

enrichment_answers = Table(
    "enrichment_answers",
    metadata,
    Column("subject_id", Uuid, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("foreign_id", Text),
    Column("url", Text),
    Column("confidence", Double),
    Column("candidates", JSONB, nullable=False),
    Column("confirmed_id", Text),
    Column("rejected_ids", ARRAY(Text), nullable=False),
    Column("asked_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("urgency", SmallInteger, nullable=False),
    Column("wanted_fields", ARRAY(Text)),
    Column("lease", Uuid),
    Column("leased_until", DateTime(timezone=True)),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
)

enrichment_fields = Table(
    "enrichment_fields",
    metadata,
    Column("subject_id", Uuid, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("value", JSONB, nullable=False),
    Column("licence", Text, nullable=False),
    Column("url", Text),
    Column("fetched_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("restricted", Boolean, nullable=False),
)

enrichment_walks = Table(
    "enrichment_walks",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("after_id", Uuid),
    Column("rests_until", DateTime(timezone=True)),
)

# `sent` are the requests that still count against the budget, of all processes.
enrichment_sources = Table(
    "enrichment_sources",
    metadata,
    Column("source", Text, primary_key=True),
    Column("sent", ARRAY(DateTime(timezone=True)), nullable=False),
    Column("blocked_until", DateTime(timezone=True)),
    Column("refusals", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("open_until", DateTime(timezone=True)),
    Column("answered_at", DateTime(timezone=True)),
    Column("failed_at", DateTime(timezone=True)),
    Column("last_error", Text),
)

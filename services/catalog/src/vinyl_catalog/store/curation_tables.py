"""What curators did: redirects of merged artists, where releases were put, and the history."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Integer, LargeBinary, Table, Text, Uuid

from vinyl_catalog.store.tables import metadata

artist_redirects = Table(
    "artist_redirects",
    metadata,
    Column("artist_id", Uuid, primary_key=True),
    Column("target_id", Uuid, nullable=False),
    Column("merged_at", DateTime(timezone=True), nullable=False),
)

# Releases of this master, and this release, belong to `album_id` since `merged_id` was merged into it.
curated_places = Table(
    "curated_places",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("merged_id", Uuid, nullable=False),
    Column("album_id", Uuid, nullable=False),
    Column("discogs_master_id", BigInteger),
    Column("discogs_release_id", BigInteger),
)

revisions = Table(
    "revisions",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("subject_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("action", Text, nullable=False),
    Column("editor_id", Uuid, nullable=False),
    Column("editor_name", Text, nullable=False),
    Column("comment", Text),
    Column("former", LargeBinary, nullable=False),
    Column("latter", LargeBinary, nullable=False),
    Column("undoes", Integer),
    Column("made_at", DateTime(timezone=True), nullable=False),
)

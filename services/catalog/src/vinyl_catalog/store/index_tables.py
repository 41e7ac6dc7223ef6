"""What the search index has still to take in, and what listeners keep and want."""

from sqlalchemy import BigInteger, Boolean, Column, Identity, Table, Text, Uuid

from vinyl_catalog.store.tables import metadata

# Filled by triggers. `is_bulk` rows are an import's, and may wait for its end.
unindexed = Table(
    "unindexed",
    metadata,
    Column("is_bulk", Boolean, primary_key=True),
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("id", Uuid, nullable=False),
)

# The one row names the generation of the index that this database's queue goes with.
index_generation = Table(
    "index_generation",
    metadata,
    Column("is_only", Boolean, primary_key=True),
    Column("name", Text, nullable=False),
)

# Copies in collections and wants alike; without `album_id` once they are gone.
known_keepings = Table(
    "known_keepings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("album_id", Uuid),
    Column("version", BigInteger, nullable=False),
)

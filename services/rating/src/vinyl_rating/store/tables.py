"""The tables, as the migrations made them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

metadata = MetaData()

known_albums = Table(
    "known_albums",
    metadata,
    Column("album_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("merged_into", Uuid),
    Column("is_withdrawn", Boolean, nullable=False),
)

ratings = Table(
    "ratings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("username", Text, nullable=False),
    Column("album_id", Uuid, nullable=False),
    Column("stars", SmallInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)

album_summaries = Table(
    "album_summaries",
    metadata,
    Column("album_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    *(Column(f"stars_{stars}", Integer, nullable=False) for stars in range(1, 6)),
)

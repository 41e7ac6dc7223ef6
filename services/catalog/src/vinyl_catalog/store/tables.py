"""The catalogue's tables. `document` is what the source says, in JSON; other columns are drawn from it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Double,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    any_,
    bindparam,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def _sourced() -> list[Column[object]]:
    """How the row came to be; `source_hash` is of the record's bytes."""
    return [
        Column("source_hash", LargeBinary),
        Column("version", BigInteger, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("updated_at", DateTime(timezone=True), nullable=False),
    ]


def _curated() -> list[Column[object]]:
    """What a curator set, and since when nobody sees the row: it was withdrawn or merged into another."""
    return [Column("edits", LargeBinary), Column("withdrawn_at", DateTime(timezone=True))]


artists = Table(
    "artists",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("discogs_artist_id", BigInteger),
    Column("name", Text, nullable=False),
    Column("sort_name", Text(collation="C"), nullable=False),
    Column("search_text", Text, nullable=False),
    Column("document", LargeBinary),
    *_curated(),
    *_sourced(),
)

labels = Table(
    "labels",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("discogs_label_id", BigInteger),
    Column("parent_discogs_label_id", BigInteger),
    Column("name", Text, nullable=False),
    Column("sort_name", Text(collation="C"), nullable=False),
    Column("document", LargeBinary),
    *_sourced(),
)

# `own_tags` are the album's own (genre, style, artist), `tags` its releases' too (format, country, label).
albums = Table(
    "albums",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("discogs_master_id", BigInteger),
    Column("discogs_release_id", BigInteger),
    Column("discogs_main_release_id", BigInteger),
    Column("lead_release_id", Uuid),
    Column("release_count", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("sort_title", Text(collation="C"), nullable=False),
    Column("year", SmallInteger),
    Column("own_tags", ARRAY(Text), nullable=False),
    Column("tags", ARRAY(Text), nullable=False),
    Column("document", LargeBinary),
    Column("bayesian_average", Double, nullable=False),
    *_curated(),
    *_sourced(),
)

releases = Table(
    "releases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("discogs_release_id", BigInteger),
    Column("discogs_master_id", BigInteger),
    Column("album_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("year", SmallInteger),
    Column("released_order", Integer, nullable=False),
    Column("country", Text),
    Column("formats", ARRAY(Text), nullable=False),
    Column("catalog_numbers", ARRAY(Text), nullable=False),
    Column("barcodes", ARRAY(Text), nullable=False),
    Column("codes", ARRAY(Text), nullable=False),
    Column("tags", ARRAY(Text), nullable=False),
    Column("document", LargeBinary, nullable=False),
    *_sourced(),
)

album_redirects = Table(
    "album_redirects",
    metadata,
    Column("album_id", Uuid, primary_key=True),
    Column("target_id", Uuid, nullable=False),
    Column("merged_at", DateTime(timezone=True), nullable=False),
)

album_ratings = Table(
    "album_ratings",
    metadata,
    Column("album_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
    Column("average", Double),
    Column("bayesian_average", Double),
)

tag_counts = Table(
    "tag_counts",
    metadata,
    Column("tag", Text(collation="C"), primary_key=True),
    Column("album_count", Integer, nullable=False),
)

# Albums whose change no event has told yet.
untold_albums = Table("untold_albums", metadata, Column("album_id", Uuid, primary_key=True))

# Artists whose albums are to be told anew from the one after this on.
untold_artists = Table(
    "untold_artists",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("numbers", ARRAY(BigInteger), nullable=False),
    Column("after_album_id", Uuid, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("files", ARRAY(Text), nullable=False),
    Column("progress", JSONB, nullable=False),
    Column("error", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Column("withdraw", Text, nullable=False),
)

import_rejects = Table(
    "import_rejects",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("import_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("discogs_id", BigInteger),
    Column("reason", Text, nullable=False),
    Column("raw", Text),
)


def is_any(key: Column[Any], ids: Collection[UUID]) -> ColumnElement[bool]:
    """One statement text however many there are, so that it is prepared once."""
    return key == any_(bindparam("ids", list(ids), ARRAY(Uuid)))


def among(key: Column[Any], numbers: list[int]) -> ColumnElement[bool]:
    """As `is_any`, for Discogs' numbers."""
    return key == any_(bindparam("numbers", numbers, ARRAY(BigInteger)))

"""The members' showcase, and what is known of its members."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from vinyl_catalog.store.tables import metadata

categories = Table(
    "categories",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("slug", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("icon", Text),
    Column("color", Text),
    Column("version", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
)

# `listed_at` and `hot` are what lists are ordered by; the versions of counts are those of rating's events.
products = Table(
    "products",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("owner_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text),
    Column("category_id", Uuid),
    Column("album_id", Uuid),
    Column("release_id", Uuid),
    Column("collection_item_id", Uuid),
    Column("tags", ARRAY(Text), nullable=False),
    Column("media_ids", ARRAY(Uuid), nullable=False),
    Column("price_minor", BigInteger),
    Column("price_currency", Text),
    Column("status", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("published_at", DateTime(timezone=True)),
    Column("listed_at", DateTime(timezone=True), nullable=False),
    Column("hot", Double, nullable=False),
    Column("upvote_count", Integer, nullable=False),
    Column("votes_version", BigInteger, nullable=False),
    Column("comment_count", Integer, nullable=False),
    Column("comments_version", BigInteger, nullable=False),
    Column("view_count", Integer, nullable=False),
)

# A row a visitor and day, for a few days: `visitor` is a hash.
product_views = Table(
    "product_views",
    metadata,
    Column("product_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("visitor", BigInteger, primary_key=True),
)

known_listeners = Table(
    "known_listeners",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("username", Text, nullable=False),
    Column("avatar_media_id", Uuid),
)

known_copies = Table(
    "known_copies",
    metadata,
    Column("item_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("owner_id", Uuid, nullable=False),
    Column("album_id", Uuid),
    Column("release_id", Uuid),
    Column("media_condition", Text),
    Column("sleeve_condition", Text),
)

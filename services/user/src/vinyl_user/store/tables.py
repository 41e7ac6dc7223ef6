"""The tables, as the migrations made them."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
)

metadata = MetaData()
_Moment = DateTime(timezone=True)

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("username", Text, nullable=False, unique=True),
    Column("email", Text, nullable=False),
    Column("email_canonical", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("display_name", Text),
    Column("bio", Text),
    Column("country", Text),
    Column("currency", Text, nullable=False),
    Column("avatar_media_id", Uuid),
    Column("is_public", Boolean, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("created_at", _Moment, nullable=False),
    Column("updated_at", _Moment, nullable=False),
)

contents = Table(
    "contents",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("entries", ARRAY(Text), nullable=False),
    Column("version", BigInteger, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("user_agent", Text),
    Column("address", Text),
    Column("created_at", _Moment, nullable=False),
    Column("last_used_at", _Moment, nullable=False),
    Column("expires_at", _Moment, nullable=False),
    Column("revoked_at", _Moment),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("session_id", Uuid, nullable=False),
    Column("issued_at", _Moment, nullable=False),
    Column("spent_at", _Moment),
    Column("successor_salt", LargeBinary),
)

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("counter", Text, nullable=False),
    Column("attempted_at", _Moment, nullable=False),
)

signed_in_addresses = Table(
    "signed_in_addresses",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("last_signed_in_at", _Moment, nullable=False),
)

known_albums = Table(
    "known_albums",
    metadata,
    Column("album_id", Uuid, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("artist", Text, nullable=False),
    Column("artist_names", ARRAY(Text), nullable=False),
    Column("year", Integer),
    Column("genres", ARRAY(Text), nullable=False),
    Column("discogs_master_id", BigInteger),
    Column("releases_complete", Boolean, nullable=False),
    Column("merged_into", Uuid),
    Column("is_withdrawn", Boolean, nullable=False),
)

known_releases = Table(
    "known_releases",
    metadata,
    Column("release_id", Uuid, primary_key=True),
    Column("album_id", Uuid, nullable=False),
    Column("discogs_release_id", BigInteger),
)

collection_items = Table(
    "collection_items",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("album_id", Uuid, nullable=False),
    Column("release_id", Uuid),
    Column("media_condition", Text),
    Column("sleeve_condition", Text),
    Column("notes", Text),
    Column("price_minor", BigInteger),
    Column("price_currency", Text),
    Column("acquired_on", Date),
    Column("storage_place", Text),
    Column("version", BigInteger, nullable=False),
    Column("created_at", _Moment, nullable=False),
    Column("updated_at", _Moment, nullable=False),
)

wants = Table(
    "wants",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("album_id", Uuid, nullable=False),
    Column("release_id", Uuid),
    Column("price_minor", BigInteger),
    Column("price_currency", Text),
    Column("min_media_condition", Text),
    Column("formats", ARRAY(Text), nullable=False),
    Column("notes", Text),
    Column("version", BigInteger, nullable=False),
    Column("created_at", _Moment, nullable=False),
    Column("updated_at", _Moment, nullable=False),
)

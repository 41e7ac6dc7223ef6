"""Accounts, sessions, collections, wants, and the albums that are known."""

from alembic import op

from vinyl_chassis.migrations import chassis_tables

revision = "0001"
down_revision = None

_CREATE = """
create table users (
    id uuid primary key,
    username text not null unique,
    email text not null,
    email_canonical text not null unique,
    password_hash text not null,
    display_name text,
    bio text,
    country text,
    currency text not null,
    avatar_media_id uuid,
    is_public boolean not null,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create table contents (
    user_id uuid primary key references users on delete cascade,
    entries text[] not null,
    version bigint not null
);
create table sessions (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    user_agent text,
    address text,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index sessions_of_user on sessions (user_id, id);
create index sessions_by_end on sessions (expires_at);
create table refresh_tokens (
    token_hash bytea primary key,
    session_id uuid not null references sessions on delete cascade,
    issued_at timestamptz not null,
    spent_at timestamptz,
    successor_salt bytea
);
create index refresh_tokens_of_session on refresh_tokens (session_id);
create index refresh_tokens_by_age on refresh_tokens (issued_at);
create table login_attempts (
    id uuid primary key,
    counter text not null,
    attempted_at timestamptz not null
);
create index login_attempts_of_counter on login_attempts (counter, attempted_at);
create index login_attempts_by_age on login_attempts (attempted_at);
create table signed_in_addresses (
    user_id uuid not null references users on delete cascade,
    address text not null,
    last_signed_in_at timestamptz not null,
    primary key (user_id, address)
);
create index signed_in_addresses_by_age on signed_in_addresses (last_signed_in_at);
create table known_albums (
    album_id uuid primary key,
    version bigint not null,
    title text not null,
    artist text not null,
    artist_names text[] not null,
    year integer,
    genres text[] not null,
    discogs_master_id bigint,
    releases_complete boolean not null,
    merged_into uuid
);
create index known_albums_merged on known_albums (merged_into) where merged_into is not null;
create table known_releases (
    release_id uuid primary key,
    album_id uuid not null,
    discogs_release_id bigint
);
create index known_releases_of_album on known_releases (album_id);
create table collection_items (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    album_id uuid not null references known_albums,
    release_id uuid,
    media_condition text,
    sleeve_condition text,
    notes text,
    price_minor bigint,
    price_currency text,
    acquired_on date,
    storage_place text,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((price_minor is null) = (price_currency is null))
);
create index collection_items_of_user on collection_items (user_id, id);
create index collection_items_of_album on collection_items (album_id);
create table wants (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    album_id uuid not null references known_albums,
    release_id uuid,
    price_minor bigint,
    price_currency text,
    min_media_condition text,
    formats text[] not null,
    notes text,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((price_minor is null) = (price_currency is null))
);
create index wants_of_user on wants (user_id, id);
create index wants_of_album on wants (album_id);
"""
_TABLES = (
    "wants, collection_items, known_releases, known_albums, signed_in_addresses, login_attempts,"
    " refresh_tokens, sessions, contents, users"
)


def upgrade() -> None:
    chassis_tables.create()
    for statement in _CREATE.split(";"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    op.execute(f"drop table {_TABLES}")
    chassis_tables.drop()

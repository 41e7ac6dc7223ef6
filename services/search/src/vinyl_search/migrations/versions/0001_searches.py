"""Searches and runs, sellers and listings, request budgets, and what is known from other services."""

from alembic import op

from vinyl_chassis.migrations import chassis_tables

revision = "0001"
down_revision = None

_CREATE = """
create table known_albums (
    album_id uuid primary key,
    version bigint not null,
    merged_into uuid,
    artist text not null,
    title text not null,
    year integer,
    match_key text not null
);
create index known_albums_match_key on known_albums (match_key) where merged_into is null and match_key <> '';
create table known_releases (
    release_id uuid primary key,
    album_id uuid not null,
    version bigint not null,
    discogs_release_id bigint,
    catalog_numbers text[] not null
);
create index known_releases_discogs on known_releases (discogs_release_id);
create index known_releases_of_album on known_releases (album_id);
create table known_wants (
    want_id uuid primary key,
    version bigint not null,
    removed boolean not null,
    listener_id uuid not null,
    album_id uuid,
    release_id uuid,
    max_price_minor bigint,
    max_price_currency text,
    min_media_condition text,
    formats text[] not null default '{}'
);
create index known_wants_of_listener on known_wants (listener_id) where not removed;
create index known_wants_of_album on known_wants (album_id) where not removed;
create table known_collection (
    item_id uuid primary key,
    version bigint not null,
    removed boolean not null,
    listener_id uuid not null,
    album_id uuid,
    release_id uuid
);
create index known_collection_of_listener on known_collection (listener_id, album_id) where not removed;
create index known_collection_of_album on known_collection (album_id) where not removed;
create table known_listeners (
    user_id uuid primary key,
    version bigint not null,
    username text not null,
    country text,
    currency text
);
create table saved_searches (
    id uuid primary key,
    listener_id uuid not null,
    version bigint not null,
    name text not null,
    criteria jsonb not null,
    interval_minutes integer not null check (interval_minutes >= 15),
    active boolean not null,
    next_run_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index saved_searches_of_listener on saved_searches (listener_id, id);
create index saved_searches_due on saved_searches (next_run_at) where active;
create index saved_searches_albums on saved_searches using gin ((criteria -> 'album_ids'));
create table runs (
    id uuid primary key,
    search_id uuid not null references saved_searches on delete cascade,
    listener_id uuid not null,
    state text not null,
    urgency text not null,
    attempt integer not null,
    providers jsonb not null,
    queued_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    leased_until timestamptz
);
create unique index runs_one_open on runs (search_id) where state in ('queued', 'running');
create index runs_of_search on runs (search_id, id);
create index runs_open on runs (queued_at) where state in ('queued', 'running');
create index runs_of_listener on runs (listener_id, id);
create index runs_finished on runs (finished_at) where finished_at is not null;
create table sellers (
    id uuid primary key,
    provider text not null,
    username text not null,
    username_key text not null,
    state text not null,
    country text,
    rating double precision,
    listing_count integer,
    last_read_at timestamptz,
    last_error text,
    version bigint not null,
    unique (provider, username_key)
);
create table follows (
    listener_id uuid not null,
    seller_id uuid not null references sellers on delete cascade,
    followed_at timestamptz not null,
    primary key (listener_id, seller_id)
);
create index follows_of_seller on follows (seller_id);
create table listings (
    id uuid primary key,
    provider text not null,
    provider_listing_id text not null,
    source_key text not null,
    seller_id uuid references sellers on delete cascade,
    title text not null,
    artist text,
    album_title text,
    format_words text[] not null,
    medium text not null,
    media_condition text,
    sleeve_condition text,
    price_minor bigint not null,
    price_currency text not null,
    postage_minor bigint,
    postage_currency text,
    postage_to text,
    ships_from text,
    url text not null,
    discogs_release_id bigint,
    seller_rating double precision,
    album_id uuid,
    confidence double precision not null,
    reasons text[] not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    unique (provider, provider_listing_id, source_key)
);
create index listings_of_source on listings (provider, source_key, id);
create index listings_of_release on listings (discogs_release_id);
create index listings_of_album on listings (album_id);
create index listings_of_seller on listings (seller_id);
create index listings_age on listings (last_seen_at);
create table search_results (
    search_id uuid not null references saved_searches on delete cascade,
    listing_id uuid not null references listings on delete cascade,
    run_id uuid not null,
    landed_minor bigint,
    landed_currency text,
    postage_minor bigint,
    postage_currency text,
    basis text not null,
    primary key (search_id, listing_id)
);
create index search_results_by_price on search_results (search_id, landed_minor, listing_id);
create index search_results_of_listing on search_results (listing_id);
create table provider_reads (
    provider text not null,
    key text not null,
    read_at timestamptz,
    seen integer not null default 0,
    total integer,
    leased_until timestamptz,
    primary key (provider, key)
);
create index provider_reads_age on provider_reads (read_at);
create table provider_budgets (
    provider text primary key,
    request_limit integer not null,
    foreign_used integer not null default 0,
    foreign_until timestamptz,
    refusals integer not null default 0,
    blocked_until timestamptz,
    person_waits_until timestamptz,
    credential_state text not null default 'unchecked',
    answered_at timestamptz,
    failed_at timestamptz,
    last_error text
);
create table provider_requests (
    id uuid primary key,
    provider text not null references provider_budgets,
    settled boolean not null,
    counts_until timestamptz not null
);
create index provider_requests_counting on provider_requests (provider, counts_until);
create table exchange_rates (
    one boolean primary key default true check (one),
    as_of date not null,
    source text not null,
    per_euro jsonb not null,
    fetched_at timestamptz not null
)
"""
_TABLES = (
    "exchange_rates",
    "provider_requests",
    "provider_budgets",
    "provider_reads",
    "search_results",
    "listings",
    "follows",
    "sellers",
    "runs",
    "saved_searches",
    "known_listeners",
    "known_collection",
    "known_wants",
    "known_releases",
    "known_albums",
)


def upgrade() -> None:
    chassis_tables.create()
    for statement in _CREATE.split(";"):
        op.execute(statement)


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"drop table {table}")
    chassis_tables.drop()

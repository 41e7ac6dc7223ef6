"""Albums, releases, artists, labels, and the imports that bring them.

There are no foreign keys between the large tables: one importer at a time writes them, in sets, and a check a
row would cost more than the row. Documents come deflated, so Postgres does not try it again.
"""

from alembic import op

from vinyl_chassis.migrations import chassis_tables

revision = "0001"
down_revision = None

_CREATE = """
create table artists (
    id uuid primary key,
    discogs_artist_id bigint unique,
    name text not null,
    sort_name text collate "C" not null,
    search_text text not null,
    document bytea storage external,
    source_hash bytea,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index artists_by_name on artists (sort_name, id);
create table labels (
    id uuid primary key,
    discogs_label_id bigint unique,
    parent_discogs_label_id bigint,
    name text not null,
    sort_name text collate "C" not null,
    document bytea storage external,
    source_hash bytea,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index labels_by_name on labels (sort_name, id);
create index labels_by_parent on labels (parent_discogs_label_id) where parent_discogs_label_id is not null;
create table albums (
    id uuid primary key,
    discogs_master_id bigint unique,
    discogs_release_id bigint unique,
    discogs_main_release_id bigint,
    lead_release_id uuid,
    release_count integer not null default 0,
    title text not null,
    sort_title text collate "C" not null,
    year smallint,
    own_tags text[] not null,
    tags text[] not null default '{}',
    document bytea storage external,
    source_hash bytea,
    bayesian_average double precision not null default 0,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index albums_by_title on albums (sort_title, id);
create index albums_from_oldest on albums (coalesce(year, 32767), id);
create index albums_from_youngest on albums (coalesce(-year, 0), id);
create index albums_from_best on albums (bayesian_average desc, id desc);
create index albums_by_tag on albums using gin (tags);
create table releases (
    id uuid primary key,
    discogs_release_id bigint unique,
    discogs_master_id bigint,
    album_id uuid not null,
    title text not null,
    year smallint,
    released_order integer not null,
    country text,
    formats text[] not null,
    catalog_numbers text[] not null,
    barcodes text[] not null,
    codes text[] not null,
    tags text[] not null,
    document bytea storage external not null,
    source_hash bytea,
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index releases_of_album on releases (album_id, released_order, id);
create index releases_of_master on releases (discogs_master_id) where discogs_master_id is not null;
create index releases_by_code on releases using gin (codes);
create table album_redirects (
    album_id uuid primary key,
    target_id uuid not null,
    merged_at timestamptz not null
);
create index album_redirects_by_target on album_redirects (target_id);
create table album_ratings (
    album_id uuid primary key,
    version bigint not null,
    count integer not null,
    average double precision,
    bayesian_average double precision
);
create table tag_counts (
    tag text collate "C" primary key,
    album_count integer not null
);
create index tag_counts_in_any_case on tag_counts (lower(tag));
create table untold_albums (
    album_id uuid primary key
);
create table imports (
    id uuid primary key,
    origin text not null check (origin in ('api', 'command')),
    state text not null check (state in ('queued', 'running', 'done', 'failed')),
    files text[] not null,
    progress jsonb not null,
    error text,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz
);
create index imports_unfinished on imports (id) where state in ('queued', 'running');
create table import_rejects (
    id bigint generated always as identity primary key,
    import_id uuid not null references imports (id) on delete cascade,
    kind text not null,
    discogs_id bigint,
    reason text not null
);
create index import_rejects_of_import on import_rejects (import_id, id);
"""
_TABLES = (
    "import_rejects",
    "imports",
    "untold_albums",
    "tag_counts",
    "album_ratings",
    "album_redirects",
    "releases",
    "albums",
    "labels",
    "artists",
)


def upgrade() -> None:
    chassis_tables.create()
    for statement in _CREATE.split(";"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"drop table {table}")
    chassis_tables.drop()

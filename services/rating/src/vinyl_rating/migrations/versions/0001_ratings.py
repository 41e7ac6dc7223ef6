"""Ratings, their summaries, and the albums that are known."""

from alembic import op

from vinyl_chassis.migrations import chassis_tables

revision = "0001"
down_revision = None

_CREATE = """
create table known_albums (
    album_id uuid primary key,
    version bigint not null,
    merged_into uuid
);
create table ratings (
    id uuid primary key,
    user_id uuid not null,
    username text not null,
    album_id uuid not null,
    stars smallint not null check (stars between 1 and 5),
    version bigint not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    unique (user_id, album_id)
);
create index ratings_of_album on ratings (album_id, id);
create index ratings_of_username on ratings (username, id);
create table album_summaries (
    album_id uuid primary key,
    version bigint not null,
    stars_1 integer not null default 0,
    stars_2 integer not null default 0,
    stars_3 integer not null default 0,
    stars_4 integer not null default 0,
    stars_5 integer not null default 0
);
"""


def upgrade() -> None:
    chassis_tables.create()
    for statement in _CREATE.split(";"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    for table in ("album_summaries", "ratings", "known_albums"):
        op.execute(f"drop table {table}")
    chassis_tables.drop()

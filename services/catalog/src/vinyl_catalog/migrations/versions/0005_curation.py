"""What curators changed.

`edits` lie beside the documents, which imports replace; a null column costs an import and a reader nothing.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

_CREATE = """
alter table albums add column edits bytea, add column withdrawn_at timestamptz;
alter table artists add column edits bytea, add column withdrawn_at timestamptz;
create sequence own_artist_numbers as bigint increment by -1 start with -1;
create table artist_redirects (
    artist_id uuid primary key,
    target_id uuid not null,
    merged_at timestamptz not null
);
create index artist_redirects_by_target on artist_redirects (target_id);
create table curated_places (
    id bigint generated always as identity primary key,
    merged_id uuid not null,
    album_id uuid not null,
    discogs_master_id bigint,
    discogs_release_id bigint
);
create index curated_places_by_merged on curated_places (merged_id);
create index curated_places_by_album on curated_places (album_id);
create index curated_places_by_master on curated_places (discogs_master_id);
create index curated_places_by_release on curated_places (discogs_release_id);
create table revisions (
    subject text not null check (subject in ('album', 'artist')),
    subject_id uuid not null,
    number integer not null,
    action text not null,
    editor_id uuid not null,
    editor_name text not null,
    comment text,
    former bytea not null,
    latter bytea not null,
    undoes integer,
    made_at timestamptz not null,
    primary key (subject, subject_id, number)
)
"""
_DROP = """
drop table revisions;
drop table curated_places;
drop table artist_redirects;
drop sequence own_artist_numbers;
alter table artists drop column edits, drop column withdrawn_at;
alter table albums drop column edits, drop column withdrawn_at
"""


def upgrade() -> None:
    for statement in _CREATE.split(";"):
        op.execute(statement)


def downgrade() -> None:
    for statement in _DROP.split(";"):
        op.execute(statement)

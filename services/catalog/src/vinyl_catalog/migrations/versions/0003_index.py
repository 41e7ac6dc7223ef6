"""What the search index has still to take in, and what listeners keep and want.

The queue is filled by triggers, so that no writer can forget it. A row is only ever added and taken away,
never changed: writers do not wait for one another, and a change that commits late has a row of its own.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

_TABLES = """
create table unindexed (
    is_bulk boolean not null,
    number bigint generated always as identity,
    kind text not null,
    id uuid not null,
    primary key (is_bulk, number)
);
create table index_generation (
    is_only boolean primary key default true check (is_only),
    name text not null
);
create table known_keepings (
    id uuid primary key,
    album_id uuid,
    version bigint not null
);
create index known_keepings_of_album on known_keepings (album_id) where album_id is not null
"""
# A statement that changes more rows than people do at once is an import's, and may wait for its end.
_QUEUE = """
insert into unindexed (is_bulk, kind, id)
select (select count(*) > 100 from queued), kind, id from queued
"""
# The albums that show a name that was changed.
_OF_NAME = """
select '{kind}' as kind, latter.id from former join latter on latter.id = former.id
where latter.version <> former.version
union all
select 'album', albums.id from former join latter on latter.id = former.id
join albums on albums.tags @> array['{kind}:' || latter.discogs_{kind}_id]
where latter.name <> former.name
"""
_NOTING = {
    "note_album": "select 'album' as kind, id from {rows}",
    "note_changed_album": """
        select 'album' as kind, latter.id from former join latter on latter.id = former.id
        where latter.version <> former.version
            or latter.lead_release_id is distinct from former.lead_release_id
    """,
    "note_artist": "select 'artist' as kind, id from {rows}",
    "note_changed_artist": _OF_NAME.format(kind="artist"),
    "note_label": "select 'label' as kind, id from {rows}",
    "note_changed_label": _OF_NAME.format(kind="label"),
    "note_rated_album": "select 'album' as kind, album_id as id from {rows}",
    "note_kept_album": """
        select distinct 'album' as kind, album_id as id from {rows} where album_id is not null
    """,
    "note_moved_keeping": """
        select 'album' as kind, album_id as id from former where album_id is not null
        union select 'album', album_id from latter where album_id is not null
    """,
}
# Which function notes what happens to which table: on insert, on update, on delete.
_WATCHED = {
    "albums": ("note_album", "note_changed_album", "note_album"),
    "artists": ("note_artist", "note_changed_artist", "note_artist"),
    "labels": ("note_label", "note_changed_label", "note_label"),
    "album_ratings": ("note_rated_album", "note_rated_album", "note_rated_album"),
    "known_keepings": ("note_kept_album", "note_moved_keeping", "note_kept_album"),
}
_TRANSITIONS = {
    "insert": "new table as latter",
    "update": "old table as former new table as latter",
    "delete": "old table as latter",
}


def upgrade() -> None:
    for statement in _TABLES.split(";"):
        op.execute(statement)
    for name, rows in _NOTING.items():
        op.execute(
            f"create function {name}() returns trigger language plpgsql as $$ begin "
            f"with queued as ({rows.format(rows='latter')}) {_QUEUE}; return null; end $$"
        )
    for table, functions in _WATCHED.items():
        for (event, transition), function in zip(_TRANSITIONS.items(), functions, strict=True):
            op.execute(
                f"create trigger {table}_unindexed_on_{event} after {event} on {table} "
                f"referencing {transition} for each statement execute function {function}()"
            )


def downgrade() -> None:
    for table in _WATCHED:
        for event in _TRANSITIONS:
            op.execute(f"drop trigger {table}_unindexed_on_{event} on {table}")
    for name in _NOTING:
        op.execute(f"drop function {name}()")
    for table in ("known_keepings", "index_generation", "unindexed"):
        op.execute(f"drop table {table}")

"""Batches on their way in: rows copied into temporary tables, from which sets are then merged."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

ARTIST, LABEL = "artist", "label"
# Kind, Discogs' id and spelling of an artist or a label that a record names.
Mentioned = tuple[str, int, str]

_CREATE = (
    """create temporary table if not exists staged_names (
        kind text, discogs_id bigint, candidate_id uuid, name text, sort_name text collate "C",
        search_text text, parent_discogs_id bigint, document bytea, source_hash bytea
    ) on commit delete rows""",
    """create temporary table if not exists staged_masters (
        discogs_id bigint, candidate_id uuid, source_hash bytea, document bytea, main_release_id bigint,
        title text, sort_title text, year smallint, own_tags text[], search_text text
    ) on commit delete rows""",
    """create temporary table if not exists staged_releases (
        discogs_id bigint, candidate_id uuid, album_candidate_id uuid, source_hash bytea, document bytea,
        discogs_master_id bigint, title text, sort_title text, year smallint, released_order integer,
        country text, formats text[], catalog_numbers text[], barcodes text[], codes text[], tags text[],
        own_tags text[], search_text text,
        release_id uuid, album_id uuid, former_album_id uuid, stands_alone boolean
    ) on commit delete rows""",
    """create temporary table if not exists staged_songs (
        release_id uuid, number integer, title text, search_text text
    ) on commit delete rows""",
    """create temporary table if not exists touched_albums (
        album_id uuid primary key, former_tags text[]
    ) on commit delete rows""",
)


# A batch that a crash of Postgres takes back is read again, since how far the import came goes with it.
_SETTINGS = (
    "set local random_page_cost = 1.1",
    "set local synchronous_commit = off",
    "set local work_mem = '64MB'",
)


class StagedName(NamedTuple):
    """An artist or label: a record of its own, or, without `document`, one that others only name."""

    kind: str
    discogs_id: int
    candidate_id: UUID
    name: str
    sort_name: str
    search_text: str
    parent_discogs_id: int | None = None
    document: bytes | None = None
    source_hash: bytes | None = None


class StagedMaster(NamedTuple):
    discogs_id: int
    candidate_id: UUID
    source_hash: bytes
    document: bytes
    main_release_id: int | None
    title: str
    sort_title: str
    year: int | None
    own_tags: list[str]
    search_text: str


class StagedRelease(NamedTuple):
    """`own_tags` and `search_text` are the album's, should the release stand alone."""

    discogs_id: int
    candidate_id: UUID
    album_candidate_id: UUID
    source_hash: bytes
    document: bytes
    discogs_master_id: int | None
    title: str
    sort_title: str
    year: int | None
    released_order: int
    country: str | None
    formats: list[str]
    catalog_numbers: list[str]
    barcodes: list[str]
    codes: list[str]
    tags: list[str]
    own_tags: list[str]
    search_text: str

    @property
    def album_tags(self) -> list[str]:
        """All the tags of the album, should the release stand alone."""
        return sorted({*self.own_tags, *self.tags})


class StagedSong(NamedTuple):
    number: int
    title: str
    search_text: str


# By the candidate for their release's id.
SongsOf = dict[UUID, list[StagedSong]]


class Loaded(NamedTuple):
    """Of the records of a batch: how many changed something, and how many said what was known already."""

    imported: int
    unchanged: int


class Staging:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self) -> None:
        """Empty tables; what they hold is gone when the transaction ends."""
        for statement in (*_CREATE, *_SETTINGS):
            await self._connection.execute(text(statement))

    async def copy(self, table: str, rows: Iterable[NamedTuple], kind: type[NamedTuple]) -> None:
        await self.append(table, kind._fields, rows)
        await self.analyse(table, kind._fields[0])

    async def copy_songs(self, table: str, songs: Iterable[tuple[UUID, Sequence[StagedSong]]]) -> None:
        """`songs` with the ids of their releases."""
        rows = [(release_id, *song) for release_id, songs_of in songs for song in songs_of]
        await self.append(table, ("release_id", *StagedSong._fields), rows)

    async def append(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """COPY is the driver's own; it runs inside the transaction that `open` began."""
        raw = await self._connection.get_raw_connection()
        driver = cast("asyncpg.Connection[Any]", raw.driver_connection)
        await driver.copy_records_to_table(table, records=rows, columns=columns)

    async def analyse(self, table: str, key: str) -> None:
        """Nobody else does it for a temporary table, and without it joins read the whole catalogue."""
        await self._connection.execute(text(f"analyze {table} ({key})"))

    async def run(self, statement: str, **values: object) -> int:
        """How many rows it touched."""
        return (await self._connection.execute(text(statement), values)).rowcount

    async def fetch(self, statement: str, **values: object) -> Sequence[Any]:
        return (await self._connection.execute(text(statement), values)).all()

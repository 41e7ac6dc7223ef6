"""Batches on their way in: rows copied into temporary tables, from which sets are then merged."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.store.binary_rows import file_of

_CREATE = """
    create temporary table if not exists staged_names (
        kind text, discogs_id bigint, candidate_id uuid, name text, sort_name text collate "C",
        search_text text, parent_discogs_id bigint, document bytea, source_hash bytea
    ) on commit delete rows;
    create temporary table if not exists staged_masters (
        discogs_id bigint, candidate_id uuid, source_hash bytea, document bytea, main_release_id bigint,
        title text, sort_title text, year smallint, own_tags text[]
    ) on commit delete rows;
    create temporary table if not exists staged_releases (
        discogs_id bigint, candidate_id uuid, album_candidate_id uuid, source_hash bytea, document bytea,
        discogs_master_id bigint, title text, sort_title text, year smallint, released_order integer,
        country text, formats text[], catalog_numbers text[], barcodes text[], codes text[], tags text[],
        own_tags text[],
        release_id uuid, album_id uuid, former_album_id uuid, stands_alone boolean
    ) on commit delete rows;
    create temporary table if not exists touched_albums (
        album_id uuid primary key, former_tags text[], is_settled boolean not null default false
    ) on commit delete rows
"""

# A batch that a crash of Postgres takes back is read again, since how far the import came goes with it.
_SETTINGS = """
select set_config('random_page_cost', '1.1', true), set_config('synchronous_commit', 'off', true),
    set_config('work_mem', '64MB', true)
"""


class Staging:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self) -> None:
        """Empty tables; what they hold is gone when the transaction ends."""
        await self._connection.execute(text(_SETTINGS))
        driver = await self._driver()
        await driver.execute(_CREATE)

    async def copy(self, table: str, rows: Iterable[NamedTuple], kind: type[NamedTuple]) -> None:
        driver = await self._driver()
        await driver.copy_records_to_table(table, records=rows, columns=kind._fields)
        await self.analyse(table, kind._fields[0])

    async def append(self, table: str, columns: Sequence[str], rows: Iterable[bytes]) -> None:
        """Rows in COPY's own form."""
        driver = await self._driver()
        await driver.copy_to_table(table, source=file_of(rows), columns=columns, format="binary")

    async def analyse(self, table: str, key: str) -> None:
        """Nobody else does it for a temporary table, and without it joins read the whole catalogue."""
        await self._connection.execute(text(f"analyze {table} ({key})"))

    async def run(self, statement: str, **values: object) -> int:
        """How many rows it touched."""
        return (await self._connection.execute(text(statement), values)).rowcount

    async def fetch(self, statement: str, **values: object) -> Sequence[Any]:
        return (await self._connection.execute(text(statement), values)).all()

    async def _driver(self) -> "asyncpg.Connection[Any]":
        """COPY is the driver's own; it runs inside the transaction that the settings began."""
        raw = await self._connection.get_raw_connection()
        return cast("asyncpg.Connection[Any]", raw.driver_connection)

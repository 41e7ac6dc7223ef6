"""Pressings out of the catalogue's database, read and never written."""

import asyncio

import asyncpg
import msgspec

from vinyl_catalog.domain.facts import ReleaseFacts
from vinyl_catalog.store.documents import decoder_of
from vinyl_devstack.sandbox.cataloguing import pressing_of
from vinyl_devstack.sandbox.market.pressing import Pressing
from vinyl_devstack.sandbox.market.source import MOST_PRESSINGS, SourceUnreachable

TIMEOUT_SECONDS = 30.0
SESSION = {"default_transaction_read_only": "on", "search_path": "vinyl_catalog"}

# Counting stops early, so that neither statement grows with the catalogue.
COUNT = "select count(*) from (select from releases limit $1) as counted"
# A row that changes changes its xmin; for a large table the server's own counters have to do.
SMALL_FINGERPRINT = "select concat_ws('/', count(*), sum(xmin::text::bigint)) from releases"
LARGE_FINGERPRINT = """
    select concat_ws('/', pg_stat_get_tuples_inserted(id), pg_stat_get_tuples_updated(id),
                     pg_stat_get_tuples_deleted(id))
    from (select 'releases'::regclass as id) as the_table"""

EVERY_RELEASE = "select album_id::text as album, document from releases where discogs_release_id is not null"
HIGHEST_ID = "select max(discogs_release_id) from releases"
# The first release after every multiple of a stride: index look-ups only, steady while the catalogue grows.
SAMPLE = """
    select album_id::text as album, document
    from generate_series(0, $1::bigint, $2::bigint) as point, lateral (
        select album_id, document from releases
        where discogs_release_id >= point and discogs_release_id < point + $2
        order by discogs_release_id limit 1
    ) as nearest"""
ONE_RELEASE = "select album_id::text as album, document from releases where discogs_release_id = $1"
_decode = decoder_of(ReleaseFacts)


class CatalogueDatabase:
    """One connection, opened when it is needed and again after it broke."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def fingerprint(self) -> str:
        small = await self._is_small()
        [row] = await self._fetch(SMALL_FINGERPRINT if small else LARGE_FINGERPRINT)
        return str(row[0])

    async def pressings(self) -> list[Pressing]:
        if await self._is_small():
            rows = await self._fetch(EVERY_RELEASE)
        else:
            [highest] = await self._fetch(HIGHEST_ID)
            rows = await self._fetch(SAMPLE, highest[0], stride_for(highest[0]))
        return await asyncio.to_thread(_pressings, rows)

    async def find(self, release_id: int) -> Pressing | None:
        if release_id >= 1 << 63:
            return None
        return next(iter(_pressings(await self._fetch(ONE_RELEASE, release_id))), None)

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close(timeout=TIMEOUT_SECONDS)

    async def _is_small(self) -> bool:
        [row] = await self._fetch(COUNT, MOST_PRESSINGS + 1)
        return int(row[0]) <= MOST_PRESSINGS

    async def _fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        async with self._one_at_a_time:
            try:
                connection = await self._open()
                rows: list[asyncpg.Record] = await connection.fetch(
                    statement, *values, timeout=TIMEOUT_SECONDS
                )
                return rows
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
                raise SourceUnreachable(str(fault)) from fault

    async def _open(self) -> "asyncpg.Connection[asyncpg.Record]":
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(
                self._url, timeout=TIMEOUT_SECONDS, server_settings=SESSION
            )
        return self._connection


def stride_for(highest_id: int) -> int:
    """The smallest power of two that leaves no more than `MOST_PRESSINGS` points."""
    return 1 << max(0, (highest_id // MOST_PRESSINGS).bit_length())


def _pressings(rows: list[asyncpg.Record]) -> list[Pressing]:
    """Raises SourceUnreachable for a record that this version cannot read."""
    try:
        return [pressing_of(_decode(row["document"]), row["album"]) for row in rows]
    except msgspec.DecodeError as fault:
        raise SourceUnreachable(f"a record does not read: {fault}") from fault

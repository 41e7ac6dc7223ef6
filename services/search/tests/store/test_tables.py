"""The tables as they are described, as the migrations make them, and how long each column may be kept."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from vinyl_chassis.database import Database, async_url
from vinyl_chassis.migrations.running import migrate, migrate_back
from vinyl_search.store.retention import Retention
from vinyl_search.store.tables import metadata

PURGED = {"listings", "search_results", "provider_reads"}
"""Tables whose rows the retention job deletes; of `sellers` it empties the market's columns."""


async def test_the_migrations_make_what_is_described(database_url: str) -> None:
    engine = create_async_engine(async_url(database_url))
    async with engine.connect() as connection:
        found = await connection.run_sync(
            lambda sync: {
                table: {column["name"] for column in inspect(sync).get_columns(table)}
                for table in inspect(sync).get_table_names()
            }
        )
    await engine.dispose()
    described = {table.name: {column.name for column in table.columns} for table in metadata.tables.values()}
    assert described.items() <= found.items()
    extra = found.keys() - described.keys()
    assert extra == {"outbox", "dead_letters", "idempotency_keys", "alembic_version"}


async def test_the_migrations_go_back_and_forth(clone_database: Callable[[str], str]) -> None:
    url = clone_database("search")
    await asyncio.to_thread(migrate_back, url, "vinyl_search")
    database = Database(url)
    async with database.transaction() as connection:
        assert await connection.scalar(text("select to_regclass('listings')")) is None
    await asyncio.to_thread(migrate, url, "vinyl_search")
    async with database.transaction() as connection:
        assert await connection.scalar(text("select to_regclass('listings')")) is not None
    await database.close()


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_column_says_how_long_it_may_be_kept(table: str) -> None:
    for column in metadata.tables[table].columns:
        assert isinstance(column.info.get("retention"), Retention), column


def test_what_a_market_said_stands_only_where_the_retention_job_reaches() -> None:
    restricted = {
        table.name
        for table in metadata.tables.values()
        if any(column.info["retention"] is Retention.MARKET for column in table.columns)
    }
    assert restricted == PURGED | {"sellers"}

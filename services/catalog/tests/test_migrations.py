import asyncio
from typing import Any

import asyncpg
from sqlalchemy import inspect

from vinyl_catalog.settings import Settings
from vinyl_catalog.store.tables import metadata
from vinyl_chassis.database import Database
from vinyl_chassis.migrations.running import migrate, migrate_back


def columns(connection: Any) -> dict[str, set[tuple[str, bool]]]:
    inspector = inspect(connection)
    return {
        table: {(column["name"], column["nullable"]) for column in inspector.get_columns(table)}
        for table in inspector.get_table_names()
    }


async def test_the_tables_are_as_the_migrations_make_them(settings: Settings) -> None:
    database = Database(settings.database_url)
    async with database.transaction() as connection:
        made = await connection.run_sync(columns)
    await database.close()
    written = {
        table.name: {(column.name, bool(column.nullable)) for column in table.columns}
        for table in metadata.sorted_tables
    }
    assert {name: made[name] for name in written} == written


async def test_the_schema_can_be_taken_back_and_made_again(settings: Settings) -> None:
    tables = """select count(*) from pg_tables
        where schemaname = current_schema() and tablename <> 'alembic_version'"""
    connection = await asyncpg.connect(settings.database_url)
    before = await connection.fetchval(tables)
    await asyncio.to_thread(migrate_back, settings.database_url, "vinyl_catalog")
    assert await connection.fetchval(tables) == 0
    await asyncio.to_thread(migrate, settings.database_url, "vinyl_catalog")
    assert await connection.fetchval(tables) == before
    await connection.close()

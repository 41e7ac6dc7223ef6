from typing import Any

from sqlalchemy import inspect, text

from vinyl_chassis.database import Database
from vinyl_chassis.migrations.running import migrate, migrate_back
from vinyl_user.store.tables import metadata


def columns(connection: Any) -> dict[str, set[tuple[str, bool]]]:
    inspector = inspect(connection)
    return {
        table: {(column["name"], column["nullable"]) for column in inspector.get_columns(table)}
        for table in inspector.get_table_names()
    }


async def test_the_tables_are_as_the_migrations_make_them(database: Database) -> None:
    async with database.transaction() as connection:
        made = await connection.run_sync(columns)
    written = {
        table.name: {(column.name, bool(column.nullable)) for column in table.columns}
        for table in metadata.sorted_tables
    }
    assert {name: made[name] for name in written} == written


async def test_the_schema_can_be_taken_back_and_made_again(settings: Any) -> None:
    import asyncio

    await asyncio.to_thread(migrate_back, settings.database_url, "vinyl_user")
    database = Database(settings.database_url)
    async with database.transaction() as connection:
        left = await connection.run_sync(columns)
    assert set(left) <= {"alembic_version"}
    await asyncio.to_thread(migrate, settings.database_url, "vinyl_user")
    async with database.transaction() as connection:
        assert await connection.scalar(text("select count(*) from users")) == 0
    await database.close()

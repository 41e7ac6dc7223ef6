"""Bringing a schema to the newest revision."""

import asyncio
from importlib.resources import files

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from vinyl_chassis.database import async_url

# Two processes may start at once: the second waits, and finds nothing left to do.
_LOCK = "select pg_advisory_lock(hashtextextended('vinyl_migrations_' || current_schema(), 0))"


def migrate(database_url: str, package: str, revision: str = "head") -> None:
    """Applies the revisions of `package`'s migrations room (such as `vinyl_rating`) up to `revision`."""
    command.upgrade(_configuration(database_url, package), revision)


def migrate_back(database_url: str, package: str, revision: str = "base") -> None:
    command.downgrade(_configuration(database_url, package), revision)


def run() -> None:
    """What each service's migrations/env.py calls."""
    asyncio.run(_run())


async def _run() -> None:
    engine = create_async_engine(
        async_url(context.config.attributes["database_url"]),
        poolclass=pool.NullPool,
        connect_args={"timeout": 10.0},
    )
    async with engine.connect() as connection:
        await connection.run_sync(_apply)
    await engine.dispose()


def _apply(connection: Connection) -> None:
    connection.exec_driver_sql(_LOCK)
    connection.commit()
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


def _configuration(database_url: str, package: str) -> Config:
    configuration = Config()
    location = str(files(package) / "migrations")
    configuration.set_main_option("script_location", location.replace("%", "%%"))  # it interpolates
    configuration.attributes["database_url"] = database_url
    return configuration

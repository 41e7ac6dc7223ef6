"""What it means that Postgres is away, as opposed to something being wrong."""

import asyncpg
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

AWAY = (
    InterfaceError,
    OperationalError,
    PoolTimeout,
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
)

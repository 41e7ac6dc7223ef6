"""What it means that a neighbour is away, as opposed to something being wrong: it may come back."""

import asyncpg
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from vinyl_contracts.errors import Unavailable

# Postgres is down, starting, ending, full, or too slow now.
POSTGRES_AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,
)
AWAY = (
    Unavailable,
    InterfaceError,
    OperationalError,
    PoolTimeout,
    asyncpg.InterfaceError,
    *POSTGRES_AWAY,
)

"""What it means that a neighbour is away, as opposed to something being wrong: it may come back."""

import asyncpg
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from vinyl_contracts.errors import Unavailable

AWAY = (
    Unavailable,
    InterfaceError,
    OperationalError,
    PoolTimeout,
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
)

"""What it means that a neighbour is away, as opposed to something being wrong: it may come back."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

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
AWAY = (Unavailable, *POSTGRES_AWAY)


def is_lost(error: asyncpg.InterfaceError) -> bool:
    """Whether the connection had ended. The driver has no other class for being used wrongly."""
    return "connection is closed" in str(error)


@contextmanager
def loss_told() -> Iterator[None]:
    """For who uses the driver by itself. Raises Unavailable where the connection was lost."""
    try:
        yield
    except asyncpg.InterfaceError as error:
        if not is_lost(error):
            raise
        raise Unavailable("The connection to the database was lost.") from error

"""Postgres through SQLAlchemy Core: one pool per process, transactions opened by the service layer."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias

import asyncpg
import msgspec
import structlog
from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.exc import DBAPIError, PendingRollbackError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from vinyl_chassis import changes
from vinyl_chassis.absence import POSTGRES_AWAY, is_lost
from vinyl_chassis.deadlines import lift_deadline
from vinyl_contracts.errors import Unavailable

_log = structlog.get_logger("database")
_FAULTS = (
    DBAPIError,
    PendingRollbackError,
    PoolTimeout,
    ConnectionError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
)
Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
ambient: ContextVar[AsyncConnection | None] = ContextVar("ambient", default=None)
OUTBOX_FILLED = "vinyl_outbox_filled"
_WRITTEN = "vinyl_written"
# To plan a small read anew each time costs several times what it does. Planned once, it has to go from key to
# key even where a table is empty that day.
_READING = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}


def async_url(database_url: str) -> URL:
    return make_url(database_url).set(drivername="postgresql+asyncpg")


class Database:
    """Opens nothing until it is used. `statement_timeout_seconds` bounds every statement."""

    def __init__(self, url: str, *, pool_size: int = 10, statement_timeout_seconds: float = 10.0) -> None:
        self._connecting: dict[str, Any] = {
            "timeout": 5.0,
            "server_settings": {
                "statement_timeout": str(int(statement_timeout_seconds * 1000)),
                "idle_in_transaction_session_timeout": "60000",
                "timezone": "UTC",
            },
        }
        self._engine = create_async_engine(
            async_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5.0,
            pool_pre_ping=False,
            json_serializer=lambda value: msgspec.json.encode(value).decode(),
            json_deserializer=msgspec.json.decode,
            connect_args=self._connecting,
        )
        event.listen(self._engine.sync_engine, "before_cursor_execute", _note_writing)
        self._url = url
        self._readers: list[Driver] = []
        self._bell: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Commits when the block ends, rolls back when it raises. Raises Unavailable while Postgres is away.

        Inside `spanning` it is a savepoint of that one, so that a request's write and the record of
        its answer commit together.
        """
        outer = ambient.get()
        if outer is not None:
            with _absence_told():
                async with outer.begin_nested():
                    yield outer
            return
        async with self._own_transaction() as connection:
            yield connection

    @asynccontextmanager
    async def spanning(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that every `transaction` opened inside it joins."""
        async with self._own_transaction() as connection:
            token = ambient.set(connection)
            try:
                yield connection
            finally:
                ambient.reset(token)

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[AsyncConnection]:
        """A transaction of its own even inside `spanning`, so that its locks end with it. What it writes is
        not what a request asked for."""
        async with self._own_transaction(is_aside=True) as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Driver]:
        """The driver itself, for single statements that each see what is committed when they begin: a
        transaction and the engine's pool cost more than a small read. They go by keys: one plan does for all.

        These connections come on top of the pool's, as many as ever read at once: their user bounds that.
        """
        with _absence_told():
            reader = await self._reader()
            try:
                yield reader
            finally:
                if not reader.is_closed():
                    self._readers.append(reader)

    async def ping(self) -> None:
        async with self._engine.connect() as connection:
            await connection.execute(text("select 1"))

    async def close(self) -> None:
        if self._bell is not None:
            await self._bell
        while self._readers:
            await self._readers.pop().close()
        await self._engine.dispose()

    async def _reader(self) -> Driver:
        while self._readers:
            if not (reader := self._readers.pop()).is_closed():
                return reader
        settings = self._connecting["server_settings"] | _READING
        return await asyncpg.connect(self._url, **self._connecting | {"server_settings": settings})

    @asynccontextmanager
    async def _own_transaction(self, *, is_aside: bool = False) -> AsyncIterator[AsyncConnection]:
        with _absence_told():
            async with self._engine.connect() as connection:
                connection.info.pop(OUTBOX_FILLED, None)
                connection.info.pop(_WRITTEN, None)
                changes.take_noted(connection)
                async with connection.begin():
                    yield connection
                    if connection.info.pop(_WRITTEN, False) and not is_aside:
                        lift_deadline()
                filled = connection.info.pop(OUTBOX_FILLED, False)
                changed = changes.take_noted(connection)
        changes.tell(changed)
        if filled:
            self._ring()

    def _ring(self) -> None:
        """Wakes the relay after the commit, once for all that committed meanwhile.

        A NOTIFY inside the transaction would serialise all commits on one lock; this one is only a
        hint, which the relay's own polling makes good when it is lost.
        """
        if self._bell is None or self._bell.done():
            self._bell = asyncio.create_task(self._notify())

    async def _notify(self) -> None:
        try:
            async with self._engine.connect() as connection:
                await connection.execute(text("select pg_notify('vinyl_outbox_' || current_schema(), '')"))
                await connection.commit()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            _log.warning("relay_not_woken", error=repr(error))


def _note_writing(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
    if statement[:6].lower() != "select":
        connection.info[_WRITTEN] = True


@contextmanager
def _absence_told() -> Iterator[None]:
    """A transaction whose connection broke says so once more to every later statement."""
    try:
        yield
    except _FAULTS as error:
        if not _is_away(error):
            raise
        _log.warning("database_away", error=repr(error))
        raise Unavailable("The database cannot be reached right now; try again in a moment.") from error


def _is_away(error: Exception) -> bool:
    """Whether another attempt may succeed."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(
            getattr(error.orig, "__cause__", None), POSTGRES_AWAY
        )
    if isinstance(error, asyncpg.InterfaceError):
        return is_lost(error)
    return not isinstance(error, asyncpg.PostgresError) or isinstance(error, POSTGRES_AWAY)

"""What a transaction makes old, told once it is committed to whoever listens.

Caches in front of the services know their answers by the names that are noted here.
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar, Token

from sqlalchemy.ext.asyncio import AsyncConnection

Hearing = Callable[[Iterable[str]], None]
_NOTED = "vinyl_changes_noted"
# Where nobody stands in front, as in a command, nothing is told.
_hearing: ContextVar[Hearing | None] = ContextVar("hearing", default=None)


def tell_to(hearing: Hearing) -> Token[Hearing | None]:
    """From now on, for this task and those that it starts; the token ends it."""
    return _hearing.set(hearing)


def tell_no_more(token: Token[Hearing | None]) -> None:
    _hearing.reset(token)


def note(connection: AsyncConnection, names: Iterable[str]) -> None:
    """To be told when the connection's transaction is committed."""
    if _hearing.get() is not None:
        connection.info.setdefault(_NOTED, {}).update(dict.fromkeys(names))


def noted(connection: AsyncConnection) -> list[str]:
    """So far, in the order in which they were noted, each once."""
    return list(connection.info.get(_NOTED, ()))


def take_noted(connection: AsyncConnection) -> list[str]:
    """In the order in which they were noted, each once."""
    return list(connection.info.pop(_NOTED, ()))


def tell(names: list[str]) -> None:
    if names and (hearing := _hearing.get()) is not None:
        hearing(names)


class Changes:
    """Of one transaction, for what no event of it says."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    def note(self, *names: str) -> None:
        note(self._connection, names)

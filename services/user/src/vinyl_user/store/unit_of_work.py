"""The stores that share a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_chassis.database import Database
from vinyl_chassis.outbox.outbox import Outbox
from vinyl_user.store.accounts import Accounts
from vinyl_user.store.collection import Collection
from vinyl_user.store.contents import Contents
from vinyl_user.store.known_albums import KnownAlbums
from vinyl_user.store.login_attempts import LoginAttempts, SignedInAddresses
from vinyl_user.store.profiles import Profiles
from vinyl_user.store.sessions import RefreshTokens, Sessions
from vinyl_user.store.wants import Wants


class UnitOfWork:
    def __init__(self, connection: AsyncConnection) -> None:
        self.accounts = Accounts(connection)
        self.profiles = Profiles(connection)
        self.contents = Contents(connection)
        self.sessions = Sessions(connection)
        self.refresh_tokens = RefreshTokens(connection)
        self.login_attempts = LoginAttempts(connection)
        self.signed_in_addresses = SignedInAddresses(connection)
        self.known_albums = KnownAlbums(connection)
        self.collection = Collection(connection)
        self.wants = Wants(connection)
        self.outbox = Outbox(connection)


class Store:
    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[UnitOfWork]:
        """Commits at the end of the block, rolls back when it raises."""
        async with self._database.transaction() as connection:
            yield UnitOfWork(connection)

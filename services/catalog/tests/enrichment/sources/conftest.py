from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import text

from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis.database import Database
from vinyl_devstack.cloned_databases import ClonedDatabases


@pytest.fixture(scope="session")
def ledger_database_url(cloned_databases: ClonedDatabases) -> Iterator[str]:
    """One for all tests of adapters, which keep nothing in it but what they sent."""
    name, url = cloned_databases.clone("catalog")
    yield url
    cloned_databases.drop(name)


@pytest.fixture
async def store(ledger_database_url: str) -> AsyncIterator[Store]:
    database = Database(ledger_database_url)
    async with database.transaction() as connection:
        await connection.execute(text("truncate enrichment_sources"))
    yield Store(database)
    await database.close()

"""Which albums listeners own and want, as the user service tells it: what makes a record famous."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.store.index_tables import known_keepings


class KnownKeepings:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save(self, keeping_id: UUID, version: int, album_id: UUID | None) -> None:
        """Of two versions the higher stays; without an album it is gone."""
        values = {"version": version, "album_id": album_id}
        statement = insert(known_keepings).values(id=keeping_id, **values)
        newer = statement.excluded.version > known_keepings.c.version
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=values, where=newer)
        )

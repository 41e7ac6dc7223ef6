"""Which albums there are, as catalog tells it."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.ids import AlbumId
from vinyl_rating.store.tables import known_albums


class KnownAlbums:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def resolve(self, album_id: AlbumId) -> AlbumId | None:
        """The album itself, or the one it was merged into."""
        statement = select(known_albums.c.merged_into).where(known_albums.c.album_id == album_id)
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else row.merged_into or album_id

    async def learn(self, albums: Sequence[tuple[AlbumId, int]]) -> None:
        """`albums` with their versions; the higher version stays."""
        rows = [{"album_id": album_id, "version": version} for album_id, version in sorted(albums)]
        statement = insert(known_albums)
        newer = statement.excluded.version > known_albums.c.version
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["album_id"], set_={"version": statement.excluded.version}, where=newer
            ),
            rows,
        )

    async def merge(self, replaced: AlbumId, survivor: AlbumId) -> None:
        row = {"album_id": replaced, "version": 0, "merged_into": survivor}
        statement = insert(known_albums).values(row)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["album_id"], set_={"merged_into": survivor})
        )
        onward = known_albums.c.merged_into == replaced
        await self._connection.execute(update(known_albums).where(onward).values(merged_into=survivor))

    async def part(self, album_id: AlbumId) -> None:
        """It means itself again."""
        statement = update(known_albums).where(known_albums.c.album_id == album_id).values(merged_into=None)
        await self._connection.execute(statement)

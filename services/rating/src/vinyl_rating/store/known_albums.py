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
        """The album itself, or the one it was merged into; None for one that is withdrawn."""
        statement = select(known_albums.c.merged_into).where(
            known_albums.c.album_id == album_id, ~known_albums.c.is_withdrawn
        )
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else row.merged_into or album_id

    async def learn(self, albums: Sequence[tuple[AlbumId, int]]) -> None:
        """`albums` with their versions; the higher version stays."""
        await self._keep([(album_id, version, False) for album_id, version in sorted(albums)])

    async def withdraw(self, album_id: AlbumId, version: int) -> None:
        await self._keep([(album_id, version, True)])

    async def merge(self, replaced: AlbumId, survivor: AlbumId) -> None:
        row = {"album_id": replaced, "version": 0, "is_withdrawn": False, "merged_into": survivor}
        statement = insert(known_albums).values(row)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["album_id"], set_={"merged_into": survivor, "is_withdrawn": False}
            )
        )
        onward = known_albums.c.merged_into == replaced
        await self._connection.execute(update(known_albums).where(onward).values(merged_into=survivor))

    async def part(self, album_id: AlbumId) -> None:
        """It means itself again."""
        statement = update(known_albums).where(known_albums.c.album_id == album_id).values(merged_into=None)
        await self._connection.execute(statement)

    async def _keep(self, albums: Sequence[tuple[AlbumId, int, bool]]) -> None:
        names = ("album_id", "version", "is_withdrawn")
        statement = insert(known_albums)
        told = {name: statement.excluded[name] for name in names[1:]}
        newer = statement.excluded.version > known_albums.c.version
        keeping = statement.on_conflict_do_update(index_elements=["album_id"], set_=told, where=newer)
        await self._connection.execute(keeping, [dict(zip(names, album, strict=True)) for album in albums])

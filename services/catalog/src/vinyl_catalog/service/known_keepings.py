"""Learning which albums listeners own and want."""

from uuid import UUID

from vinyl_catalog.store.unit_of_work import Store


class KnownKeepingService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def learn(self, keeping_id: UUID, version: int, album_id: UUID | None) -> None:
        """A copy or a want; without an album it is gone."""
        async with self._store.begin() as unit:
            survivor = await unit.albums.find_survivor(album_id) if album_id else None
            await unit.known_keepings.save(keeping_id, version, survivor or album_id)

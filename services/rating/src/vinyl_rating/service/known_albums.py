"""Learning of albums, and following them where they are merged."""

from collections.abc import Sequence

from vinyl_contracts.events.catalog import AlbumState
from vinyl_contracts.ids import AlbumId
from vinyl_rating.domain.rating import Summary
from vinyl_rating.service.ratings import publish
from vinyl_rating.store.unit_of_work import Store, UnitOfWork


class KnownAlbumService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def learn_albums(self, albums: Sequence[AlbumState]) -> None:
        async with self._store.begin() as unit:
            await unit.known_albums.learn([(album.album_id, album.version) for album in albums])
            for album in albums:
                for replaced in album.replaces:
                    await _merge(unit, replaced, album.album_id)

    async def forget_album(self, album_id: AlbumId, version: int) -> None:
        """Nothing new may name it, until it comes back with a higher version."""
        async with self._store.begin() as unit:
            await unit.known_albums.withdraw(album_id, version)
            unit.changes.note(f"ratings-{album_id}")

    async def part_album(self, album: AlbumState) -> None:
        """It had been merged into another by mistake; what moved there stays there."""
        async with self._store.begin() as unit:
            await unit.known_albums.part(album.album_id)
            unit.changes.note(f"ratings-{album.album_id}")
        await self.learn_albums([album])


async def _merge(unit: UnitOfWork, replaced: AlbumId, survivor: AlbumId) -> None:
    """Nothing is left to move the second time, and then nothing is told. A summary stays where its ratings
    left: should the albums be parted, its versions go on from there."""
    await unit.known_albums.merge(replaced, survivor)
    unit.changes.note(f"ratings-{replaced}")
    summaries = {album_id: await unit.summaries.lock(album_id) for album_id in sorted((replaced, survivor))}
    if not summaries[replaced].count:
        return
    await unit.ratings.move(replaced, survivor)
    for album_id, before in summaries.items():
        summary = Summary(album_id, before.version + 1, await unit.ratings.count_stars(album_id))
        await unit.summaries.save(summary)
        await publish(unit, summary)

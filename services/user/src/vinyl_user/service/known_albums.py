"""Learning of albums, and following them where they are merged."""

from collections.abc import Sequence

from vinyl_chassis.clock import now
from vinyl_contracts.events.catalog import AlbumState
from vinyl_contracts.ids import AlbumId
from vinyl_user.service.announcements import item_changed, want_changed
from vinyl_user.store.unit_of_work import Store, UnitOfWork


class KnownAlbumService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def learn_albums(self, albums: Sequence[AlbumState]) -> None:
        """Repeats safely; the higher version of an album stays."""
        newest = {album.album_id: album for album in sorted(albums, key=lambda album: album.version)}
        if not newest:
            return
        async with self._store.begin() as unit:
            news = await unit.known_albums.learn(list(newest.values()))
            await unit.known_albums.learn_releases([newest[album_id] for album_id in sorted(news)])
            merged = [
                (replaced, await unit.known_albums.merge(replaced, album.album_id))
                for album in newest.values()
                for replaced in album.replaces
            ]
            # All albums are locked by now, which listeners too lock before what names them.
            for replaced, survivor in merged:
                if survivor is not None:
                    await _move(unit, replaced, survivor)

    async def forget_album(self, album_id: AlbumId, version: int) -> None:
        """Nothing new may name it, until it comes back with a higher version."""
        async with self._store.begin() as unit:
            await unit.known_albums.withdraw(album_id, version)

    async def part_album(self, album: AlbumState) -> None:
        """It had been merged into another by mistake; what moved there stays there."""
        async with self._store.begin() as unit:
            await unit.known_albums.part(album.album_id)
        await self.learn_albums([album])


async def _move(unit: UnitOfWork, replaced: AlbumId, survivor: AlbumId) -> None:
    """Nothing is left to move the second time, and then nothing is told."""
    at = now()
    wants = await unit.wants.move(replaced, survivor, at)
    items = await unit.collection.move(replaced, survivor, at)
    await unit.outbox.add_all([*map(want_changed, wants), *map(item_changed, items)])

"""Learning of albums, wants, collections and people from the services that keep them."""

from collections.abc import Sequence

from vinyl_contracts.events.catalog import AlbumState
from vinyl_contracts.events.user import (
    CollectionItemChanged,
    CollectionItemRemoved,
    ProfileChanged,
    UserRegistered,
    WantChanged,
    WantRemoved,
)
from vinyl_contracts.ids import AlbumId
from vinyl_search.domain.known import KnownAlbum, KnownListener, KnownRelease
from vinyl_search.domain.money import Amount
from vinyl_search.domain.wishes import Want
from vinyl_search.matching.words import album_key
from vinyl_search.store.unit_of_work import Store, UnitOfWork


class KnownService:
    """Each method keeps the higher version, and may be told the same thing again."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def learn_albums(self, albums: Sequence[AlbumState]) -> None:
        async with self._store.begin() as unit:
            for album in albums:
                for replaced in album.replaces:
                    await _merge(unit, replaced, album.album_id)
            current = await unit.albums.learn([_album(album) for album in albums])
            news = [album for album in albums if album.album_id in current]
            await unit.albums.learn_releases([each for album in news for each in _releases(album)])
            for album in news:
                if album.releases_complete:
                    await unit.albums.forget_older_releases(album.album_id, album.version)

    async def forget_album(self, album_id: AlbumId, version: int) -> None:
        """Nothing new may name it, until it comes back with a higher version."""
        async with self._store.begin() as unit:
            await unit.albums.withdraw(album_id, version)

    async def part_album(self, album: AlbumState) -> None:
        """It had been merged into another by mistake; what moved there stays there."""
        async with self._store.begin() as unit:
            await unit.albums.part(album.album_id)
        await self.learn_albums([album])

    async def learn_want(self, told: WantChanged, version: int) -> None:
        async with self._store.begin() as unit:
            want = Want(
                id=told.want_id,
                album_id=await _now_called(unit, told.album_id),
                release_id=told.release_id,
                max_price=Amount.of(told.max_price) if told.max_price else None,
                min_media_condition=told.min_media_condition,
                formats=tuple(told.formats),
            )
            await unit.wishes.save_want(want, told.user_id, version)

    async def forget_want(self, told: WantRemoved, version: int) -> None:
        async with self._store.begin() as unit:
            await unit.wishes.remove_want(told.want_id, told.user_id, version)

    async def learn_owned(self, told: CollectionItemChanged, version: int) -> None:
        async with self._store.begin() as unit:
            album_id = await _now_called(unit, told.album_id)
            await unit.wishes.save_owned(told.item_id, told.user_id, album_id, told.release_id, version)

    async def forget_owned(self, told: CollectionItemRemoved, version: int) -> None:
        async with self._store.begin() as unit:
            await unit.wishes.remove_owned(told.item_id, told.user_id, version)

    async def learn_profile(self, told: ProfileChanged, version: int) -> None:
        await self._keep(KnownListener(told.user_id, version, told.username, told.country, told.currency))

    async def learn_listener(self, told: UserRegistered, version: int) -> None:
        await self._keep(KnownListener(told.user_id, version, told.username, None, None))

    async def _keep(self, listener: KnownListener) -> None:
        async with self._store.begin() as unit:
            await unit.wishes.save_listener(listener)


async def _merge(unit: UnitOfWork, replaced: AlbumId, survivor: AlbumId) -> None:
    await unit.albums.merge(replaced, survivor)
    await unit.wishes.move(replaced, survivor)
    await unit.searches.move(replaced, survivor)
    await unit.listings.move(replaced, survivor)


async def _now_called(unit: UnitOfWork, album_id: AlbumId) -> AlbumId:
    """An album that is not known yet may still be told of: the services do not wait for each other."""
    return (await unit.albums.resolve([album_id])).get(album_id, album_id)


def _album(told: AlbumState) -> KnownAlbum:
    key = album_key(told.artist, told.title)
    return KnownAlbum(told.album_id, told.version, told.artist, told.title, told.year, key)


def _releases(told: AlbumState) -> list[KnownRelease]:
    return [
        KnownRelease(
            each.release_id,
            told.album_id,
            told.version,
            each.discogs_release_id,
            tuple(each.catalog_numbers),
        )
        for each in told.releases
    ]

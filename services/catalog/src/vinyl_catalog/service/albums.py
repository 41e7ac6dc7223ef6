"""Reading albums and their releases."""

from collections.abc import Sequence
from uuid import UUID

from vinyl_catalog.domain.albums import Album, NamedAlbum, StoredAlbum
from vinyl_catalog.domain.codes import barcode_of, folded_catalog_number
from vinyl_catalog.domain.lists import AlbumConditions, AlbumFilter, AlbumOrder, Place, Placed
from vinyl_catalog.domain.references import together, wanted_by
from vinyl_catalog.domain.refusals import AlbumNotFound, ArtistNotFound, ReleaseNotFound
from vinyl_catalog.domain.releases import Release, StoredRelease, release_of
from vinyl_catalog.service.filtering import conditions_of
from vinyl_catalog.service.gathering import Gathering
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork


class AlbumService:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._albums = Gathering(self._read_albums)
        self._releases = Gathering(self._read_releases)

    async def read_album(self, album_id: UUID) -> NamedAlbum:
        """The album, or the one that it was merged into: then the id is another."""
        album = await self._albums.read(album_id)
        if album is None:
            raise AlbumNotFound
        return album

    async def list_albums(
        self, wanted: AlbumFilter, order: AlbumOrder, after: Place | None, limit: int
    ) -> list[Placed[Album]]:
        async with self._store.begin() as unit:
            conditions = await conditions_of(unit, wanted)
            return await _list(unit, conditions, order, after, limit)

    async def list_albums_of_artist(
        self, artist_id: UUID, order: AlbumOrder, after: Place | None, limit: int
    ) -> list[Placed[Album]]:
        async with self._store.begin() as unit:
            artist_id = await unit.artists.find_survivor(artist_id) or artist_id
            if await unit.artists.find(artist_id) is None:
                raise ArtistNotFound
            conditions = await conditions_of(unit, AlbumFilter(artist_id=artist_id))
            return await _list(unit, conditions, order, after, limit)

    async def list_releases_of_album(
        self, album_id: UUID, after: Place | None, limit: int
    ) -> list[Placed[Release]]:
        async with self._store.begin() as unit:
            survivor = await _survivor(unit, album_id)
            if await unit.albums.find(survivor) is None:
                raise AlbumNotFound
            return await _whole_releases(unit, await unit.releases.list_of_album(survivor, after, limit))

    async def read_release(self, release_id: UUID) -> Release:
        release = await self._releases.read(release_id)
        if release is None:
            raise ReleaseNotFound
        return release

    async def list_releases(
        self,
        barcode: str | None,
        catalog_number: str | None,
        discogs_release_id: int | None,
        after: Place | None,
        limit: int,
    ) -> list[Placed[Release]]:
        """Those that bear the barcode and the catalogue number, in whatever spelling."""
        codes = []
        if barcode is not None:
            codes.append(f"b:{barcode_of(barcode) or barcode}")
        if catalog_number is not None:
            codes.append(f"c:{folded_catalog_number(catalog_number)}")
        async with self._store.begin() as unit:
            found = await unit.releases.list_matching(codes, discogs_release_id, after, limit)
            return await _whole_releases(unit, found)

    async def _read_albums(self, album_ids: Sequence[UUID]) -> dict[UUID, NamedAlbum]:
        found = await self._store.album_reading.find_all(album_ids)
        if lacking := [each for each in album_ids if each not in found]:
            async with self._store.begin() as unit:
                survivors = await unit.albums.find_survivors(lacking)
            merged = await self._store.album_reading.find_all(list(survivors.values()))
            found |= {each: merged[to] for each, to in survivors.items() if to in merged}
        return found

    async def _read_releases(self, release_ids: Sequence[UUID]) -> dict[UUID, Release]:
        async with self._store.begin() as unit:
            found = await unit.releases.find_all(release_ids)
            names = await unit.names.look_up(wanted_by(*(release.facts for release in found.values())))
            return {id_: release_of(release, names) for id_, release in found.items()}


async def _survivor(unit: UnitOfWork, album_id: UUID) -> UUID:
    return await unit.albums.find_survivor(album_id) or album_id


async def _list(
    unit: UnitOfWork, conditions: AlbumConditions, order: AlbumOrder, after: Place | None, limit: int
) -> list[Placed[Album]]:
    if conditions.is_impossible:
        return []
    found = await unit.albums.list_matching(conditions, order, after, limit)
    whole = await named_albums(unit, [placed.item for placed in found])
    return [placed.holding(album.shown()) for placed, album in zip(found, whole, strict=True)]


async def named_albums(unit: UnitOfWork, found: Sequence[StoredAlbum]) -> list[NamedAlbum]:
    """With the names of everybody on them, looked up at once."""
    wanted = [album.wanted for album in found]
    names = await unit.names.look_up(together(wanted))
    return [NamedAlbum(album, needs, names) for album, needs in zip(found, wanted, strict=True)]


async def _whole_releases(unit: UnitOfWork, found: Sequence[Placed[StoredRelease]]) -> list[Placed[Release]]:
    names = await unit.names.look_up(wanted_by(*(placed.item.facts for placed in found)))
    return [placed.holding(release_of(placed.item, names)) for placed in found]

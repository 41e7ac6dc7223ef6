"""Which album, pressing and owned copy a product is about."""

from msgspec import UNSET

from vinyl_catalog.domain.products import Pressing, ProductEdit
from vinyl_catalog.domain.refusals import (
    AlbumNotFound,
    CollectionItemNotFound,
    ReleaseNotFound,
    ReleaseOfAnotherAlbum,
)
from vinyl_catalog.store.unit_of_work import UnitOfWork
from vinyl_contracts.ids import AlbumId, CollectionItemId, ReleaseId, UserId


async def settle(unit: UnitOfWork, owner_id: UserId, present: Pressing, edit: ProductEdit) -> Pressing:
    """What the edit makes of it. A copy brings its album and release; a release its album; and naming
    another album or release lets go of the copy.

    Raises CollectionItemNotFound, ReleaseNotFound, AlbumNotFound and ReleaseOfAnotherAlbum.
    """
    if edit.collection_item_id:
        return await _of_copy(unit, owner_id, CollectionItemId(edit.collection_item_id))
    if edit.release_id:
        return await _of_release(unit, ReleaseId(edit.release_id), edit.album_id or None)
    if edit.album_id:
        return Pressing(await _known_album(unit, AlbumId(edit.album_id)))
    if edit.album_id is None:
        return Pressing()
    if edit.release_id is None:
        return Pressing(present.album_id)
    kept = present.collection_item_id if edit.collection_item_id is UNSET else None
    return Pressing(present.album_id, present.release_id, kept)


async def _of_copy(unit: UnitOfWork, owner_id: UserId, item_id: CollectionItemId) -> Pressing:
    copy = await unit.members.find_copy(owner_id, item_id)
    if copy is None:
        raise CollectionItemNotFound
    return copy.pressing


async def _of_release(unit: UnitOfWork, release_id: ReleaseId, album_id: AlbumId | None) -> Pressing:
    release = await unit.releases.find(release_id)
    if release is None:
        raise ReleaseNotFound
    if album_id is not None and await _known_album(unit, album_id) != release.album_id:
        raise ReleaseOfAnotherAlbum
    return Pressing(AlbumId(release.album_id), release_id)


async def _known_album(unit: UnitOfWork, album_id: AlbumId) -> AlbumId:
    survivor = await unit.albums.find_survivor(album_id) or album_id
    if await unit.albums.find(survivor) is None:
        raise AlbumNotFound
    return AlbumId(survivor)

"""What listeners do with the copies they look for."""

import msgspec
from msgspec import UNSET

from vinyl_chassis.clock import now
from vinyl_chassis.identity import Listener
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.ids import AlbumId, CollectionItemId, WantId, new_id
from vinyl_user.domain.collection import CollectionItem, CopyDescription, OwnedCopy
from vinyl_user.domain.pressings import Pressing, named_first, named_next
from vinyl_user.domain.refusals import WantNotFound
from vinyl_user.domain.wants import Want, WantedAlbum, WantEdit
from vinyl_user.service.announcements import item_changed, want_changed, want_removed
from vinyl_user.service.pressings import hold_album
from vinyl_user.store.unit_of_work import Store, UnitOfWork


class WantService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def add_want(self, listener: Listener, edit: WantEdit) -> WantedAlbum:
        """Raises Invalid, AlbumNotFound and ReleaseNotFound."""
        async with self._store.begin() as unit:
            named = named_first(edit.album_id, edit.release_id)
            album = await hold_album(unit, named)
            at = now()
            blank = Want(
                id=WantId(new_id()),
                user_id=listener.id,
                album_id=album.album_id,
                release_id=named.release_id,
                created_at=at,
                updated_at=at,
            )
            want = blank.described(edit, blank.pressing, at)
            await unit.wants.add(want)
            await unit.outbox.add_all([want_changed(want)])
            return WantedAlbum(want, album)

    async def read_want(self, listener: Listener, want_id: WantId) -> WantedAlbum:
        async with self._store.begin() as unit:
            found = await unit.wants.find(listener.id, want_id)
        if found is None:
            raise WantNotFound
        return found

    async def list_wants(
        self, listener: Listener, album_id: AlbumId | None, before: WantId | None, limit: int
    ) -> list[WantedAlbum]:
        async with self._store.begin() as unit:
            return await unit.wants.list_for_user(listener.id, album_id, before, limit)

    async def edit_want(
        self, listener: Listener, want_id: WantId, edit: WantEdit, expected: ExpectedVersion
    ) -> WantedAlbum:
        """Raises Stale, Invalid, AlbumNotFound and ReleaseNotFound."""
        edited = None
        while edited is None:
            async with self._store.begin() as unit:
                edited = await _edit(unit, listener, want_id, edit, expected)
        return edited

    async def remove_want(self, listener: Listener, want_id: WantId, expected: ExpectedVersion) -> None:
        async with self._store.begin() as unit:
            found = await unit.wants.lock(listener.id, want_id)
            if found is None:
                raise WantNotFound
            expected.check(found.version)
            await unit.wants.remove(want_id)
            await unit.outbox.add_all([want_removed(found.want)])

    async def acquire_copy(self, listener: Listener, want_id: WantId, copy: CopyDescription) -> OwnedCopy:
        """The want becomes a copy in the collection, its notes too where the copy has none of its own."""
        acquired = None
        while acquired is None:
            async with self._store.begin() as unit:
                acquired = await _acquire(unit, listener, want_id, copy)
        return acquired


async def _edit(
    unit: UnitOfWork, listener: Listener, want_id: WantId, edit: WantEdit, expected: ExpectedVersion
) -> WantedAlbum | None:
    """None where somebody else changed the want between the look at it and the lock on it."""
    seen = await unit.wants.find(listener.id, want_id)
    if seen is None:
        raise WantNotFound
    expected.check(seen.version)
    named = named_next(seen.want.pressing, edit.album_id, edit.release_id)
    album = await hold_album(unit, named)
    locked = await unit.wants.lock(listener.id, want_id)
    if locked is None or locked.version != seen.version:
        return None
    want = locked.want.described(edit, Pressing(album.album_id, named.release_id), now())
    await unit.wants.save(want)
    await unit.outbox.add_all([want_changed(want)])
    return WantedAlbum(want, album)


async def _acquire(
    unit: UnitOfWork, listener: Listener, want_id: WantId, copy: CopyDescription
) -> OwnedCopy | None:
    """None where the want moved to another album between the look at it and the lock on it."""
    seen = await unit.wants.find(listener.id, want_id)
    album = await unit.known_albums.hold(seen.want.album_id) if seen else None
    found = await unit.wants.lock(listener.id, want_id)
    if album is None or found is None:
        raise WantNotFound
    want = found.want
    if want.album_id != album.album_id:
        return None
    at = now()
    blank = CollectionItem(
        id=CollectionItemId(new_id()),
        user_id=listener.id,
        album_id=want.album_id,
        release_id=want.release_id,
        created_at=at,
        updated_at=at,
    )
    notes = want.notes if copy.notes is UNSET else copy.notes
    item = blank.described(msgspec.structs.replace(copy, notes=notes), want.pressing, at)
    await unit.wants.remove(want_id)
    await unit.collection.add(item)
    await unit.outbox.add_all([want_removed(want), item_changed(item)])
    return OwnedCopy(item, album)

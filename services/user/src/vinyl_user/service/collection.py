"""What listeners do with the copies they own."""

from vinyl_chassis.clock import now
from vinyl_chassis.identity import Listener
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.ids import CollectionItemId, new_id
from vinyl_user.domain.collection import CollectionFilter, CollectionItem, CopyEdit, OwnedCopy
from vinyl_user.domain.pressings import Pressing, named_first, named_next
from vinyl_user.domain.refusals import CollectionItemNotFound
from vinyl_user.service.announcements import item_changed, item_removed
from vinyl_user.service.pressings import hold_album
from vinyl_user.store.unit_of_work import Store, UnitOfWork


class CollectionService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def add_copy(self, listener: Listener, copy: CopyEdit) -> OwnedCopy:
        """Raises Invalid, AlbumNotFound and ReleaseNotFound."""
        async with self._store.begin() as unit:
            named = named_first(copy.album_id, copy.release_id)
            album = await hold_album(unit, named)
            at = now()
            blank = CollectionItem(
                id=CollectionItemId(new_id()),
                user_id=listener.id,
                album_id=album.album_id,
                release_id=named.release_id,
                created_at=at,
                updated_at=at,
            )
            item = blank.described(copy, blank.pressing, at)
            await unit.collection.add(item)
            await unit.outbox.add_all([item_changed(item)])
            return OwnedCopy(item, album)

    async def read_copy(self, listener: Listener, item_id: CollectionItemId) -> OwnedCopy:
        async with self._store.begin() as unit:
            found = await unit.collection.find(listener.id, item_id)
        if found is None:
            raise CollectionItemNotFound
        return found

    async def list_copies(
        self, listener: Listener, wanted: CollectionFilter, before: CollectionItemId | None, limit: int
    ) -> list[OwnedCopy]:
        async with self._store.begin() as unit:
            return await unit.collection.list_for_user(listener.id, wanted, before, limit)

    async def edit_copy(
        self, listener: Listener, item_id: CollectionItemId, edit: CopyEdit, expected: ExpectedVersion
    ) -> OwnedCopy:
        """Raises Stale, Invalid, AlbumNotFound and ReleaseNotFound."""
        edited = None
        while edited is None:
            async with self._store.begin() as unit:
                edited = await _edit(unit, listener, item_id, edit, expected)
        return edited

    async def remove_copy(
        self, listener: Listener, item_id: CollectionItemId, expected: ExpectedVersion
    ) -> None:
        async with self._store.begin() as unit:
            found = await unit.collection.lock(listener.id, item_id)
            if found is None:
                raise CollectionItemNotFound
            expected.check(found.version)
            await unit.collection.remove(item_id)
            await unit.outbox.add_all([item_removed(found.item)])


async def _edit(
    unit: UnitOfWork, listener: Listener, item_id: CollectionItemId, edit: CopyEdit, expected: ExpectedVersion
) -> OwnedCopy | None:
    """None where somebody else changed the item between the look at it and the lock on it."""
    seen = await unit.collection.find(listener.id, item_id)
    if seen is None:
        raise CollectionItemNotFound
    expected.check(seen.version)
    named = named_next(seen.item.pressing, edit.album_id, edit.release_id)
    album = await hold_album(unit, named)
    locked = await unit.collection.lock(listener.id, item_id)
    if locked is None or locked.version != seen.version:
        return None
    item = locked.item.described(edit, Pressing(album.album_id, named.release_id), now())
    await unit.collection.save(item)
    await unit.outbox.add_all([item_changed(item)])
    return OwnedCopy(item, album)

"""What other services tell that changes the showcase."""

from collections.abc import Callable
from uuid import UUID

import msgspec

from vinyl_catalog.domain.products import OwnedCopy, Pressing
from vinyl_catalog.service import product_events
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork
from vinyl_chassis.clock import now
from vinyl_contracts.ids import CollectionItemId, MediaId, UserId


class ShowcaseNews:
    """Of two versions the higher one stays."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def learn_votes(self, product_id: UUID, version: int, count: int) -> None:
        async with self._store.begin() as unit:
            product = await unit.products.lock(product_id)
            if product is not None:
                counts = msgspec.structs.replace(product.counts, upvotes=count)
                await unit.products.save_votes(msgspec.structs.replace(product, counts=counts), version)

    async def learn_comments(self, product_id: UUID, version: int, count: int) -> None:
        async with self._store.begin() as unit:
            await unit.products.save_comment_count(product_id, version, count)

    async def learn_listener(
        self, user_id: UserId, version: int, username: str, avatar: MediaId | None = None
    ) -> None:
        async with self._store.begin() as unit:
            await unit.members.save_listener(user_id, version, username, avatar)

    async def learn_copy(self, copy: OwnedCopy, version: int) -> None:
        """Products of this copy are about what it is of now."""
        async with self._store.begin() as unit:
            if await unit.members.save_copy(copy, version):
                await _retell(unit, copy.item_id, lambda _: copy.pressing)

    async def forget_copy(self, item_id: CollectionItemId, owner_id: UserId, version: int) -> None:
        """Products of this copy go on without it, about the same record."""
        async with self._store.begin() as unit:
            if await unit.members.remove_copy(item_id, owner_id, version):
                await _retell(unit, item_id, lambda was: Pressing(was.album_id, was.release_id))


async def _retell(
    unit: UnitOfWork, item_id: CollectionItemId, next_pressing: Callable[[Pressing], Pressing]
) -> None:
    for product in await unit.products.lock_of_copy(item_id):
        changed = product.about(next_pressing(product.pressing), now())
        await unit.products.save(changed)
        stored = await unit.products.find(changed.id)
        await product_events.tell(unit, product, changed, stored.category if stored else None)

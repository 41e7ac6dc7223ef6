"""What members do with the products they show, and everybody with those that are published."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import UNSET, UnsetType

from vinyl_catalog.domain.lists import Place, Placed
from vinyl_catalog.domain.products import (
    Product,
    ProductEdit,
    ProductFilter,
    ProductOrder,
    ShownProduct,
    StoredProduct,
)
from vinyl_catalog.domain.refusals import CategoryNotFound, MediaNotFound, NotYourProduct, ProductNotFound
from vinyl_catalog.service import pressings, product_events
from vinyl_catalog.service.product_views import ViewCounter, Visitor
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork
from vinyl_chassis.clock import now
from vinyl_chassis.identity import Listener
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.ids import CategoryId, MediaId, ProductId, UserId, new_id


class ProductService:
    def __init__(self, store: Store, views: ViewCounter) -> None:
        self._store = store
        self._views = views

    async def read_product(self, product_id: UUID, visitor: Visitor) -> ShownProduct:
        """Counts as a view, but for its owner's. Raises ProductNotFound for another's draft too."""
        async with self._store.begin() as unit:
            found = await unit.products.find(product_id)
            if found is None or not _may_see(found.product, visitor.listener):
                raise ProductNotFound
            shown = await _shown(unit, found)
        if visitor.listener is None or visitor.listener.id != found.product.owner_id:
            self._views.note(product_id, visitor)
        return shown

    async def list_products(
        self, wanted: ProductFilter, order: ProductOrder, after: Place | None, limit: int
    ) -> list[Placed[ShownProduct]]:
        async with self._store.begin() as unit:
            found = await unit.products.list_matching(wanted, order, after, limit)
            shown = await _all_shown(unit, [placed.item for placed in found])
            return [placed.holding(each) for placed, each in zip(found, shown, strict=True)]

    async def list_category(
        self, slug: str, order: ProductOrder, after: Place | None, limit: int
    ) -> list[Placed[ShownProduct]]:
        async with self._store.begin() as unit:
            if await unit.categories.find(slug) is None:
                raise CategoryNotFound
        return await self.list_products(ProductFilter(category=slug), order, after, limit)

    async def show_product(self, listener: Listener, product: ProductEdit) -> ShownProduct:
        """A new one. Raises Invalid and what `_edited` raises."""
        at = now()
        blank = Product(id=ProductId(new_id()), owner_id=listener.id, title="", created_at=at, updated_at=at)
        async with self._store.begin() as unit:
            # heard of in its own time, but needed now
            await unit.members.save_listener(listener.id, 0, listener.username)
            category_id = await _category_id(unit, product.category)
            made = await _edited(unit, blank, product, category_id or None)
            await unit.products.add(made)
            return await _told(unit, None, made)

    async def edit_product(
        self, listener: Listener, product_id: UUID, edit: ProductEdit, expected: ExpectedVersion
    ) -> ShownProduct:
        """Raises NotYourProduct, Stale, Invalid and what `_edited` raises."""
        async with self._store.begin() as unit:
            named = await _category_id(unit, edit.category)
            present = await _own(unit, listener, product_id)
            expected.check_record(present.version)
            category_id = present.category_id if isinstance(named, UnsetType) else named
            edited = await _edited(unit, present, edit, category_id)
            await unit.products.save(edited)
            return await _told(unit, present, edited)

    async def remove_product(self, listener: Listener, product_id: UUID, expected: ExpectedVersion) -> None:
        async with self._store.begin() as unit:
            present = await _own(unit, listener, product_id)
            expected.check_record(present.version)
            await unit.products.remove(present.id)
            if present.is_published:
                await product_events.tell_withdrawn(unit, present.about(present.pressing, now()))


def _may_see(product: Product, reader: Listener | None) -> bool:
    return product.is_published or (reader is not None and reader.id == product.owner_id)


async def _own(unit: UnitOfWork, listener: Listener, product_id: UUID) -> Product:
    """Locked. What is another's may be known to exist only once it is published."""
    found = await unit.products.lock(product_id)
    if found is None or not _may_see(found, listener):
        raise ProductNotFound
    if found.owner_id != listener.id:
        raise NotYourProduct
    return found


async def _category_id(unit: UnitOfWork, slug: str | UnsetType | None) -> CategoryId | UnsetType | None:
    if slug is UNSET or slug is None:
        return slug
    category_id = await unit.categories.hold(str(slug))
    if category_id is None:
        raise CategoryNotFound
    return category_id


async def _edited(
    unit: UnitOfWork, present: Product, edit: ProductEdit, category_id: CategoryId | None
) -> Product:
    """Raises MediaNotFound for another's pictures, and what settling its pressing raises."""
    pressing = await pressings.settle(unit, present.owner_id, present.pressing, edit)
    if edit.media_ids:
        await _hold_pictures(unit, present.owner_id, edit.media_ids)
    return present.described(edit, category_id, pressing, now())


async def _hold_pictures(unit: UnitOfWork, owner_id: UserId, media_ids: Sequence[MediaId]) -> None:
    if not set(media_ids) <= await unit.media.hold(owner_id, media_ids):
        raise MediaNotFound


async def _told(unit: UnitOfWork, before: Product | None, after: Product) -> ShownProduct:
    stored = await unit.products.find(after.id)
    if stored is None:
        raise ProductNotFound
    await product_events.tell(unit, before, after, stored.category)
    return await _shown(unit, stored)


async def _shown(unit: UnitOfWork, stored: StoredProduct) -> ShownProduct:
    [shown] = await _all_shown(unit, [stored])
    return shown


async def _all_shown(unit: UnitOfWork, found: Sequence[StoredProduct]) -> list[ShownProduct]:
    pictures = await unit.media.find_all(media_id for each in found for media_id in each.product.media_ids)
    return [
        ShownProduct(each, [pictures[one] for one in each.product.media_ids if one in pictures])
        for each in found
    ]

"""Telling of a product what others may know: nothing, until it is published."""

from vinyl_catalog.domain.products import Product
from vinyl_catalog.store.unit_of_work import UnitOfWork
from vinyl_contracts.events.catalog import ProductChanged, ProductWithdrawn


async def tell(unit: UnitOfWork, before: Product | None, after: Product, category: str | None) -> None:
    if after.is_published:
        await unit.outbox.add(await _changed(unit, after, category), after.id, after.version)
    elif before is not None and before.is_published:
        await tell_withdrawn(unit, after)


async def tell_withdrawn(unit: UnitOfWork, product: Product) -> None:
    await unit.outbox.add(ProductWithdrawn(product.id, product.owner_id), product.id, product.version)


async def _changed(unit: UnitOfWork, product: Product, category: str | None) -> ProductChanged:
    pressing = product.pressing
    item_id = pressing.collection_item_id
    copy = None if item_id is None else await unit.members.find_copy(product.owner_id, item_id)
    return ProductChanged(
        product_id=product.id,
        owner_id=product.owner_id,
        title=product.title,
        album_id=pressing.album_id,
        release_id=pressing.release_id,
        category=category,
        tags=list(product.tags),
        price=product.price,
        media_condition=copy.media_condition if copy else None,
        sleeve_condition=copy.sleeve_condition if copy else None,
        published_at=product.listed_at,
    )

"""Products that everybody may see, as the index takes them."""

from collections.abc import Collection
from uuid import UUID

from vinyl_catalog.domain.folding import folded
from vinyl_catalog.domain.products import StoredProduct
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.index.entries import Entry, Shown
from vinyl_catalog.store.unit_of_work import UnitOfWork

_MOST_LETTERS = 1_000


async def read_products(unit: UnitOfWork, ids: Collection[UUID]) -> list[Entry]:
    return [_entry(stored) for stored in await unit.products.list_published(ids)]


def _entry(stored: StoredProduct) -> Entry:
    product = stored.product
    texts = (product.title, *product.tags, (product.description or "")[:_MOST_LETTERS])
    return Entry(
        owner=product.id,
        shown=Shown(
            HitType.PRODUCT, product.id, product.title, stored.username, product.pressing.album_id, None
        ),
        names=[folded(product.title)],
        words=[word for text in texts for word in folded(text).split()],
        fame=product.counts.upvotes,
    )

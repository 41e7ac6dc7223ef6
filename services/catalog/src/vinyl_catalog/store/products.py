"""Products of the showcase."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    any_,
    delete,
    func,
    insert,
    literal,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.lists import Place, Placed
from vinyl_catalog.domain.products import (
    Counts,
    Pressing,
    Product,
    ProductFilter,
    ProductOrder,
    Status,
    StoredProduct,
)
from vinyl_catalog.store.product_tables import categories, known_listeners, products
from vinyl_catalog.store.tables import album_redirects, is_any
from vinyl_contracts.ids import CategoryId, CollectionItemId, MediaId, ProductId
from vinyl_contracts.money import Money

_columns = products.c
_KEYS: Mapping[ProductOrder, ColumnElement[Any]] = {
    ProductOrder.HOT: _columns.hot,
    ProductOrder.NEW: _columns.listed_at,
    ProductOrder.TOP: _columns.upvote_count,
}


class Products:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, product_id: UUID) -> StoredProduct | None:
        row = (await self._connection.execute(_read().where(_columns.id == product_id))).one_or_none()
        return None if row is None else _stored(row)

    async def lock(self, product_id: UUID) -> Product | None:
        """Whoever else changes it waits until this transaction ends."""
        return next(iter(await self._lock(_columns.id == product_id)), None)

    async def lock_of_copy(self, item_id: CollectionItemId) -> list[Product]:
        return await self._lock(_columns.collection_item_id == item_id)

    async def list_matching(
        self, wanted: ProductFilter, order: ProductOrder, after: Place | None, limit: int
    ) -> list[Placed[StoredProduct]]:
        keys = [_KEYS[order], _columns.id]
        statement = _read(keys[0].label("place")).where(*_conditions(wanted))
        if after is not None:
            statement = statement.where(tuple_(*keys) < tuple_(*after))
        statement = statement.order_by(*(key.desc() for key in keys)).limit(limit)
        rows = await self._connection.execute(statement)
        return [Placed(_stored(row), [row.place, row.id]) for row in rows]

    async def list_published(self, ids: Collection[UUID]) -> list[StoredProduct]:
        """What the search index takes."""
        statement = _read().where(is_any(_columns.id, ids), _columns.status == Status.PUBLISHED.value)
        rows = await self._connection.execute(statement.order_by(_columns.id))
        return [_stored(row) for row in rows]

    async def uses(self, media_id: MediaId) -> bool:
        statement = select(_columns.id).where(_columns.media_ids.contains([media_id])).limit(1)
        return await self._connection.scalar(statement) is not None

    async def add(self, product: Product) -> None:
        await self._connection.execute(insert(products).values(_row(product) | _NOTHING_HEARD))

    async def save(self, product: Product) -> None:
        await self._connection.execute(
            update(products).where(_columns.id == product.id).values(_row(product))
        )

    async def save_votes(self, product: Product, version: int) -> None:
        values = {"upvote_count": product.counts.upvotes, "hot": product.heat, "votes_version": version}
        newer = (_columns.id == product.id, _columns.votes_version < version)
        await self._connection.execute(update(products).where(*newer).values(values))

    async def save_comment_count(self, product_id: UUID, version: int, count: int) -> None:
        newer = (_columns.id == product_id, _columns.comments_version < version)
        values = {"comment_count": count, "comments_version": version}
        await self._connection.execute(update(products).where(*newer).values(values))

    async def move(self, category_id: CategoryId, into: CategoryId | None, at: datetime) -> list[Product]:
        """Those that were in the category, as they are now, each another version of itself. Locked in the one
        order first."""
        await self._lock(_columns.category_id == category_id)
        statement = (
            update(products)
            .where(_columns.category_id == category_id)
            .values(category_id=into, version=_columns.version + 1, updated_at=at)
            .returning(products)
        )
        return [_product(row) for row in await self._connection.execute(statement)]

    async def remove(self, product_id: ProductId) -> None:
        await self._connection.execute(delete(products).where(_columns.id == product_id))

    async def _lock(self, *conditions: ColumnElement[bool]) -> list[Product]:
        statement = select(products).where(*conditions).order_by(_columns.id).with_for_update()
        return [_product(row) for row in await self._connection.execute(statement)]


_NOTHING_HEARD = {"votes_version": 0, "comments_version": 0}


def _read(*more: ColumnElement[Any]) -> Select[Any]:
    joined = products.outerjoin(known_listeners, known_listeners.c.user_id == _columns.owner_id).outerjoin(
        categories, categories.c.id == _columns.category_id
    )
    names = known_listeners.c.username, categories.c.slug.label("category")
    return select(products, *names, *more).select_from(joined)


def _conditions(wanted: ProductFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_columns.status == wanted.status.value]
    if wanted.status is not Status.PUBLISHED:
        conditions.append(_columns.owner_id == wanted.owner_id)
    if wanted.category is not None:
        named = select(categories.c.id).where(categories.c.slug == wanted.category)
        conditions.append(_columns.category_id == named.scalar_subquery())
    if wanted.tag is not None:
        conditions.append(_columns.tags.contains([wanted.tag]))
    if wanted.user is not None:
        named = select(known_listeners.c.user_id).where(known_listeners.c.username == wanted.user)
        conditions.append(_columns.owner_id.in_(named))
    if wanted.album_id is not None:
        conditions.append(_of_album(wanted.album_id))
    return conditions


def _of_album(album_id: UUID) -> ColumnElement[bool]:
    """Under whichever id of the album the product was made."""
    merged = select(album_redirects.c.album_id).where(album_redirects.c.target_id == album_id)
    survivor = select(album_redirects.c.target_id).where(album_redirects.c.album_id == album_id)
    ids = union_all(select(literal(album_id)), merged, survivor).scalar_subquery()
    return _columns.album_id == any_(func.array(ids))


def _row(product: Product) -> dict[str, object]:
    return {
        "id": product.id,
        "owner_id": product.owner_id,
        "title": product.title,
        "description": product.description,
        "category_id": product.category_id,
        "album_id": product.pressing.album_id,
        "release_id": product.pressing.release_id,
        "collection_item_id": product.pressing.collection_item_id,
        "tags": list(product.tags),
        "media_ids": list(product.media_ids),
        "price_minor": product.price.minor if product.price else None,
        "price_currency": product.price.currency if product.price else None,
        "status": product.status.value,
        "version": product.version,
        "created_at": product.created_at,
        "updated_at": product.updated_at,
        "published_at": product.published_at,
        "listed_at": product.listed_at,
        "hot": product.heat,
        "upvote_count": product.counts.upvotes,
        "comment_count": product.counts.comments,
        "view_count": product.counts.views,
    }


def _stored(row: Any) -> StoredProduct:
    return StoredProduct(_product(row), row.username or "", row.category)


def _product(row: Any) -> Product:
    has_price = row.price_currency is not None
    return Product(
        id=ProductId(row.id),
        owner_id=row.owner_id,
        title=row.title,
        description=row.description,
        category_id=row.category_id,
        pressing=Pressing(row.album_id, row.release_id, row.collection_item_id),
        tags=tuple(row.tags),
        media_ids=tuple(row.media_ids),
        price=Money.of_minor(row.price_minor, row.price_currency) if has_price else None,
        status=Status(row.status),
        counts=Counts(row.upvote_count, row.comment_count, row.view_count),
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        published_at=row.published_at,
    )

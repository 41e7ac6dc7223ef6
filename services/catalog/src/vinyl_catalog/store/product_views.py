"""Who has looked at a product on which day, as far as counting each once needs it."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from uuid import UUID

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.store.product_tables import product_views, products


class View(msgspec.Struct, frozen=True, order=True):
    """`visitor` tells nobody who it was, and is another one the next day."""

    product_id: UUID
    day: date
    visitor: int


class ProductViews:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, views: Collection[View]) -> None:
        """Counts those that are new. Products are locked in one order, so that no two batches deadlock."""
        locked = select(products.c.id).where(products.c.id.in_({view.product_id for view in views}))
        there = set(await self._connection.scalars(locked.order_by(products.c.id).with_for_update()))
        rows = [msgspec.structs.asdict(view) for view in sorted(views) if view.product_id in there]
        if not rows:
            return
        added = insert(product_views).on_conflict_do_nothing().returning(product_views.c.product_id)
        counted = Counter(await self._connection.scalars(added, rows))
        for product_id, count in counted.items():
            more = products.c.view_count + count
            statement = update(products).where(products.c.id == product_id).values(view_count=more)
            await self._connection.execute(statement)

    async def forget_before(self, day: date) -> None:
        await self._connection.execute(delete(product_views).where(product_views.c.day < day))

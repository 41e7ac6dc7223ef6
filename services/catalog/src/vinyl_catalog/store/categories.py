"""Categories of the showcase."""

from typing import Any

import msgspec
from sqlalchemy import delete, insert, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.categories import Category
from vinyl_catalog.domain.lists import Place
from vinyl_catalog.store.product_tables import categories
from vinyl_contracts.ids import CategoryId


class Categories:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, slug: str) -> Category | None:
        row = (
            await self._connection.execute(select(categories).where(categories.c.slug == slug))
        ).one_or_none()
        return None if row is None else _category(row)

    async def hold(self, slug: str) -> CategoryId | None:
        """It cannot go until this transaction ends. Taken before a product is locked, as its removal does."""
        statement = select(categories.c.id).where(categories.c.slug == slug)
        found = await self._connection.scalar(statement.with_for_update(read=True, key_share=True))
        return None if found is None else CategoryId(found)

    async def lock(self, slug: str) -> Category | None:
        """Whoever would put a product into it waits until this transaction ends."""
        statement = select(categories).where(categories.c.slug == slug).with_for_update()
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else _category(row)

    async def alone(self) -> None:
        """No other category is written until this transaction ends."""
        await self._connection.execute(text("lock table categories in share row exclusive mode"))

    async def list_by_name(self, after: Place | None, limit: int) -> list[Category]:
        keys = tuple_(categories.c.name, categories.c.id)
        statement = select(categories).order_by(categories.c.name, categories.c.id).limit(limit)
        if after is not None:
            statement = statement.where(keys > tuple_(*after))
        return [_category(row) for row in await self._connection.execute(statement)]

    async def add(self, category: Category) -> None:
        await self._connection.execute(insert(categories).values(msgspec.structs.asdict(category)))

    async def save(self, category: Category) -> None:
        statement = update(categories).where(categories.c.id == category.id)
        await self._connection.execute(statement.values(msgspec.structs.asdict(category)))

    async def remove(self, category_id: CategoryId) -> None:
        await self._connection.execute(delete(categories).where(categories.c.id == category_id))


def _category(row: Any) -> Category:
    return Category(**row._mapping)

"""What curators do with categories, and everybody reads."""

from vinyl_catalog.domain.categories import Category, CategoryEdit
from vinyl_catalog.domain.lists import Place
from vinyl_catalog.domain.refusals import CategoryExists, CategoryNotFound
from vinyl_catalog.service import product_events
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork
from vinyl_chassis.clock import now
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.events.catalog import AnswersOutdated
from vinyl_contracts.ids import CategoryId, new_id


class CategoryService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def list_categories(self, after: Place | None, limit: int) -> list[Category]:
        async with self._store.begin() as unit:
            return await unit.categories.list_by_name(after, limit)

    async def read_category(self, slug: str) -> Category:
        async with self._store.begin() as unit:
            return await _named(unit, slug)

    async def add_category(self, category: CategoryEdit) -> Category:
        """Raises Invalid and CategoryExists."""
        at = now()
        added = Category(id=CategoryId(new_id()), created_at=at, updated_at=at).described(category, at)
        async with self._store.begin() as unit:
            await unit.categories.alone()
            if await unit.categories.find(added.slug) is not None:
                raise CategoryExists
            await unit.categories.add(added)
            await unit.outbox.add(AnswersOutdated(["categories"]), new_id(), 1)
        return added

    async def edit_category(self, slug: str, edit: CategoryEdit, expected: ExpectedVersion) -> Category:
        """Raises VersionRequired, Stale, Invalid and CategoryExists."""
        async with self._store.begin() as unit:
            await unit.categories.alone()
            present = await _named(unit, slug)
            expected.require().check(present.version)
            edited = present.described(edit, now())
            if edited.slug != slug and await unit.categories.find(edited.slug) is not None:
                raise CategoryExists
            await unit.categories.save(edited)
            await unit.outbox.add(AnswersOutdated(["categories"]), new_id(), 1)
            return edited

    async def remove_category(self, slug: str, expected: ExpectedVersion) -> None:
        """Its products stay, in no category."""
        async with self._store.begin() as unit:
            await unit.categories.alone()
            present = await unit.categories.lock(slug)
            if present is None:
                raise CategoryNotFound
            expected.require().check(present.version)
            for product in await unit.products.take_out_of(present.id, now()):
                await product_events.tell(unit, product, product, None)
            await unit.categories.remove(present.id)
            await unit.outbox.add(AnswersOutdated(["categories"]), new_id(), 1)


async def _named(unit: UnitOfWork, slug: str) -> Category:
    found = await unit.categories.find(slug)
    if found is None:
        raise CategoryNotFound
    return found

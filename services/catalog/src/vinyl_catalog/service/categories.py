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
            present = await _held(unit, slug, expected)
            edited = present.described(edit, now())
            if edited.slug != slug:
                if await unit.categories.find(edited.slug) is not None:
                    raise CategoryExists
                await _tell_products(unit, present, into=edited)
            await unit.categories.save(edited)
            await unit.outbox.add(AnswersOutdated(["categories"]), new_id(), 1)
            return edited

    async def remove_category(self, slug: str, expected: ExpectedVersion) -> None:
        """Its products stay, in no category."""
        async with self._store.begin() as unit:
            present = await _held(unit, slug, expected)
            await _tell_products(unit, present, into=None)
            await unit.categories.remove(present.id)
            await unit.outbox.add(AnswersOutdated(["categories"]), new_id(), 1)


async def _held(unit: UnitOfWork, slug: str, expected: ExpectedVersion) -> Category:
    """Nobody else writes categories, nor puts a product into this one, until the transaction ends."""
    await unit.categories.alone()
    present = await unit.categories.lock(slug)
    if present is None:
        raise CategoryNotFound
    expected.require().check(present.version)
    return present


async def _tell_products(unit: UnitOfWork, category: Category, *, into: Category | None) -> None:
    for product in await unit.products.move(category.id, into.id if into else None, now()):
        await product_events.tell(unit, product, product, into.slug if into else None)


async def _named(unit: UnitOfWork, slug: str) -> Category:
    found = await unit.categories.find(slug)
    if found is None:
        raise CategoryNotFound
    return found

"""/categories"""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody

from vinyl_catalog.api.products import PLACES, ProductView, provide_visitor, view_for
from vinyl_catalog.api.shown import place_of
from vinyl_catalog.domain.categories import Category, CategoryEdit
from vinyl_catalog.domain.products import ProductOrder
from vinyl_catalog.service.categories import CategoryService
from vinyl_catalog.service.product_views import Visitor
from vinyl_catalog.service.products import ProductService
from vinyl_chassis.identity import requires
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import ExpectedVersion, created, may_be_kept, versioned
from vinyl_contracts.claims import Role
from vinyl_contracts.ids import CategoryId

PATH = "/api/v1/categories"
_CURATORS = [requires(Role.CURATOR)]


class CategoryView(msgspec.Struct, frozen=True):
    id: CategoryId
    name: str
    slug: str
    description: str | None
    icon: str | None
    color: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, category: Category) -> "CategoryView":
        return cls(
            category.id,
            category.name,
            category.slug,
            category.description,
            category.icon,
            category.color,
            category.created_at,
            category.updated_at,
        )


class CategoryController(Controller):
    path = "/categories"
    tags = ("categories",)

    @get(summary="Categories of the showcase, by name", response_headers=may_be_kept("categories"))
    async def list_categories(
        self,
        categories: NamedDependency[CategoryService],
        cursors: NamedDependency[Cursors],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[CategoryView]:
        after = cursors.read(cursor, tuple[str, UUID], "categories")
        found = await categories.list_categories(after, limit + 1)
        return cursors.page(found, limit, CategoryView.of, lambda each: [each.name, each.id], "categories")

    @post(summary="Add a category", guards=_CURATORS)
    async def add_category(
        self, categories: NamedDependency[CategoryService], data: JSONBody[CategoryEdit]
    ) -> Response[CategoryView]:
        return _made(await categories.add_category(data))

    @get("/{slug:str}", summary="A category")
    async def read_category(
        self, categories: NamedDependency[CategoryService], slug: FromPath[str]
    ) -> Response[CategoryView]:
        return _shown(await categories.read_category(slug))

    @patch("/{slug:str}", summary="Edit a category; If-Match is required", guards=_CURATORS)
    async def edit_category(
        self,
        categories: NamedDependency[CategoryService],
        expected: NamedDependency[ExpectedVersion],
        slug: FromPath[str],
        data: JSONBody[CategoryEdit],
    ) -> Response[CategoryView]:
        return _shown(await categories.edit_category(slug, data, expected))

    @delete(
        "/{slug:str}", summary="Remove a category, not its products; If-Match is required", guards=_CURATORS
    )
    async def remove_category(
        self,
        categories: NamedDependency[CategoryService],
        expected: NamedDependency[ExpectedVersion],
        slug: FromPath[str],
    ) -> None:
        await categories.remove_category(slug, expected)

    @get(
        "/{slug:str}/products",
        summary="What is shown in a category",
        dependencies={"visitor": Provide(provide_visitor, sync_to_thread=False)},
    )
    async def list_products_of_category(
        self,
        products: NamedDependency[ProductService],
        cursors: NamedDependency[Cursors],
        visitor: NamedDependency[Visitor],
        slug: FromPath[str],
        sort: FromQuery[ProductOrder] = ProductOrder.HOT,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[ProductView]:
        after = cursors.read(cursor, PLACES[sort], "products of", sort, slug)
        found = await products.list_category(slug, sort, after, limit + 1)
        return cursors.page(found, limit, view_for(visitor), place_of, "products of", sort, slug)


def _shown(category: Category) -> Response[CategoryView]:
    return versioned(CategoryView.of(category), category.version, may_be_kept("categories"))


def _made(category: Category) -> Response[CategoryView]:
    return created(CategoryView.of(category), category.version, f"{PATH}/{category.slug}")

"""/products"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from vinyl_catalog.api.media import MediaView
from vinyl_catalog.api.shown import made, place_of, shown_record
from vinyl_catalog.domain.lists import Placed, Versioned
from vinyl_catalog.domain.products import (
    ProductEdit,
    ProductFilter,
    ProductOrder,
    ShownProduct,
    Status,
)
from vinyl_catalog.service.product_views import Visitor
from vinyl_catalog.service.products import ProductService
from vinyl_chassis.identity import Listener
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.errors import Unauthenticated
from vinyl_contracts.ids import AlbumId, CollectionItemId, MediaId, ProductId, ReleaseId, UserId
from vinyl_contracts.money import Money

PATH = "/api/v1/products"
Name = Annotated[str | None, QueryParameter(min_length=1, max_length=64)]
PLACES: dict[ProductOrder, type[tuple[Any, ...]]] = {
    ProductOrder.HOT: tuple[float, UUID],
    ProductOrder.NEW: tuple[datetime, UUID],
    ProductOrder.TOP: tuple[int, UUID],
}


class MemberView(msgspec.Struct, frozen=True):
    id: UserId
    username: str


class ProductView(msgspec.Struct, frozen=True):
    """`category` is a slug, `description` Markdown as it was written; `media` are the pictures of
    `media_ids`. `collection_item_id` is shown to its owner alone."""

    id: ProductId
    user: MemberView
    title: str
    description: str | None
    category: str | None
    album_id: AlbumId | None
    release_id: ReleaseId | None
    collection_item_id: CollectionItemId | None
    tags: list[str]
    media_ids: list[MediaId]
    media: list[MediaView]
    price: Money | None
    status: Status
    upvote_count: int
    comment_count: int
    view_count: int
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None

    @classmethod
    def of(cls, shown: ShownProduct, reader: Listener | None) -> "ProductView":
        product = shown.stored.product
        is_own = reader is not None and reader.id == product.owner_id
        return cls(
            product.id,
            MemberView(product.owner_id, shown.stored.username),
            product.title,
            product.description,
            shown.stored.category,
            product.pressing.album_id,
            product.pressing.release_id,
            product.pressing.collection_item_id if is_own else None,
            list(product.tags),
            list(product.media_ids),
            [MediaView.of(picture) for picture in shown.pictures],
            product.price,
            product.status,
            product.counts.upvotes,
            product.counts.comments,
            product.counts.views,
            product.created_at,
            product.updated_at,
            product.published_at,
        )


def provide_visitor(request: Request[Any, Any, Any]) -> Visitor:
    """Behind the gateway the address is what the gateway says it is."""
    told = request.headers.get("x-vinyl-client-address")
    return Visitor(request.scope.get("user"), told or (request.client.host if request.client else ""))


class ProductController(Controller):
    path = "/products"
    tags = ("products",)
    dependencies = {"visitor": Provide(provide_visitor, sync_to_thread=False)}  # noqa: RUF012 - as the framework has it

    @get(summary="What members show; drafts and archived ones are your own")
    async def list_products(
        self,
        products: NamedDependency[ProductService],
        cursors: NamedDependency[Cursors],
        visitor: NamedDependency[Visitor],
        category: Name = None,
        tag: Name = None,
        user: Name = None,
        album_id: FromQuery[UUID | None] = None,
        status: FromQuery[Status] = Status.PUBLISHED,
        sort: FromQuery[ProductOrder] = ProductOrder.HOT,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[ProductView]:
        wanted = ProductFilter(category, tag, user, album_id, status, _owner(visitor, status))
        after = cursors.read(cursor, PLACES[sort], "products", sort, wanted)
        found = await products.list_products(wanted, sort, after, limit + 1)
        return cursors.page(found, limit, view_for(visitor), place_of, "products", sort, wanted)

    @post(summary="Show something; a draft, unless you publish it")
    async def show_product(
        self,
        products: NamedDependency[ProductService],
        listener: NamedDependency[Listener],
        data: JSONBody[ProductEdit],
    ) -> Response[ProductView]:
        return _made(await products.show_product(listener, data), listener)

    @get("/{product_id:str}", summary="A product")
    async def read_product(
        self,
        products: NamedDependency[ProductService],
        visitor: NamedDependency[Visitor],
        product_id: FromPath[UUID],
    ) -> Response[ProductView]:
        return _shown(await products.read_product(product_id, visitor), visitor.listener)

    @patch("/{product_id:str}", summary="Edit, publish or archive a product of yours")
    async def edit_product(
        self,
        products: NamedDependency[ProductService],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        product_id: FromPath[UUID],
        data: JSONBody[ProductEdit],
    ) -> Response[ProductView]:
        return _shown(await products.edit_product(listener, product_id, data, expected), listener)

    @delete("/{product_id:str}", summary="Remove a product of yours")
    async def remove_product(
        self,
        products: NamedDependency[ProductService],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        product_id: FromPath[UUID],
    ) -> None:
        await products.remove_product(listener, product_id, expected)


def view_for(visitor: Visitor) -> Callable[[Placed[ShownProduct]], ProductView]:
    return lambda placed: ProductView.of(placed.item, visitor.listener)


def _owner(visitor: Visitor, status: Status) -> UserId | None:
    """Whose alone are listed. Raises Unauthenticated."""
    if status is Status.PUBLISHED:
        return None
    if visitor.listener is None:
        raise Unauthenticated("Sign in first: drafts and archived products are for their owner alone.")
    return visitor.listener.id


def _shown(shown: ShownProduct, reader: Listener | None) -> Response[ProductView]:
    """That others upvoted it makes no edit stale: the ETag begins with the product's own version."""
    return shown_record(_versioned(shown, reader))


def _made(shown: ShownProduct, reader: Listener) -> Response[ProductView]:
    return made(_versioned(shown, reader), f"{PATH}/{shown.stored.product.id}")


def _versioned(shown: ShownProduct, reader: Listener | None) -> Versioned[ProductView]:
    return Versioned(ProductView.of(shown, reader), shown.stored.product.version)

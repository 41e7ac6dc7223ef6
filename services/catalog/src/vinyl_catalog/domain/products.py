"""What members show: a record, or anything about records, perhaps for sale."""

import enum
import math
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from vinyl_catalog.domain import texts
from vinyl_catalog.domain.categories import Slug
from vinyl_catalog.domain.pictures import Picture
from vinyl_contracts.errors import Invalid
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, CategoryId, CollectionItemId, MediaId, ProductId, ReleaseId, UserId
from vinyl_contracts.money import Money

# Ten times the votes weigh as much as this many seconds of being younger.
_SECONDS_PER_DECADE = 45_000


class Status(enum.StrEnum):
    """All but `published` exist for their owner alone."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class ProductOrder(enum.StrEnum):
    HOT = "hot"
    NEW = "new"
    TOP = "top"


class Pressing(msgspec.Struct, frozen=True):
    """What a product is about, if anything; the owned copy says which album and release it is of."""

    album_id: AlbumId | None = None
    release_id: ReleaseId | None = None
    collection_item_id: CollectionItemId | None = None


class ProductEdit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An absent field stays as it is, null empties it. `category` is a slug; `description` Markdown."""

    title: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    description: Annotated[str, Meta(max_length=10_000)] | UnsetType | None = UNSET
    category: Slug | UnsetType | None = UNSET
    album_id: AlbumId | UnsetType | None = UNSET
    release_id: ReleaseId | UnsetType | None = UNSET
    collection_item_id: CollectionItemId | UnsetType | None = UNSET
    tags: Annotated[list[Slug], Meta(max_length=10)] | UnsetType = UNSET
    media_ids: Annotated[list[MediaId], Meta(max_length=12)] | UnsetType = UNSET
    price: Money | UnsetType | None = UNSET
    status: Status | UnsetType = UNSET


class Counts(msgspec.Struct, frozen=True):
    upvotes: int = 0
    comments: int = 0
    views: int = 0


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """`published_at` is when it was published first."""

    id: ProductId
    owner_id: UserId
    title: str = ""
    description: str | None = None
    category_id: CategoryId | None = None
    pressing: Pressing = Pressing()
    tags: tuple[str, ...] = ()
    media_ids: tuple[MediaId, ...] = ()
    price: Money | None = None
    status: Status = Status.DRAFT
    counts: Counts = Counts()
    version: int = 0
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None = None

    def described(
        self, edit: ProductEdit, category_id: CategoryId | None, pressing: Pressing, at: datetime
    ) -> Self:
        """The next version. Raises Invalid."""
        given = {name: getattr(edit, name) for name in _PLAIN if getattr(edit, name) is not UNSET}
        given |= {name: tuple(dict.fromkeys(given[name])) for name in ("tags", "media_ids") if name in given}
        changed = msgspec.structs.replace(
            self, **given, category_id=category_id, pressing=pressing, version=self.version + 1, updated_at=at
        )
        if changed.price is not None and changed.price.minor == 0:
            raise Invalid.field("price.amount", "must be more than nothing")
        return msgspec.structs.replace(
            changed,
            title=texts.line("title", changed.title),
            description=texts.passage("description", changed.description),
            published_at=changed.published_at or (at if changed.is_published else None),
        )

    def about(self, pressing: Pressing, at: datetime) -> Self:
        """The next version, when what is known of its copy has changed."""
        return msgspec.structs.replace(self, pressing=pressing, version=self.version + 1, updated_at=at)

    @property
    def is_published(self) -> bool:
        return self.status is Status.PUBLISHED

    @property
    def listed_at(self) -> datetime:
        return self.published_at or self.created_at

    @property
    def heat(self) -> float:
        """Additive in time, so that it stays as it is until somebody votes."""
        return math.log10(max(self.counts.upvotes, 1)) + self.listed_at.timestamp() / _SECONDS_PER_DECADE


_PLAIN = ("title", "description", "tags", "media_ids", "price", "status")


class OwnedCopy(msgspec.Struct, frozen=True):
    """A copy in somebody's collection, as the user service tells it."""

    item_id: CollectionItemId
    owner_id: UserId
    album_id: AlbumId
    release_id: ReleaseId | None
    media_condition: Grade | None
    sleeve_condition: Grade | None

    @property
    def pressing(self) -> Pressing:
        return Pressing(self.album_id, self.release_id, self.item_id)


class StoredProduct(msgspec.Struct, frozen=True):
    """A product with the names of its owner and its category."""

    product: Product
    username: str
    category: str | None


class ShownProduct(msgspec.Struct, frozen=True):
    """With its pictures, in their order."""

    stored: StoredProduct
    pictures: list[Picture]


class ProductFilter(msgspec.Struct, frozen=True):
    """None does not restrict. `user` is a username; other than `published` are one's own only."""

    category: str | None = None
    tag: str | None = None
    user: str | None = None
    album_id: UUID | None = None
    status: Status = Status.PUBLISHED
    owner_id: UserId | None = None

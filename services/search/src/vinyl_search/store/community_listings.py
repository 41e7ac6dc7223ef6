"""What members of this instance offer. It is ours, so it may be kept and shown for as long as it stands."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, ListingId, ProductId, ReleaseId, UserId, new_id
from vinyl_search.domain.known import AlbumText
from vinyl_search.domain.listing import Medium
from vinyl_search.domain.money import Amount
from vinyl_search.domain.provider import Provider
from vinyl_search.store.tables import known_products, listings

SOURCE_KEY = "showcase"
_REASONS = {True: "the seller names this pressing", False: "the seller names this album"}


class CommunityCopy(msgspec.Struct, frozen=True):
    """A product with a price, of a record that it names."""

    product_id: ProductId
    owner_id: UserId
    title: str
    album_id: AlbumId
    release_id: ReleaseId | None
    price: Amount
    media_condition: Grade | None
    sleeve_condition: Grade | None


class CommunityListings:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def is_news(self, product_id: ProductId, version: int) -> bool:
        """Whether nothing as new was heard of this product; from now on it was."""
        statement = insert(known_products).values(product_id=product_id, version=version)
        heard = await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["product_id"],
                set_={"version": version},
                where=known_products.c.version < version,
            )
        )
        return heard.rowcount == 1

    async def save(self, copy: CommunityCopy, album: AlbumText | None, at: datetime) -> ListingId:
        row = _row(copy, album, at)
        told = {name: value for name, value in row.items() if name not in ("id", "first_seen_at")}
        statement = insert(listings).values(row)
        saved = await self._connection.scalar(
            statement.on_conflict_do_update(
                index_elements=["provider", "provider_listing_id", "source_key"], set_=told
            ).returning(listings.c.id)
        )
        return ListingId(saved or row["id"])

    async def remove(self, product_id: ProductId) -> None:
        """Results go with it."""
        named = listings.c.provider_listing_id == str(product_id)
        await self._connection.execute(
            delete(listings).where(listings.c.provider == Provider.COMMUNITY, named)
        )

    async def count(self) -> int:
        statement = select(func.count()).where(listings.c.provider == Provider.COMMUNITY)
        return int(await self._connection.scalar(statement) or 0)


def _row(copy: CommunityCopy, album: AlbumText | None, at: datetime) -> dict[str, Any]:
    listing_id: UUID = new_id()
    return {
        "id": listing_id,
        "provider": Provider.COMMUNITY.value,
        "provider_listing_id": str(copy.product_id),
        "source_key": SOURCE_KEY,
        "owner_id": copy.owner_id,
        "title": copy.title,
        "artist": album.artist if album else None,
        "album_title": album.title if album else None,
        "format_words": [],
        "medium": Medium.UNKNOWN.value,
        "media_condition": copy.media_condition,
        "sleeve_condition": copy.sleeve_condition,
        "price_minor": copy.price.minor,
        "price_currency": copy.price.currency,
        "url": f"/products/{copy.product_id}",
        "album_id": copy.album_id,
        "release_id": copy.release_id,
        "confidence": 1.0,
        "reasons": [_REASONS[copy.release_id is not None]],
        "first_seen_at": at,
        "last_seen_at": at,
    }

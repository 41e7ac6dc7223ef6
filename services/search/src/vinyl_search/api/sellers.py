"""/sellers"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from vinyl_chassis.identity import Listener
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import ExpectedVersion, created, versioned
from vinyl_contracts.ids import SellerId
from vinyl_search.api.listings import ListingView, page_of_cheapest
from vinyl_search.domain.provider import Provider
from vinyl_search.domain.seller import Follow, SellerState
from vinyl_search.service.sellers import SellerService, version_of

# No path may be steered by it: not of dots alone, and without the newline that "$" lets pass.
_NAME = r"^(?!\.+$)[^\s/?#%\\\x00-\x1f\x7f]+$(?!\n)"
Username = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=_NAME)]


class FollowedSeller(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    provider: Literal["discogs"]
    username: Username


class SellerView(msgspec.Struct, frozen=True):
    """`state` is "unverified" until the market has answered, "gone" where it knows no such seller any more.
    `rating` is in percent, `country` where the copies are sent from."""

    id: SellerId
    provider: Provider
    username: str
    state: SellerState
    country: str | None
    rating: float | None
    listing_count: int | None
    last_read_at: datetime | None
    last_error: str | None
    followed_at: datetime

    @classmethod
    def of(cls, follow: Follow) -> "SellerView":
        seller = follow.seller
        return cls(
            id=seller.id,
            provider=seller.provider,
            username=seller.username,
            state=seller.state,
            country=seller.country,
            rating=seller.rating,
            listing_count=seller.listing_count,
            last_read_at=seller.last_read_at,
            last_error=seller.last_error,
            followed_at=follow.followed_at,
        )


class SellerController(Controller):
    path = "/sellers"
    tags = ("sellers",)

    @get(summary="Sellers I follow, the latest followed first")
    async def list_sellers(
        self,
        sellers: NamedDependency[SellerService],
        listener: NamedDependency[Listener],
        cursors: NamedDependency[Cursors],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[SellerView]:
        place = cursors.read(cursor, tuple[datetime, SellerId], "sellers", listener.id)
        found = await sellers.list_sellers(listener, place, limit + 1)
        return cursors.page(
            found,
            limit,
            SellerView.of,
            lambda follow: [follow.followed_at, follow.seller.id],
            "sellers",
            listener.id,
        )

    @post(summary="Follow a seller: 201, or 200 when I did already")
    async def follow_seller(
        self,
        sellers: NamedDependency[SellerService],
        listener: NamedDependency[Listener],
        data: JSONBody[FollowedSeller],
    ) -> Response[SellerView]:
        follow, is_new = await sellers.follow_seller(listener, data.username)
        view, version = SellerView.of(follow), version_of(follow)
        return created(view, version, f"/api/v1/sellers/{view.id}") if is_new else versioned(view, version)

    @get("/{seller_id:str}", summary="A seller I follow")
    async def read_seller(
        self,
        sellers: NamedDependency[SellerService],
        listener: NamedDependency[Listener],
        seller_id: FromPath[UUID],
    ) -> Response[SellerView]:
        follow = await sellers.read_seller(listener, SellerId(seller_id))
        return versioned(SellerView.of(follow), version_of(follow))

    @delete("/{seller_id:str}", summary="Follow a seller no longer")
    async def unfollow_seller(
        self,
        sellers: NamedDependency[SellerService],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        seller_id: FromPath[UUID],
    ) -> None:
        await sellers.unfollow_seller(listener, SellerId(seller_id), expected)

    @get("/{seller_id:str}/matches", summary="Their copies of my wants, the cheapest at my door first")
    async def list_matches(
        self,
        sellers: NamedDependency[SellerService],
        listener: NamedDependency[Listener],
        cursors: NamedDependency[Cursors],
        seller_id: FromPath[UUID],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[ListingView]:
        offers = await sellers.list_matches(listener, SellerId(seller_id))
        return page_of_cheapest(cursors, offers, cursor, limit, "matches", listener.id, seller_id)

"""/ratings"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from vinyl_chassis.identity import Listener
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import ExpectedVersion, created, may_be_kept, versioned
from vinyl_contracts.ids import AlbumId, RatingId, UserId
from vinyl_rating.domain.rating import Rating, RatingFilter, Summary
from vinyl_rating.service.ratings import RatingService

StarCount = Annotated[int, msgspec.Meta(ge=1, le=5, description="Whole stars")]
StarBound = Annotated[int | None, QueryParameter(ge=1, le=5)]


class NewRating(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    album_id: AlbumId
    rating: StarCount


class Stars(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rating: StarCount
    album_id: AlbumId | None = None


class Rater(msgspec.Struct, frozen=True):
    id: UserId
    username: str


class RatingView(msgspec.Struct, frozen=True):
    id: RatingId
    album_id: AlbumId
    user: Rater
    rating: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, rating: Rating) -> "RatingView":
        rater = Rater(rating.user_id, rating.username)
        return cls(rating.id, rating.album_id, rater, rating.stars, rating.created_at, rating.updated_at)


class SummaryView(msgspec.Struct, frozen=True):
    """`average` is null where nobody rated; `histogram` counts by stars."""

    album_id: AlbumId
    count: int
    average: float | None
    bayesian_average: float | None
    histogram: dict[str, int]

    @classmethod
    def of(cls, summary: Summary) -> "SummaryView":
        histogram = {str(stars): count for stars, count in enumerate(summary.counts, start=1)}
        return cls(summary.album_id, summary.count, summary.average, summary.bayesian_average, histogram)


class RatingController(Controller):
    path = "/ratings"
    tags = ("ratings",)

    @get(summary="Ratings, newest first", response_headers=may_be_kept("ratings"))
    async def list_ratings(
        self,
        ratings: NamedDependency[RatingService],
        cursors: NamedDependency[Cursors],
        album_id: FromQuery[UUID | None] = None,
        user: FromQuery[str | None] = None,
        min_rating: StarBound = None,
        max_rating: StarBound = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[RatingView]:
        name = user.casefold() if user is not None else None
        wanted = RatingFilter(AlbumId(album_id) if album_id else None, name, min_rating, max_rating)
        place = cursors.read(cursor, tuple[RatingId], "ratings", wanted)
        found = await ratings.list_ratings(wanted, place[0] if place else None, limit + 1)
        return cursors.page(found, limit, RatingView.of, lambda rating: [rating.id], "ratings", wanted)

    @get("/{rating_id:str}", summary="One rating")
    async def read_rating(
        self, ratings: NamedDependency[RatingService], rating_id: FromPath[UUID]
    ) -> Response[RatingView]:
        rating = await ratings.read_rating(RatingId(rating_id))
        return versioned(RatingView.of(rating), rating.version)

    @get("/summary", summary="What the ratings of an album add up to")
    async def summarise_album(
        self, ratings: NamedDependency[RatingService], album_id: FromQuery[UUID]
    ) -> Response[SummaryView]:
        summary = await ratings.summarise_album(AlbumId(album_id))
        kept = may_be_kept(f"ratings-{album_id}", f"ratings-{summary.album_id}")
        return versioned(SummaryView.of(summary), f"{summary.version}-{summary.album_id}", kept)

    @post(summary="Rate an album: 201 the first time, 200 when it replaces your rating")
    async def rate_album(
        self,
        ratings: NamedDependency[RatingService],
        listener: NamedDependency[Listener],
        data: JSONBody[NewRating],
    ) -> Response[RatingView]:
        rating, is_first = await ratings.rate_album(listener, data.album_id, data.rating)
        view = RatingView.of(rating)
        if is_first:
            return created(view, rating.version, f"/api/v1/ratings/{rating.id}")
        return versioned(view, rating.version)

    @put("/{rating_id:str}", summary="Change your rating")
    async def change_rating(
        self,
        ratings: NamedDependency[RatingService],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        rating_id: FromPath[UUID],
        data: JSONBody[Stars],
    ) -> Response[RatingView]:
        rating = await ratings.change_rating(
            listener, RatingId(rating_id), data.album_id, data.rating, expected
        )
        return versioned(RatingView.of(rating), rating.version)

    @delete("/{rating_id:str}", summary="Withdraw your rating")
    async def withdraw_rating(
        self,
        ratings: NamedDependency[RatingService],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        rating_id: FromPath[UUID],
    ) -> None:
        await ratings.withdraw_rating(listener, RatingId(rating_id), expected)

"""Ratings, one per listener and album."""

import msgspec
from sqlalchemy import ColumnElement, RowMapping, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.ids import AlbumId, RatingId, UserId
from vinyl_rating.domain.rating import Rating, RatingFilter
from vinyl_rating.store.tables import ratings


class Ratings:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, rating_id: RatingId) -> Rating | None:
        return await self._find(ratings.c.id == rating_id)

    async def find_of(self, user_id: UserId, album_id: AlbumId) -> Rating | None:
        return await self._find(ratings.c.user_id == user_id, ratings.c.album_id == album_id)

    async def list_newest(self, wanted: RatingFilter, before: RatingId | None, limit: int) -> list[Rating]:
        statement = select(ratings).where(*_conditions(wanted)).order_by(ratings.c.id.desc()).limit(limit)
        if before is not None:
            statement = statement.where(ratings.c.id < before)
        return [_rating(row) for row in (await self._connection.execute(statement)).mappings()]

    async def save(self, rating: Rating) -> None:
        values = msgspec.structs.asdict(rating)
        statement = insert(ratings).values(values).on_conflict_do_update(index_elements=["id"], set_=values)
        await self._connection.execute(statement)

    async def remove(self, rating_id: RatingId) -> None:
        await self._connection.execute(delete(ratings).where(ratings.c.id == rating_id))

    async def move(self, source: AlbumId, target: AlbumId) -> None:
        """Ratings of `source` become ones of `target`; of two by one listener the later stays."""
        other = ratings.alias()
        rated_both = (ratings.c.user_id == other.c.user_id) & (other.c.album_id == target)
        outdone = select(ratings.c.id).join(other, rated_both).where(ratings.c.album_id == source)
        await self._connection.execute(
            delete(ratings).where(ratings.c.id.in_(outdone.where(ratings.c.updated_at <= other.c.updated_at)))
        )
        source_side = select(ratings.c.user_id).where(ratings.c.album_id == source).scalar_subquery()
        await self._connection.execute(
            delete(ratings).where(ratings.c.album_id == target, ratings.c.user_id.in_(source_side))
        )
        await self._connection.execute(
            update(ratings)
            .where(ratings.c.album_id == source)
            .values(album_id=target, version=ratings.c.version + 1)
        )

    async def count_stars(self, album_id: AlbumId) -> tuple[int, int, int, int, int]:
        statement = (
            select(ratings.c.stars, func.count())
            .where(ratings.c.album_id == album_id)
            .group_by(ratings.c.stars)
        )
        by_stars = {row[0]: row[1] for row in await self._connection.execute(statement)}
        one, two, three, four, five = (by_stars.get(stars, 0) for stars in range(1, 6))
        return one, two, three, four, five

    async def _find(self, *conditions: ColumnElement[bool]) -> Rating | None:
        row = (await self._connection.execute(select(ratings).where(*conditions))).mappings().one_or_none()
        return None if row is None else _rating(row)


def _conditions(wanted: RatingFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.album_id is not None:
        conditions.append(ratings.c.album_id == wanted.album_id)
    if wanted.username is not None:
        conditions.append(ratings.c.username == wanted.username)
    if wanted.least_stars is not None:
        conditions.append(ratings.c.stars >= wanted.least_stars)
    if wanted.most_stars is not None:
        conditions.append(ratings.c.stars <= wanted.most_stars)
    return conditions


def _rating(row: RowMapping) -> Rating:
    return Rating(**row)

"""Sellers, kept once for all, and who follows them."""

from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, RowMapping, and_, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.ids import SellerId, UserId, new_id
from vinyl_search.domain.provider import Provider
from vinyl_search.domain.seller import Follow, Seller, SellerState
from vinyl_search.store.tables import follows, sellers

_columns, _follows = sellers.c, follows.c


class Sellers:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find_or_add(self, provider: Provider, username: str) -> Seller:
        """By the name without case, as the markets take it."""
        row = {
            "id": new_id(),
            "provider": provider,
            "username": username,
            "username_key": key_of(username),
            "state": SellerState.UNVERIFIED,
            "version": 1,
        }
        await self._connection.execute(insert(sellers).values(row).on_conflict_do_nothing())
        statement = select(sellers).where(
            _columns.provider == provider, _columns.username_key == key_of(username)
        )
        return _seller((await self._connection.execute(statement)).mappings().one())

    async def note_reading(
        self,
        seller_id: SellerId,
        at: datetime,
        username: str | None,
        country: str | None,
        rating: float | None,
        listing_count: int,
    ) -> None:
        """What the market said of the seller just now; None says nothing new of a name."""
        await self._set(
            seller_id,
            username=username if username is not None else _columns.username,
            state=SellerState.ACTIVE,
            country=country,
            rating=rating,
            listing_count=listing_count,
            last_read_at=at,
            last_error=None,
        )

    async def note_fault(self, seller_id: SellerId, error: str, *, gone: bool) -> None:
        state = SellerState.GONE if gone else _columns.state
        await self._set(seller_id, last_error=error, state=state)

    async def follow(self, listener_id: UserId, seller_id: SellerId, at: datetime) -> bool:
        """False where the listener follows them already."""
        row = {"listener_id": listener_id, "seller_id": seller_id, "followed_at": at}
        done = await self._connection.execute(insert(follows).values(row).on_conflict_do_nothing())
        return done.rowcount == 1

    async def unfollow(self, listener_id: UserId, seller_id: SellerId) -> None:
        await self._connection.execute(
            delete(follows).where(_follows.listener_id == listener_id, _follows.seller_id == seller_id)
        )

    async def find_followed(self, listener_id: UserId, seller_id: SellerId) -> Follow | None:
        found = await self._list(1, _follows.listener_id == listener_id, _columns.id == seller_id)
        return found[0] if found else None

    async def list_followed(
        self, listener_id: UserId, before: tuple[datetime, SellerId] | None, limit: int
    ) -> list[Follow]:
        """Latest followed first."""
        conditions: list[ColumnElement[bool]] = [_follows.listener_id == listener_id]
        if before is not None:
            at, seller_id = before
            conditions.append(
                or_(_follows.followed_at < at, and_(_follows.followed_at == at, _columns.id < seller_id))
            )
        return await self._list(limit, *conditions)

    async def count_followed(self, listener_id: UserId) -> int:
        """Racing requests of one listener wait for each other here."""
        await self._connection.execute(
            text("select pg_advisory_xact_lock(hashtextextended('sellers of ' || :who, 0))"),
            {"who": str(listener_id)},
        )
        statement = select(func.count()).where(_follows.listener_id == listener_id)
        return int(await self._connection.scalar(statement) or 0)

    async def drop_unfollowed(self) -> int:
        """With their listings: nobody asks for them any more."""
        followed = select(_follows.seller_id)
        return (await self._connection.execute(delete(sellers).where(_columns.id.not_in(followed)))).rowcount

    async def forget_standing(self, before: datetime) -> int:
        """What the market said of sellers who were not read since."""
        known = or_(
            _columns.rating.is_not(None), _columns.listing_count.is_not(None), _columns.country.is_not(None)
        )
        statement = update(sellers).where(_columns.last_read_at < before, known)
        forgotten = {"rating": None, "listing_count": None, "country": None, "version": _columns.version + 1}
        return (await self._connection.execute(statement.values(forgotten))).rowcount

    async def _list(self, limit: int, *conditions: ColumnElement[bool]) -> list[Follow]:
        statement = (
            select(sellers, _follows.followed_at)
            .join(follows, _follows.seller_id == _columns.id)
            .where(*conditions)
            .order_by(_follows.followed_at.desc(), _columns.id.desc())
            .limit(limit)
        )
        rows = (await self._connection.execute(statement)).mappings()
        return [Follow(_seller(row), row["followed_at"]) for row in rows]

    async def _set(self, seller_id: SellerId, **values: object) -> None:
        statement = update(sellers).where(_columns.id == seller_id)
        await self._connection.execute(statement.values(**values, version=_columns.version + 1))


def key_of(username: str) -> str:
    return username.casefold()


def _seller(row: RowMapping) -> Seller:
    fields = {name: row[name] for name in Seller.__struct_fields__}
    return msgspec.structs.replace(
        Seller(**fields), provider=Provider(row["provider"]), state=SellerState(row["state"])
    )

"""Copies for sale that were seen on the markets. Nothing older than its terms allow comes out of here."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, RowMapping, Select, delete, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, ListingId, ReleaseId, SellerId, new_id
from vinyl_search.domain.listing import FoundListing, Listing, ListingSeller, Match, Medium
from vinyl_search.domain.money import Amount
from vinyl_search.domain.provider import Provider
from vinyl_search.store.arrays import among
from vinyl_search.store.tables import known_listeners, known_releases, listings, sellers

_columns = listings.c
_pressing = (
    select(known_releases.c.release_id, known_releases.c.album_id)
    .where(known_releases.c.discogs_release_id == _columns.discogs_release_id)
    .order_by(known_releases.c.release_id)
    .limit(1)
    .lateral("pressing")
)
JOINED = (
    listings.outerjoin(sellers, sellers.c.id == _columns.seller_id)
    .outerjoin(known_listeners, known_listeners.c.user_id == _columns.owner_id)
    .outerjoin(_pressing, true())
)
SHOWN = (
    *_columns,
    func.coalesce(sellers.c.username, known_listeners.c.username).label("seller_username"),
    sellers.c.country.label("seller_country"),
    known_listeners.c.country.label("owner_country"),
    _pressing.c.release_id.label("pressing_id"),
    _pressing.c.album_id.label("pressing_album_id"),
)


def is_fresh(since: datetime) -> ColumnElement[bool]:
    """What a market said, no longer ago than its terms allow; our own listings stand until withdrawn."""
    return or_(_columns.last_seen_at >= since, _columns.provider == Provider.COMMUNITY)


class Wanted(msgspec.Struct, frozen=True):
    """Listings by what they offer: Discogs' numbers of pressings, albums whose name they bear, or pressings
    that a member names."""

    discogs_ids: Collection[int]
    album_ids: Collection[AlbumId]
    release_ids: Collection[ReleaseId] = ()

    @property
    def condition(self) -> ColumnElement[bool]:
        return or_(
            among(_columns.discogs_release_id, self.discogs_ids),
            among(_columns.album_id, self.album_ids),
            among(_columns.release_id, self.release_ids),
        )


class Listings:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save_all(
        self,
        found: Sequence[tuple[FoundListing, Match]],
        source_key: str,
        seller_id: SellerId | None,
        seen_at: datetime,
    ) -> list[ListingId]:
        """Those among them that were here before and cost something else now."""
        if not found:
            return []
        changed = await self._changed([each for each, _ in found], source_key)
        rows = [_row(each, match, source_key, seller_id, seen_at) for each, match in found]
        rows.sort(key=lambda row: str(row["provider_listing_id"]))
        statement = insert(listings).values(rows)
        told = {name: statement.excluded[name] for name in rows[0] if name not in ("id", "first_seen_at")}
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["provider", "provider_listing_id", "source_key"], set_=told
            )
        )
        return changed

    async def drop_unseen(self, provider: Provider, source_key: str, since: datetime) -> int:
        """After everything of a source was read: what was not seen is sold or withdrawn."""
        return await self._drop(
            _columns.provider == provider, _columns.source_key == source_key, _columns.last_seen_at < since
        )

    async def drop_older(self, than: datetime) -> int:
        return await self._drop(_columns.last_seen_at < than, _columns.provider != Provider.COMMUNITY)

    async def list_of_sources(
        self,
        provider: Provider,
        source_keys: Collection[str],
        wanted: Wanted | None,
        fresh_since: datetime,
        after: ListingId | None,
        limit: int,
    ) -> list[Listing]:
        """In the order of their ids; `wanted` None is everything."""
        conditions = [_columns.provider == provider, among(_columns.source_key, source_keys)]
        if wanted is not None:
            conditions.append(wanted.condition)
        if after is not None:
            conditions.append(_columns.id > after)
        return await self._list(fresh_since, limit, *conditions)

    async def list_by_ids(self, ids: Collection[ListingId], fresh_since: datetime) -> list[Listing]:
        return await self._list(fresh_since, len(ids), among(_columns.id, ids))

    async def list_wanted(
        self, wanted: Wanted, fresh_since: datetime, limit: int, seller_id: SellerId | None = None
    ) -> list[Listing]:
        """Of one seller, or of every source."""
        seller = [] if seller_id is None else [_columns.seller_id == seller_id]
        return await self._list(fresh_since, limit, wanted.condition, *seller)

    async def move(self, replaced: AlbumId, survivor: AlbumId) -> None:
        await self._connection.execute(
            update(listings).where(_columns.album_id == replaced).values(album_id=survivor)
        )

    async def _list(
        self, fresh_since: datetime, limit: int, *conditions: ColumnElement[bool]
    ) -> list[Listing]:
        statement: Select[Any] = (
            select(*SHOWN)
            .select_from(JOINED)
            .where(is_fresh(fresh_since), *conditions)
            .order_by(_columns.id)
            .limit(limit)
        )
        return [read_listing(row) for row in (await self._connection.execute(statement)).mappings()]

    async def _drop(self, *conditions: ColumnElement[bool]) -> int:
        """In the order of ids, in which results refer to listings too: so neither waits for the other."""
        dropped = select(_columns.id).where(*conditions).order_by(_columns.id).with_for_update()
        statement = delete(listings).where(_columns.id.in_(dropped))
        return (await self._connection.execute(statement)).rowcount

    async def _changed(self, found: Sequence[FoundListing], source_key: str) -> list[ListingId]:
        by_id = {each.provider_listing_id: each for each in found}
        statement = select(listings).where(
            _columns.provider == found[0].provider,
            _columns.source_key == source_key,
            among(_columns.provider_listing_id, by_id),
        )
        rows = (await self._connection.execute(statement)).mappings()
        return [row["id"] for row in rows if _costs(row) != _costs_of(by_id[row["provider_listing_id"]])]


def read_listing(row: RowMapping) -> Listing:
    """From a row of SHOWN."""
    found = FoundListing(
        provider=Provider(row["provider"]),
        provider_listing_id=row["provider_listing_id"],
        title=row["title"],
        artist=row["artist"],
        album_title=row["album_title"],
        format_words=tuple(row["format_words"]),
        medium=Medium(row["medium"]),
        media_condition=_grade(row["media_condition"]),
        sleeve_condition=_grade(row["sleeve_condition"]),
        price=Amount(row["price_minor"], row["price_currency"]),
        stated_postage=read_amount(row["postage_minor"], row["postage_currency"]),
        postage_to=row["postage_to"],
        ships_from=row["ships_from"] or row["owner_country"],
        url=row["url"],
        discogs_release_id=row["discogs_release_id"],
        seller_rating=row["seller_rating"],
    )
    country = row["seller_country"] or found.ships_from
    seller_id = row["seller_id"] or row["owner_id"]
    seller = ListingSeller(seller_id, row["seller_username"], found.seller_rating, country)
    return Listing(row["id"], found, seller, _match(row), row["first_seen_at"], row["last_seen_at"])


def read_amount(minor: int | None, currency: str | None) -> Amount | None:
    return None if minor is None or currency is None else Amount(minor, currency)


def _match(row: RowMapping) -> Match:
    """What catalog knows of the pressing by now comes before what was thought when it was seen."""
    pressing_id: ReleaseId | None = row["pressing_id"]
    if pressing_id is not None:
        return Match.of_pressing(pressing_id, row["pressing_album_id"])
    return Match(row["release_id"], row["album_id"], row["confidence"], tuple(row["reasons"]))


def _row(
    found: FoundListing, match: Match, source_key: str, seller_id: SellerId | None, seen_at: datetime
) -> dict[str, Any]:
    row = msgspec.structs.asdict(found)
    price, postage = row.pop("price"), row.pop("stated_postage")
    named = match.release_id is None
    return row | {
        "id": new_id(),
        "source_key": source_key,
        "seller_id": seller_id,
        "format_words": list(found.format_words),
        "price_minor": price.minor,
        "price_currency": price.currency,
        "postage_minor": postage.minor if postage else None,
        "postage_currency": postage.currency if postage else None,
        "album_id": match.album_id if named else None,
        "confidence": match.confidence if named else 0.0,
        "reasons": list(match.reasons) if named else [],
        "first_seen_at": seen_at,
        "last_seen_at": seen_at,
    }


def _costs(row: RowMapping) -> tuple[object, ...]:
    return row["price_minor"], row["price_currency"], row["postage_minor"], row["postage_currency"]


def _costs_of(found: FoundListing) -> tuple[object, ...]:
    postage = found.stated_postage
    return (
        found.price.minor,
        found.price.currency,
        postage.minor if postage else None,
        postage.currency if postage else None,
    )


def _grade(text: str | None) -> Grade | None:
    return None if text is None else Grade(text)

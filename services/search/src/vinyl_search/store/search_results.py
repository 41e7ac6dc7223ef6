"""Which listings a saved search found, and what each would cost at its listener's door."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.ids import ListingId, RunId, SearchId
from vinyl_search.domain.listing import Basis, Landing, Listing, ResultPlace
from vinyl_search.domain.provider import Provider
from vinyl_search.store.arrays import among
from vinyl_search.store.listings import JOINED, SHOWN, is_fresh, read_amount, read_listing
from vinyl_search.store.tables import listings, search_results

_columns = search_results.c


class Result(msgspec.Struct, frozen=True):
    listing: Listing
    landing: Landing


class SearchResults:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save_all(
        self, search_id: SearchId, run_id: RunId, results: Sequence[tuple[ListingId, Landing]]
    ) -> None:
        if not results:
            return
        rows = [
            {
                "search_id": search_id,
                "listing_id": listing_id,
                "run_id": run_id,
                "landed_minor": landing.landed.minor if landing.landed else None,
                "landed_currency": landing.landed.currency if landing.landed else None,
                "postage_minor": landing.postage.minor if landing.postage else None,
                "postage_currency": landing.postage.currency if landing.postage else None,
                "basis": landing.basis,
            }
            for listing_id, landing in sorted(results, key=lambda result: result[0])
        ]
        statement = insert(search_results).values(rows)
        told = {name: statement.excluded[name] for name in rows[0]}
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["search_id", "listing_id"], set_=told)
        )

    async def keep_only(self, search_id: SearchId, run_id: RunId) -> None:
        await self._connection.execute(
            delete(search_results).where(_columns.search_id == search_id, _columns.run_id != run_id)
        )

    async def remove(self, search_id: SearchId, listing_ids: Collection[ListingId]) -> None:
        await self._connection.execute(
            delete(search_results).where(
                _columns.search_id == search_id, among(_columns.listing_id, listing_ids)
            )
        )

    async def runs_showing(
        self, listing_ids: Collection[ListingId]
    ) -> dict[tuple[SearchId, RunId], list[ListingId]]:
        """The searches that show these listings, by the run that found them."""
        statement = select(_columns.search_id, _columns.run_id, _columns.listing_id).where(
            among(_columns.listing_id, listing_ids)
        )
        shown: dict[tuple[SearchId, RunId], list[ListingId]] = {}
        for row in await self._connection.execute(statement):
            shown.setdefault((row.search_id, row.run_id), []).append(row.listing_id)
        return shown

    async def list_cheapest(
        self,
        search_id: SearchId,
        providers: Collection[Provider],
        fresh_since: datetime,
        after: ResultPlace | None,
        limit: int,
    ) -> list[Result]:
        statement = (
            select(
                *SHOWN,
                _columns.landed_minor,
                _columns.landed_currency,
                _columns.postage_minor.label("sending_minor"),
                _columns.postage_currency.label("sending_currency"),
                _columns.basis,
            )
            .select_from(JOINED.join(search_results, _columns.listing_id == listings.c.id))
            .where(
                _columns.search_id == search_id,
                among(listings.c.provider, providers),
                is_fresh(fresh_since),
            )
            .order_by(_columns.landed_minor.asc().nulls_last(), _columns.listing_id)
            .limit(limit)
        )
        if after is not None:
            statement = statement.where(_beyond(after))
        return [
            Result(
                read_listing(row),
                Landing(
                    read_amount(row["sending_minor"], row["sending_currency"]),
                    Basis(row["basis"]),
                    read_amount(row["landed_minor"], row["landed_currency"]),
                ),
            )
            for row in (await self._connection.execute(statement)).mappings()
        ]

    async def count(self, search_id: SearchId) -> int:
        statement = select(func.count()).where(_columns.search_id == search_id)
        return int(await self._connection.scalar(statement) or 0)


def _beyond(place: ResultPlace) -> ColumnElement[bool]:
    later = _columns.listing_id > place.listing_id
    if place.landed_minor is None:
        return and_(_columns.landed_minor.is_(None), later)
    return or_(
        _columns.landed_minor > place.landed_minor,
        and_(_columns.landed_minor == place.landed_minor, later),
        _columns.landed_minor.is_(None),
    )

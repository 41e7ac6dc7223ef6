"""What listeners do with their saved searches."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from vinyl_chassis.clock import now
from vinyl_chassis.identity import Listener
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.ids import AlbumId, RunId, SearchId, new_id
from vinyl_search.domain.listing import Offer, ResultPlace
from vinyl_search.domain.provider import Provider, Urgency
from vinyl_search.domain.refusals import AlbumNotFound, SearchNotFound, TooManySearches
from vinyl_search.domain.run import Run
from vinyl_search.domain.saved_search import Criteria, SavedSearch
from vinyl_search.service.marking import mark
from vinyl_search.service.run_queue import new_run, next_run_of
from vinyl_search.store.retention import MARKET_LIFE
from vinyl_search.store.unit_of_work import Store, UnitOfWork

MOST_SEARCHES = 200


class SearchWishes(msgspec.Struct, frozen=True):
    """Everything of a saved search that its listener decides."""

    name: str
    criteria: Criteria
    interval_minutes: int
    active: bool


class SearchService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def save_search(self, listener: Listener, wishes: SearchWishes) -> SavedSearch:
        async with self._store.begin() as unit:
            if await unit.searches.count_of(listener.id) >= MOST_SEARCHES:
                raise TooManySearches(MOST_SEARCHES)
            at = now()
            search = SavedSearch(
                id=SearchId(new_id()),
                listener_id=listener.id,
                version=1,
                name=wishes.name,
                criteria=await _with_known_albums(unit, wishes.criteria),
                interval_minutes=wishes.interval_minutes,
                active=wishes.active,
                next_run_at=next_run_of(wishes.interval_minutes),
                created_at=at,
                updated_at=at,
            )
            await unit.searches.save(search)
            return search

    async def change_search(
        self, listener: Listener, search_id: SearchId, change: "SearchChange", expected: ExpectedVersion
    ) -> SavedSearch:
        """What now finds other copies is looked for at once, what only comes at other times is not."""
        async with self._store.begin() as unit:
            search = await _own(unit, listener, search_id, lock=True)
            expected.check(search.version)
            wishes = change.apply(
                SearchWishes(search.name, search.criteria, search.interval_minutes, search.active)
            )
            criteria = await _with_known_albums(unit, wishes.criteria)
            finds_others = criteria != search.criteria or (wishes.active and not search.active)
            changed = msgspec.structs.replace(
                search,
                version=search.version + 1,
                name=wishes.name,
                criteria=criteria,
                interval_minutes=wishes.interval_minutes,
                active=wishes.active,
                next_run_at=_next_run(search, wishes, finds_others=finds_others),
                updated_at=now(),
            )
            await unit.searches.save(changed)
            return changed

    async def delete_search(self, listener: Listener, search_id: SearchId, expected: ExpectedVersion) -> None:
        async with self._store.begin() as unit:
            search = await _own(unit, listener, search_id, lock=True)
            expected.check(search.version)
            await unit.searches.remove(search_id)

    async def read_search(self, listener: Listener, search_id: SearchId) -> SavedSearch:
        async with self._store.begin() as unit:
            return await _own(unit, listener, search_id)

    async def list_searches(
        self, listener: Listener, before: SearchId | None, limit: int
    ) -> list[SavedSearch]:
        async with self._store.begin() as unit:
            return await unit.searches.list_of(listener.id, before, limit)

    async def run_search(self, listener: Listener, search_id: SearchId) -> Run:
        """Joins the run that is open already."""
        async with self._store.begin() as unit:
            search = await _own(unit, listener, search_id, lock=True)
            return await unit.runs.queue(new_run(search, Urgency.PERSON, now()))

    async def list_runs(
        self, listener: Listener, search_id: SearchId, before: RunId | None, limit: int
    ) -> list[Run]:
        async with self._store.begin() as unit:
            await _own(unit, listener, search_id)
            return await unit.runs.list_of_search(search_id, before, limit)

    async def list_results(
        self,
        listener: Listener,
        search_id: SearchId,
        providers: Collection[Provider],
        after: ResultPlace | None,
        limit: int,
    ) -> list[Offer]:
        """The cheapest at the door first."""
        async with self._store.begin() as unit:
            await _own(unit, listener, search_id)
            fresh_since = now() - MARKET_LIFE
            results = await unit.results.list_cheapest(search_id, providers, fresh_since, after, limit)
            wishes = await unit.wishes.read_wishes(listener.id)
        return [mark(result.listing, result.landing, wishes) for result in results]


class SearchChange(msgspec.Struct, frozen=True):
    """New values by field, of a search and of its criteria; what is not named stays."""

    fields: dict[str, object]
    criteria: dict[str, object]

    def apply(self, wishes: SearchWishes) -> SearchWishes:
        criteria = msgspec.structs.replace(wishes.criteria, **self.criteria)
        return msgspec.structs.replace(wishes, criteria=criteria, **self.fields)


def _next_run(search: SavedSearch, wishes: SearchWishes, *, finds_others: bool) -> datetime:
    if finds_others:
        return now()
    if wishes.interval_minutes != search.interval_minutes:
        return next_run_of(wishes.interval_minutes)
    return search.next_run_at


async def _own(
    unit: UnitOfWork, listener: Listener, search_id: SearchId, *, lock: bool = False
) -> SavedSearch:
    search = await unit.searches.find_of(listener.id, search_id, lock=lock)
    if search is None:
        raise SearchNotFound
    return search


async def _with_known_albums(unit: UnitOfWork, criteria: Criteria) -> Criteria:
    """Raises AlbumNotFound for one that is not known; a merged one becomes what it was merged into."""
    if criteria.album_ids is None:
        return criteria
    known = await unit.albums.resolve(criteria.album_ids)
    if len(known) < len(set(criteria.album_ids)):
        raise AlbumNotFound
    album_ids: tuple[AlbumId, ...] = tuple(dict.fromkeys(known[each] for each in criteria.album_ids))
    return msgspec.structs.replace(criteria, album_ids=album_ids)

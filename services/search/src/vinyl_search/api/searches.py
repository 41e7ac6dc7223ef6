"""/searches"""

from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from vinyl_chassis.identity import Listener
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import ExpectedVersion, created, versioned
from vinyl_contracts.ids import ListingId, RunId, SearchId
from vinyl_search.api.listings import ListingView, shown_together
from vinyl_search.api.search_shapes import ChangedSearch, NewSearch, QueuedRun, RunView, SearchView
from vinyl_search.domain.listing import Offer, ResultPlace
from vinyl_search.domain.provider import Provider
from vinyl_search.service.searches import SearchService


class SearchController(Controller):
    path = "/searches"
    tags = ("searches",)

    @get(summary="My saved searches, newest first")
    async def list_searches(
        self,
        searches: NamedDependency[SearchService],
        listener: NamedDependency[Listener],
        cursors: NamedDependency[Cursors],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[SearchView]:
        place = cursors.read(cursor, tuple[SearchId], "searches", listener.id)
        found = await searches.list_searches(listener, place[0] if place else None, limit + 1)
        return cursors.page(found, limit, SearchView.of, lambda search: [search.id], "searches", listener.id)

    @post(summary="Save a search")
    async def save_search(
        self,
        searches: NamedDependency[SearchService],
        listener: NamedDependency[Listener],
        data: JSONBody[NewSearch],
    ) -> Response[SearchView]:
        search = await searches.save_search(listener, data.wishes())
        return created(SearchView.of(search), search.version, f"/api/v1/searches/{search.id}")

    @get("/{search_id:str}", summary="One of my saved searches")
    async def read_search(
        self,
        searches: NamedDependency[SearchService],
        listener: NamedDependency[Listener],
        search_id: FromPath[UUID],
    ) -> Response[SearchView]:
        search = await searches.read_search(listener, SearchId(search_id))
        return versioned(SearchView.of(search), search.version)

    @patch("/{search_id:str}", summary="Change some of a saved search")
    async def change_search(
        self,
        searches: NamedDependency[SearchService],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        search_id: FromPath[UUID],
        data: JSONBody[ChangedSearch],
    ) -> Response[SearchView]:
        search = await searches.change_search(listener, SearchId(search_id), data.change(), expected)
        return versioned(SearchView.of(search), search.version)

    @put("/{search_id:str}", summary="Replace a saved search")
    async def replace_search(
        self,
        searches: NamedDependency[SearchService],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        search_id: FromPath[UUID],
        data: JSONBody[NewSearch],
    ) -> Response[SearchView]:
        search = await searches.change_search(listener, SearchId(search_id), data.change(), expected)
        return versioned(SearchView.of(search), search.version)

    @delete("/{search_id:str}", summary="Delete a saved search with its runs and results")
    async def delete_search(
        self,
        searches: NamedDependency[SearchService],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        search_id: FromPath[UUID],
    ) -> None:
        await searches.delete_search(listener, SearchId(search_id), expected)

    @post("/{search_id:str}/run", status_code=202, summary="Run it now, or join the run under way")
    async def run_search(
        self,
        searches: NamedDependency[SearchService],
        listener: NamedDependency[Listener],
        search_id: FromPath[UUID],
    ) -> QueuedRun:
        return QueuedRun((await searches.run_search(listener, SearchId(search_id))).id)

    @get("/{search_id:str}/runs", summary="Its runs, newest first")
    async def list_runs(
        self,
        searches: NamedDependency[SearchService],
        listener: NamedDependency[Listener],
        cursors: NamedDependency[Cursors],
        search_id: FromPath[UUID],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[RunView]:
        place = cursors.read(cursor, tuple[RunId], "runs", search_id)
        found = await searches.list_runs(
            listener, SearchId(search_id), place[0] if place else None, limit + 1
        )
        return cursors.page(found, limit, RunView.of, lambda run: [run.id], "runs", search_id)

    @get("/{search_id:str}/results", summary="What it found, the cheapest at my door first; eBay's apart")
    async def list_results(
        self,
        searches: NamedDependency[SearchService],
        listener: NamedDependency[Listener],
        cursors: NamedDependency[Cursors],
        search_id: FromPath[UUID],
        provider: FromQuery[Provider | None] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[ListingView]:
        place = cursors.read(cursor, ResultPlace, "results", search_id, provider)
        found = await searches.list_results(
            listener, SearchId(search_id), shown_together(provider), place, limit + 1
        )
        return cursors.page(found, limit, ListingView.of, _place_of, "results", search_id, provider)


def _place_of(offer: Offer) -> tuple[int | None, ListingId]:
    landed = offer.landing.landed
    return landed.minor if landed else None, offer.listing.id

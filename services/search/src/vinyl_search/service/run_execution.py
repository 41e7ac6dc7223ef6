"""Carrying out one run: its markets side by side, then what of all that the search asks for."""

import asyncio
from collections.abc import Sequence

import msgspec
import structlog

from vinyl_chassis.clock import now
from vinyl_contracts.events.search import SearchCompleted
from vinyl_contracts.ids import ListingId
from vinyl_search.domain.listing import Listing
from vinyl_search.domain.provider import Provider
from vinyl_search.domain.run import ProviderRun, ProviderState, Run, RunState, outcome
from vinyl_search.domain.saved_search import SavedSearch
from vinyl_search.service.judgement import judgement_of
from vinyl_search.service.market_runs import MarketRun, Sources
from vinyl_search.store.listings import Wanted
from vinyl_search.store.retention import MARKET_LIFE
from vinyl_search.store.unit_of_work import Store, UnitOfWork

_log = structlog.get_logger("runs")
LISTINGS_AT_ONCE = 500


class RunExecution:
    """`markets` are those that this instance can read."""

    def __init__(self, store: Store, markets: dict[Provider, MarketRun]) -> None:
        self._store = store
        self._markets = markets

    async def execute(self, run: Run) -> None:
        """May be begun again by another process at any point: what was read meanwhile is not read twice."""
        async with self._store.begin() as unit:
            search = await unit.searches.find(run.search_id)
        if search is None:
            return
        progress = _Progress(self._store, run)
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(self._ask(search, each, progress)) for each in run.providers]
        await self._judge(search, progress.run, [sources for task in asked if (sources := task.result())])

    async def give_up(self, run: Run, error: str) -> None:
        providers = tuple(
            msgspec.structs.replace(each, state=ProviderState.FAILED, error=error) for each in run.providers
        )
        async with self._store.begin() as unit:
            search = await unit.searches.find(run.search_id)
            if search is not None:
                await _finish(unit, search, msgspec.structs.replace(run, providers=providers))

    async def _ask(self, search: SavedSearch, asked: ProviderRun, progress: "_Progress") -> Sources | None:
        market = self._markets.get(asked.provider)
        if market is None:
            await progress.tell(_skipped(asked.provider, "not_available_here"))
            return None
        return await market.run(search, progress.run.urgency, progress.tell)

    async def _judge(self, search: SavedSearch, run: Run, asked: Sequence[Sources]) -> None:
        async with self._store.begin() as unit:
            wanted = await _wanted(unit, search)
            judgement = await judgement_of(unit, search.listener_id, search.criteria)
        for sources in asked:
            place: ListingId | None = None
            while listings := await self._some_of(sources, wanted, place):
                async with self._store.begin() as unit:
                    await unit.results.save_all(search.id, run.id, judgement.accept(listings))
                place = listings[-1].id
        async with self._store.begin() as unit:
            await unit.results.keep_only(search.id, run.id)
            await _finish(unit, search, run)

    async def _some_of(
        self, sources: Sources, wanted: Wanted | None, after: ListingId | None
    ) -> list[Listing]:
        async with self._store.begin() as unit:
            return await unit.listings.list_of_sources(
                sources.provider, sources.keys, wanted, now() - MARKET_LIFE, after, LISTINGS_AT_ONCE
            )


class _Progress:
    """The run as its markets tell of it, kept where everybody can read it."""

    def __init__(self, store: Store, run: Run) -> None:
        self._store = store
        self.run = run

    async def tell(self, told: ProviderRun) -> None:
        providers = tuple(told if each.provider is told.provider else each for each in self.run.providers)
        self.run = msgspec.structs.replace(self.run, providers=providers)
        async with self._store.begin() as unit:
            await unit.runs.save_progress(self.run)


async def _finish(unit: UnitOfWork, search: SavedSearch, run: Run) -> None:
    """Nothing where the run is another worker's by now."""
    finished = msgspec.structs.replace(run, state=outcome(run.providers), finished_at=now())
    if not await unit.runs.finish(finished) or finished.finished_at is None:
        return
    results = await unit.results.count(search.id)
    failed = finished.state is RunState.FAILED
    event = SearchCompleted(
        run.id, search.id, search.listener_id, search.name, failed, results, finished.finished_at
    )
    await unit.outbox.add(event, run.id, 1)
    _log.info("run_finished", run=str(run.id), state=finished.state, results=results)


async def _wanted(unit: UnitOfWork, search: SavedSearch) -> Wanted | None:
    """The listings worth looking at; None where the search names no albums."""
    criteria = search.criteria
    if criteria.album_ids is not None:
        return Wanted(await unit.albums.discogs_ids_of(criteria.album_ids), criteria.album_ids)
    if not criteria.use_wants:
        return None
    wants = (await unit.wishes.read_wishes(search.listener_id)).wants
    albums = {want.album_id for want in wants}
    releases = {want.release_id for want in wants if want.release_id}
    return Wanted(await unit.albums.discogs_ids_of(albums, releases), albums, releases)


def _skipped(provider: Provider, why: str) -> ProviderRun:
    return ProviderRun(provider, ProviderState.SKIPPED, error=why)

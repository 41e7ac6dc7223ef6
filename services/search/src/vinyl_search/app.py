"""How the search service is put together; the only file that knows every other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from litestar import Litestar

from vinyl_chassis import application
from vinyl_chassis.database import Database
from vinyl_chassis.identity import PublishedKeys, TokenVerifier
from vinyl_chassis.paging import Cursors
from vinyl_chassis.working import Job, Worker
from vinyl_search.api.offers import list_offers
from vinyl_search.api.providers import list_providers
from vinyl_search.api.searches import SearchController
from vinyl_search.api.sellers import SellerController
from vinyl_search.consumers import catalog, user
from vinyl_search.domain.provider import Provider
from vinyl_search.providers import connections, ebay
from vinyl_search.providers.connections import DiscogsConnection
from vinyl_search.service.community import CommunityRun, CommunityService
from vinyl_search.service.ebay_offers import EbayReading
from vinyl_search.service.inventories import InventoryReading
from vinyl_search.service.known import KnownService
from vinyl_search.service.market_runs import DiscogsRun, EbayRun, MarketRun
from vinyl_search.service.offers import OfferService
from vinyl_search.service.provider_status import CredentialCheck, ProviderSetting, ProviderStatusService
from vinyl_search.service.rates import RatesService, source_of
from vinyl_search.service.repetition import every
from vinyl_search.service.retention import RetentionService
from vinyl_search.service.run_execution import RunExecution
from vinyl_search.service.run_queue import RunQueue
from vinyl_search.service.searches import SearchService
from vinyl_search.service.sellers import SellerService
from vinyl_search.settings import Settings
from vinyl_search.store.unit_of_work import Store


def create_app(settings: Settings) -> Litestar:
    database = _database(settings)
    store = Store(database)
    discogs = _discogs(settings, store)

    @asynccontextmanager
    async def closing_client(_app: Litestar) -> AsyncIterator[None]:
        yield
        await discogs.client.aclose()

    return application.build(
        "search",
        version="1",
        routes=[SearchController, SellerController, list_offers, list_providers],
        database=database,
        verifier=TokenVerifier(PublishedKeys(settings.jwks_url)),
        dependencies={
            "searches": SearchService(store),
            "sellers": SellerService(store, discogs.discogs, discogs.budget),
            "offers": OfferService(store),
            "provider_status": ProviderStatusService(store, _provider_settings(settings)),
            "cursors": Cursors(settings.cursor_secret),
        },
        lifespan=[closing_client],
    )


def create_worker(settings: Settings) -> Worker:
    database = _database(settings)
    store = Store(database)
    discogs = _discogs(settings, store)
    inventories = InventoryReading(store, discogs.discogs, discogs.budget, settings.inventory_reuse_seconds)
    markets: dict[Provider, MarketRun] = {
        Provider.DISCOGS: DiscogsRun(store, inventories),
        Provider.COMMUNITY: CommunityRun(store),
    }
    clients = [discogs.client]
    jobs: list[Job] = []
    if settings.discogs_token:
        jobs.append(every(300.0, CredentialCheck(discogs.discogs, discogs.budget).check))
    if settings.ebay_key:
        connected = connections.connect_ebay(
            store, settings.ebay_url, settings.ebay_key, settings.ebay_secret, settings.ebay_marketplace
        )
        reading = EbayReading(store, connected.ebay, connected.budget, settings.ebay_reuse_seconds)
        markets[Provider.EBAY] = EbayRun(store, reading)
        clients.append(connected.client)
    queue = RunQueue(store, RunExecution(store, markets))
    rates = RatesService(store, source_of(settings.exchange_rates_url, settings.exchange_rates_file))
    jobs += [
        queue.work_off,
        every(5.0, queue.queue_due),
        every(60.0, RetentionService(store).forget_expired),
        every(60.0, rates.refresh),
        _closing(clients),
    ]
    known = KnownService(store)
    return Worker(
        "search",
        settings,
        database,
        hears={
            "catalog": catalog.subscriptions(known, CommunityService(store)),
            "user": user.subscriptions(known),
        },
        jobs=jobs,
    )


def _discogs(settings: Settings, store: Store) -> DiscogsConnection:
    return connections.connect_discogs(
        store, settings.discogs_url, settings.discogs_token, settings.discogs_user_agent
    )


def _provider_settings(settings: Settings) -> dict[Provider, ProviderSetting]:
    allowance = connections.discogs_allowance(settings.discogs_token)
    enabled = {Provider.DISCOGS: ProviderSetting(allowance, bool(settings.discogs_token))}
    if settings.ebay_key:
        enabled[Provider.EBAY] = ProviderSetting(ebay.A_DAY, has_credential=True)
    return enabled


def _closing(clients: list[httpx.AsyncClient]) -> Job:
    async def close_at_the_end() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            for client in clients:
                await client.aclose()

    return close_at_the_end


def _database(settings: Settings) -> Database:
    return Database(
        settings.database_url,
        pool_size=settings.database_pool_size,
        statement_timeout_seconds=settings.statement_timeout_seconds,
    )

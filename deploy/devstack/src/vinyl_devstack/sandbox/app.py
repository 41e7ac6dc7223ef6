"""The sandbox put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from litestar import Litestar
from litestar.types import ASGIApp

from vinyl_devstack.sandbox.control.routes import control_router
from vinyl_devstack.sandbox.control.switchboard import Switchboard
from vinyl_devstack.sandbox.discogs.community import Community
from vinyl_devstack.sandbox.discogs.database import Database
from vinyl_devstack.sandbox.discogs.gate import DiscogsGate
from vinyl_devstack.sandbox.discogs.limits import SlidingWindow
from vinyl_devstack.sandbox.discogs.marketplace import Marketplace
from vinyl_devstack.sandbox.discogs.members import Members
from vinyl_devstack.sandbox.discogs.routes import discogs_router
from vinyl_devstack.sandbox.dump_files import DumpFiles
from vinyl_devstack.sandbox.ebay.browse import Browse
from vinyl_devstack.sandbox.ebay.routes import ebay_router
from vinyl_devstack.sandbox.ebay.tokens import TokenDesk
from vinyl_devstack.sandbox.faults import Faults, FaultyWire
from vinyl_devstack.sandbox.market.clock import MarketClock
from vinyl_devstack.sandbox.market.market import Market
from vinyl_devstack.sandbox.market.source import StockSource
from vinyl_devstack.sandbox.options import Options
from vinyl_devstack.sandbox.refused_requests import REFUSALS
from vinyl_devstack.sandbox.stock_source import CatalogueDatabase


def create_app(options: Options) -> ASGIApp:
    clock = MarketClock(options.speed, options.stands_at)
    market = Market(source_of(options), clock, options.seed)
    faults, members, tokens = Faults(), Members(), TokenDesk()
    window = SlidingWindow(options.limit, options.window_seconds)
    switchboard = Switchboard(options, market, faults, window, members, tokens)

    @asynccontextmanager
    async def open_market(_: Litestar) -> AsyncIterator[None]:
        await market.refresh()
        watching = asyncio.create_task(market.keep_fresh())
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
            await market.close()

    routes = Litestar(
        route_handlers=[
            control_router(switchboard),
            discogs_router(
                Database(market, members), Marketplace(market, members), Community(market, members)
            ),
            ebay_router(tokens, Browse(market)),
        ],
        lifespan=[open_market],
        exception_handlers=REFUSALS,
        openapi_config=None,
        logging_config=None,
    )
    return DiscogsGate(FaultyWire(routes, faults), window)


def source_of(options: Options) -> StockSource:
    return CatalogueDatabase(options.database_url) if options.database_url else DumpFiles(options.dumps)

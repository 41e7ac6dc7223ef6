"""The catalogue and the stock of both providers, kept in step with the source."""

import asyncio
import logging
from time import monotonic

from vinyl_devstack.sandbox.market.catalogue import Catalogue
from vinyl_devstack.sandbox.market.clock import MarketClock
from vinyl_devstack.sandbox.market.pressing import Pressing
from vinyl_devstack.sandbox.market.shops import DISCOGS_SHOPS, EBAY_SHOPS, Provider
from vinyl_devstack.sandbox.market.source import SourceUnreachable, StockSource
from vinyl_devstack.sandbox.market.stock import Stock

LOG = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 2.0
REST_PER_SECOND_OF_WORK = (
    10.0  # a big import changes the catalogue at every look: keep nine tenths of the time free
)


class Market:
    def __init__(self, source: StockSource, clock: MarketClock, seed: int) -> None:
        self.clock = clock
        self.seed = seed
        self.catalogue = Catalogue()
        self.stocks = {
            Provider.DISCOGS: Stock(DISCOGS_SHOPS, clock, seed),
            Provider.EBAY: Stock(EBAY_SHOPS, clock, seed),
        }
        self._source = source
        self._fingerprint: str | None = None
        self._complaint = ""
        self._one_at_a_time = asyncio.Lock()

    @property
    def discogs(self) -> Stock:
        return self.stocks[Provider.DISCOGS]

    @property
    def ebay(self) -> Stock:
        return self.stocks[Provider.EBAY]

    async def refresh(self) -> bool:
        """Draws the stock anew where the catalogue changed; says whether it did."""
        async with self._one_at_a_time:
            try:
                return await self._refresh()
            except SourceUnreachable as reason:
                self._complain(str(reason))
                return False

    async def keep_fresh(self) -> None:
        """Looks for changes for as long as it runs."""
        while True:
            began = monotonic()
            await self.refresh()
            worked = monotonic() - began
            await asyncio.sleep(max(LOOK_EVERY_SECONDS, worked * REST_PER_SECOND_OF_WORK))

    async def pressing(self, release_id: int) -> Pressing | None:
        """One the market sells, or any other of the catalogue."""
        known = self.catalogue.pressings.get(release_id)
        if known is None and await self.refresh():
            known = self.catalogue.pressings.get(release_id)
        return known or await self._beyond_the_sample(release_id)

    async def close(self) -> None:
        await self._source.close()

    async def _refresh(self) -> bool:
        fingerprint = await self._source.fingerprint()
        self._complaint = ""
        if fingerprint == self._fingerprint:
            return False
        catalogue = await asyncio.to_thread(Catalogue, await self._source.pressings())
        for stock in self.stocks.values():
            stock.move_to(await asyncio.to_thread(stock.lay_out, catalogue))
        self.catalogue, self._fingerprint = catalogue, fingerprint
        LOG.info("stocked from %d pressings of %d albums", len(catalogue.pressings), len(catalogue.albums))
        return True

    def _complain(self, reason: str) -> None:
        """Once, not at every look."""
        if reason != self._complaint:
            LOG.warning("the catalogue cannot be read now: %s", reason)
        self._complaint = reason

    async def _beyond_the_sample(self, release_id: int) -> Pressing | None:
        try:
            return await self._source.find(release_id)
        except SourceUnreachable:
            return None

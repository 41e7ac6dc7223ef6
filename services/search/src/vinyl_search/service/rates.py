"""Keeping exchange rates: fetched where a source is set, else the built-in ones."""

from datetime import timedelta
from pathlib import Path

import structlog

from vinyl_chassis.clock import now
from vinyl_search.pricing.built_in_rates import BUILT_IN_RATES
from vinyl_search.pricing.exchange import ExchangeRates
from vinyl_search.pricing.rates_source import RatesSource, RatesUnavailable
from vinyl_search.store.rates import StoredRates
from vinyl_search.store.unit_of_work import Store, UnitOfWork

_log = structlog.get_logger("rates")
FRESH_FOR = timedelta(hours=6)


class RatesService:
    def __init__(self, store: Store, source: RatesSource | None) -> None:
        self._store = store
        self._source = source

    async def refresh(self) -> None:
        """The old rates stay while the source is away."""
        async with self._store.begin() as unit:
            stored = await unit.rates.find()
        if self._source is None or (stored is not None and stored.fetched_at > now() - FRESH_FOR):
            return
        try:
            rates = await self._source.fetch(now().date())
        except RatesUnavailable as error:
            _log.warning("rates_not_refreshed", error=str(error))
            return
        async with self._store.begin() as unit:
            await unit.rates.save(StoredRates(rates.as_of, rates.source, rates.per_euro, now()))
        _log.info("rates_refreshed", as_of=rates.as_of.isoformat(), currencies=len(rates.per_euro))


async def current_rates(unit: UnitOfWork) -> ExchangeRates:
    stored = await unit.rates.find()
    return BUILT_IN_RATES if stored is None else ExchangeRates(stored.as_of, stored.source, stored.per_euro)


def source_of(url: str, file: str) -> RatesSource | None:
    """A file comes before an address; neither is None."""
    if not (url or file):
        return None
    return RatesSource(url, Path(file) if file else None)

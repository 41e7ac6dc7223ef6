"""Deleting what the terms of its source no longer let us keep, and what nobody needs any more."""

from datetime import timedelta

import structlog

from vinyl_chassis.clock import now
from vinyl_search.store.retention import MARKET_LIFE
from vinyl_search.store.unit_of_work import Store

_log = structlog.get_logger("retention")
RUNS_KEPT = timedelta(days=30)


class RetentionService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def forget_expired(self) -> None:
        """Results go with their listings."""
        expired = now() - MARKET_LIFE
        async with self._store.begin() as unit:
            listings = await unit.listings.drop_older(expired)
            standings = await unit.sellers.forget_standing(expired)
            reads = await unit.reads.drop_older(expired)
            sellers = await unit.sellers.drop_unfollowed()
            runs = await unit.runs.drop_finished(now() - RUNS_KEPT)
        if listings or standings or sellers:
            _log.info("expired_forgotten", listings=listings, standings=standings, sellers=sellers)
        _log.debug("records_pruned", reads=reads, runs=runs)

"""What is kept only for a while."""

import asyncio
from datetime import timedelta

import structlog

from vinyl_chassis.clock import now
from vinyl_user.domain.login_limits import WINDOW
from vinyl_user.domain.sessions import LIFE_OF_A_REFRESH_TOKEN
from vinyl_user.store.unit_of_work import Store

_log = structlog.get_logger("forgetting")
_EVERY_SECONDS = 600.0
ADDRESSES_KEPT = timedelta(days=180)


class ForgettingService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.forget_what_is_over()
            await asyncio.sleep(_EVERY_SECONDS)

    async def forget_what_is_over(self) -> None:
        """Sessions and tokens that expired, old guesses, and addresses long unused."""
        at = now()
        async with self._store.begin() as unit:
            sessions = await unit.sessions.remove_over(at)
            tokens = await unit.refresh_tokens.remove_older(at - LIFE_OF_A_REFRESH_TOKEN)
            attempts = await unit.login_attempts.remove_older(at - WINDOW)
            addresses = await unit.signed_in_addresses.remove_older(at - ADDRESSES_KEPT)
        _log.info("forgotten", sessions=sessions, tokens=tokens, attempts=attempts, addresses=addresses)

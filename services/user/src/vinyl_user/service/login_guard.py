"""Counting guesses before they are looked at, so that a thousand at once are no more than ten."""

import hashlib
from datetime import datetime
from uuid import UUID

from vinyl_contracts.ids import UserId, new_id
from vinyl_user.domain.accounts import Account
from vinyl_user.domain.login_limits import MOST_FAILURES, WINDOW, Attempt, seconds_until_free
from vinyl_user.domain.refusals import TooManyFailures
from vinyl_user.store.login_attempts import Recent
from vinyl_user.store.unit_of_work import UnitOfWork

_NOBODY = UserId(UUID(int=0))


async def counter_of(unit: UnitOfWork, account: Account | None, login: str, address: str | None) -> str:
    """Which counter a guess fills: the account's, or its own where the address signed in before.

    An account that does not exist has a counter too, and costs the same statements.
    """
    user_id = account.profile.id if account else _NOBODY
    is_familiar = await unit.signed_in_addresses.contains(user_id, address or "")
    if account is None:
        return "nobody:" + hashlib.sha256(login.encode("utf-8", "surrogatepass")).hexdigest()
    return f"login:{user_id}@{address}" if is_familiar else f"login:{user_id}"


async def count_attempt(unit: UnitOfWork, counter: str, at: datetime) -> Attempt:
    """Counts a guess as a failure until it proves right. Raises TooManyFailures."""
    # The look without waiting keeps a flood of guesses from queueing at the lock.
    _refuse_beyond(await unit.login_attempts.count(counter, at - WINDOW), at)
    await unit.login_attempts.lock(counter)
    _refuse_beyond(await unit.login_attempts.count(counter, at - WINDOW), at)
    attempt = Attempt(new_id(), counter, at)
    await unit.login_attempts.add(attempt)
    return attempt


def _refuse_beyond(recent: Recent, at: datetime) -> None:
    if recent.oldest is not None and recent.count >= MOST_FAILURES:
        raise TooManyFailures(seconds_until_free(recent.oldest, at))

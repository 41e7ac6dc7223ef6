"""How many requests a market may be sent, decided on what is known of those already sent."""

from datetime import datetime, timedelta

import msgspec

from vinyl_search.domain.provider import Urgency

LONGEST_BACKOFF_SECONDS = 60.0


class Allowance(msgspec.Struct, frozen=True):
    """What a market grants before it says otherwise: `limit` requests in any `window_seconds`."""

    limit: int
    window_seconds: float


class BudgetState(msgspec.Struct, frozen=True):
    """`sent` requests of ours still count, the first until `frees_at`; `foreign` are others' from the same
    address, as last told, until `foreign_until`. Nothing is sent before `blocked_until`, and nothing
    scheduled before `person_waits_until`."""

    limit: int
    sent: int
    frees_at: datetime | None
    foreign: int
    foreign_until: datetime | None
    blocked_until: datetime | None
    person_waits_until: datetime | None


def seconds_to_wait(state: BudgetState, urgency: Urgency, now: datetime) -> float:
    """0 when a request may go now. A quarter of the limit is kept for people."""
    if state.blocked_until is not None and state.blocked_until > now:
        return _until(state.blocked_until, now)
    scheduled = urgency is Urgency.SCHEDULE
    if scheduled and state.person_waits_until is not None and state.person_waits_until > now:
        return _until(state.person_waits_until, now)
    foreign = state.foreign if state.foreign_until is not None and state.foreign_until > now else 0
    if state.sent + foreign < usable(state.limit, urgency):
        return 0.0
    frees = [at for at in (state.frees_at, state.foreign_until if foreign else None) if at is not None]
    return _until(min(frees, default=now), now)


def usable(limit: int, urgency: Urgency) -> int:
    """How much of the limit one of this urgency may use up."""
    return limit if urgency is Urgency.PERSON else max(1, limit - limit // 4)


def backoff_seconds(refusals_in_a_row: int) -> float:
    """A refusal does not say for how long: 2, 4, 8 … seconds, a minute at most."""
    return min(2.0 ** min(refusals_in_a_row, 10), LONGEST_BACKOFF_SECONDS)


def foreign_share(limit: int, remaining: int, settled: int) -> int:
    """How many of the market's count are not ours: `settled` are ours that were answered."""
    return max(0, limit - remaining - settled)


def _until(at: datetime, now: datetime) -> float:
    return max((at - now) / timedelta(seconds=1), 0.005)

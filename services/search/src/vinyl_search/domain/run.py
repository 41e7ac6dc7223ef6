"""One going-through of a saved search over its markets."""

import enum
from collections.abc import Sequence
from datetime import datetime

import msgspec

from vinyl_contracts.ids import RunId, SearchId, UserId
from vinyl_search.domain.provider import Provider, Urgency


class RunState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ProviderState(enum.StrEnum):
    """`skipped`: this instance cannot read it, or there was nothing to ask; `error` says which."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class Coverage(msgspec.Struct, frozen=True):
    """Copies seen out of those the market says there are; `total` is None where it has not said yet."""

    seen: int = 0
    total: int | None = None

    def plus(self, other: "Coverage") -> "Coverage":
        known = [total for total in (self.total, other.total) if total is not None]
        return Coverage(self.seen + other.seen, sum(known) if known else None)


class ProviderRun(msgspec.Struct, frozen=True):
    """`quota_used` are requests this run sent; what another run had just read costs none.

    `error` is a stable slug such as `rate_limited`, of the last fault even where the rest went well.
    """

    provider: Provider
    state: ProviderState = ProviderState.QUEUED
    listings_seen: int = 0
    coverage: Coverage = Coverage()
    quota_used: int = 0
    error: str | None = None


class Run(msgspec.Struct, frozen=True):
    id: RunId
    search_id: SearchId
    listener_id: UserId
    state: RunState
    urgency: Urgency
    attempt: int
    providers: tuple[ProviderRun, ...]
    queued_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None


def outcome(providers: Sequence[ProviderRun]) -> RunState:
    """Failed where every market that could be asked failed."""
    asked = [run for run in providers if run.state is not ProviderState.SKIPPED]
    failed = asked and all(run.state is ProviderState.FAILED for run in asked)
    return RunState.FAILED if failed else RunState.DONE

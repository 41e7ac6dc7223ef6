"""/providers"""

from datetime import date, datetime

import msgspec
from litestar import get
from litestar.di import NamedDependency

from vinyl_chassis.identity import Listener
from vinyl_search.api.search_shapes import ProviderRunView
from vinyl_search.domain.provider import Provider
from vinyl_search.pricing.exchange import ExchangeRates
from vinyl_search.service.provider_status import ProviderStatus, ProviderStatusService


class CredentialView(msgspec.Struct, frozen=True):
    """`state`: missing, unchecked, accepted or refused; not_needed for what members offer here."""

    state: str


class QuotaView(msgspec.Struct, frozen=True):
    """Of the whole instance: how many requests any `window_seconds` take, and how many are left now."""

    limit: int
    remaining: int
    window_seconds: float
    blocked_until: datetime | None


class ProviderView(msgspec.Struct, frozen=True):
    """`reachable` is null while nobody has asked; `last_run` is my own last one there."""

    provider: Provider
    enabled: bool
    reachable: bool | None
    credential: CredentialView
    quota: QuotaView | None
    queue: int
    answered_at: datetime | None
    failed_at: datetime | None
    error: str | None
    last_run: ProviderRunView | None
    last_run_at: datetime | None

    @classmethod
    def of(cls, status: ProviderStatus) -> "ProviderView":
        standing = status.standing
        return cls(
            provider=status.provider,
            enabled=status.enabled,
            reachable=status.reachable,
            credential=CredentialView(status.credential_state),
            quota=_quota(status),
            queue=status.queue,
            answered_at=standing.answered_at if standing else None,
            failed_at=standing.failed_at if standing else None,
            error=standing.last_error if standing else None,
            last_run=ProviderRunView.of(status.last_run) if status.last_run else None,
            last_run_at=status.last_run_at,
        )


class RatesView(msgspec.Struct, frozen=True):
    as_of: date
    source: str

    @classmethod
    def of(cls, rates: ExchangeRates) -> "RatesView":
        return cls(rates.as_of, rates.source)


class ProviderPage(msgspec.Struct, frozen=True):
    """All of them, so there is never a next page; `exchange_rates` are what landed prices are reckoned by."""

    items: list[ProviderView]
    next_cursor: None
    exchange_rates: RatesView


@get("/providers", tags=["providers"], summary="How the markets are doing: why an alert is late")
async def list_providers(
    provider_status: NamedDependency[ProviderStatusService], listener: NamedDependency[Listener]
) -> ProviderPage:
    statuses, rates = await provider_status.list_providers(listener)
    return ProviderPage([ProviderView.of(status) for status in statuses], None, RatesView.of(rates))


def _quota(status: ProviderStatus) -> QuotaView | None:
    if status.setting is None:
        return None
    limit = status.standing.request_limit if status.standing else status.setting.allowance.limit
    used = status.standing.used if status.standing else 0
    blocked_until = status.standing.blocked_until if status.standing else None
    return QuotaView(limit, max(0, limit - used), status.setting.allowance.window_seconds, blocked_until)

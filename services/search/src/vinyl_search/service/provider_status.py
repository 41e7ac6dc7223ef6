"""How the markets are doing, for a listener who wonders why an alert is late."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
import structlog

from vinyl_chassis.clock import now
from vinyl_chassis.identity import Listener
from vinyl_search.domain.provider import Provider, Urgency
from vinyl_search.domain.request_budget import Allowance
from vinyl_search.domain.run import ProviderRun
from vinyl_search.pricing.exchange import ExchangeRates
from vinyl_search.providers.budget import Budget
from vinyl_search.providers.discogs import Discogs
from vinyl_search.providers.faults import ProviderFault
from vinyl_search.providers.transport import RUN_PATIENCE, Call
from vinyl_search.service.rates import current_rates
from vinyl_search.store.request_ledger import ProviderStanding
from vinyl_search.store.unit_of_work import Store

_log = structlog.get_logger("providers")


class ProviderSetting(msgspec.Struct, frozen=True):
    """What this instance may ask a market, and whether it has a key of its own for it."""

    allowance: Allowance
    has_credential: bool


class ProviderStatus(msgspec.Struct, frozen=True):
    """`reachable` is None while nobody has asked; `queue` are runs that wait or are under way."""

    provider: Provider
    enabled: bool
    reachable: bool | None
    credential_state: str
    standing: ProviderStanding | None
    setting: ProviderSetting | None
    queue: int
    last_run: ProviderRun | None
    last_run_at: datetime | None


class ProviderStatusService:
    def __init__(self, store: Store, settings: Mapping[Provider, ProviderSetting]) -> None:
        self._store = store
        self._settings = settings

    async def list_providers(self, listener: Listener) -> tuple[list[ProviderStatus], ExchangeRates]:
        """And the rates that prices are reckoned by."""
        async with self._store.begin() as unit:
            queue = await unit.runs.count_open()
            last = await unit.runs.find_last_of(listener.id)
            rates = await current_rates(unit)
            standings = {each: await unit.requests.standing(each) for each in Provider}
        by_provider = {run.provider: run for run in last.providers} if last else {}
        return [
            ProviderStatus(
                provider=provider,
                enabled=provider in self._settings or provider is Provider.COMMUNITY,
                reachable=provider is Provider.COMMUNITY or _reachable(standings[provider]),
                credential_state=self._credential_state(provider, standings[provider]),
                standing=standings[provider],
                setting=self._settings.get(provider),
                queue=queue if provider in self._settings else 0,
                last_run=by_provider.get(provider),
                last_run_at=last.finished_at if last and provider in by_provider else None,
            )
            for provider in Provider
        ], rates

    def _credential_state(self, provider: Provider, standing: ProviderStanding | None) -> str:
        if provider is Provider.COMMUNITY:
            return "not_needed"
        setting = self._settings.get(provider)
        if setting is None or not setting.has_credential:
            return "missing"
        return standing.credential_state if standing else "unchecked"


class CredentialCheck:
    """Asks Discogs whose token it is, so that a wrong one is known before a run fails."""

    def __init__(self, discogs: Discogs, budget: Budget) -> None:
        self._discogs = discogs
        self._budget = budget

    async def check(self) -> None:
        try:
            async with self._budget.watched():
                name = await self._discogs.identify(Call(Urgency.SCHEDULE, RUN_PATIENCE))
        except ProviderFault as fault:
            _log.warning("credential_not_accepted", error=fault.code)
        else:
            _log.info("credential_accepted", account=name, at=now().isoformat())


def _reachable(standing: ProviderStanding | None) -> bool | None:
    if standing is None or (standing.answered_at is None and standing.failed_at is None):
        return None
    if standing.answered_at is None or standing.failed_at is None:
        return standing.failed_at is None
    return standing.answered_at >= standing.failed_at

"""Requests sent to each market by every process of this instance, so that all keep to one limit."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_search.domain.provider import Provider
from vinyl_search.domain.request_budget import BudgetState
from vinyl_search.store.tables import provider_budgets, provider_requests

_budgets, _requests = provider_budgets.c, provider_requests.c


class ProviderStanding(msgspec.Struct, frozen=True):
    """How a market last answered, for whoever wonders why an alert is late."""

    provider: Provider
    request_limit: int
    used: int
    blocked_until: datetime | None
    credential_state: str
    answered_at: datetime | None
    failed_at: datetime | None
    last_error: str | None


class RequestLedger:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, provider: Provider, first_limit: int) -> tuple[BudgetState, datetime]:
        """The budget as it is now and the database's clock; others wait until this transaction ends."""
        start = {"provider": provider, "request_limit": first_limit}
        await self._connection.execute(upsert(provider_budgets).values(start).on_conflict_do_nothing())
        statement = select(provider_budgets).where(_budgets.provider == provider).with_for_update()
        budget = (await self._connection.execute(statement)).mappings().one()
        now = await self._now()
        await self._connection.execute(
            delete(provider_requests).where(_requests.provider == provider, _requests.counts_until <= now)
        )
        counting = select(func.count(), func.min(_requests.counts_until)).where(
            _requests.provider == provider
        )
        sent, frees_at = (await self._connection.execute(counting)).one()
        state = BudgetState(
            limit=budget["request_limit"],
            sent=sent,
            frees_at=frees_at,
            foreign=budget["foreign_used"],
            foreign_until=budget["foreign_until"],
            blocked_until=budget["blocked_until"],
            person_waits_until=budget["person_waits_until"],
        )
        return state, now

    async def admit(self, provider: Provider, request_id: UUID, counts_until: datetime) -> None:
        row = {"id": request_id, "provider": provider, "settled": False, "counts_until": counts_until}
        await self._connection.execute(insert(provider_requests).values(row))

    async def settle(self, request_id: UUID, counts_until: datetime) -> None:
        """The market has counted it by now, and forgets it one window from now at the latest."""
        await self._connection.execute(
            update(provider_requests)
            .where(_requests.id == request_id)
            .values(settled=True, counts_until=counts_until)
        )

    async def count_settled(self, provider: Provider) -> int:
        statement = select(func.count()).where(_requests.provider == provider, _requests.settled)
        return int(await self._connection.scalar(statement) or 0)

    async def learn(self, provider: Provider, limit: int, foreign: int, foreign_until: datetime) -> None:
        await self._set(
            provider, request_limit=limit, foreign_used=foreign, foreign_until=foreign_until, refusals=0
        )

    async def block(self, provider: Provider, until: datetime) -> None:
        await self._set(provider, blocked_until=until, refusals=_budgets.refusals + 1)

    async def refusals_in_a_row(self, provider: Provider) -> int:
        statement = select(_budgets.refusals).where(_budgets.provider == provider)
        return int(await self._connection.scalar(statement) or 0)

    async def let_person_first(self, provider: Provider, until: datetime) -> None:
        await self._set(provider, person_waits_until=until)

    async def note_answer(self, provider: Provider, at: datetime) -> None:
        await self._set(provider, answered_at=at, last_error=None, credential_state="accepted")

    async def note_fault(self, provider: Provider, at: datetime, error: str, *, refused: bool) -> None:
        state = "refused" if refused else _budgets.credential_state
        await self._set(provider, failed_at=at, last_error=error, credential_state=state)

    async def standing(self, provider: Provider) -> ProviderStanding | None:
        now = await self._now()
        counting = (_requests.provider == provider) & (_requests.counts_until > now)
        used = select(func.count()).where(counting).scalar_subquery()
        foreign = case((_budgets.foreign_until > now, _budgets.foreign_used), else_=0)
        statement = select(
            _budgets.provider,
            _budgets.request_limit,
            (used + foreign).label("used"),
            _budgets.blocked_until,
            _budgets.credential_state,
            _budgets.answered_at,
            _budgets.failed_at,
            _budgets.last_error,
        ).where(_budgets.provider == provider)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else ProviderStanding(**{**row, "provider": provider})

    async def _set(self, provider: Provider, **values: object) -> None:
        await self._connection.execute(
            update(provider_budgets).where(_budgets.provider == provider).values(values)
        )

    async def _now(self) -> datetime:
        now = await self._connection.scalar(select(func.clock_timestamp()))
        assert isinstance(now, datetime)  # noqa: S101 - Postgres has no other answer
        return now


def after(at: datetime, seconds: float) -> datetime:
    return at + timedelta(seconds=seconds)

"""What every process of this instance sent to each source, so that all keep to one budget and one breaker."""

import msgspec
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.source_budgets import BREAKER_FAILURES, PROBE_SECONDS, Allowance, SourceStanding
from vinyl_catalog.domain.sources import Source
from vinyl_catalog.store.enrichment_tables import enrichment_sources

_COUNTING = "from unnest(sent) as at where at > clock_timestamp() - make_interval(secs => :window)"
# One statement, so that two processes cannot both see the last place free: the second waits for the row.
_TAKE = text(f"""
update enrichment_sources set
    sent = array(select at {_COUNTING}) || clock_timestamp(),
    open_until = case when failures >= :breaker
        then clock_timestamp() + make_interval(secs => :probe) else open_until end
where source = :source and (select count(*) {_COUNTING}) < :limit
    and coalesce(blocked_until, '-infinity') <= clock_timestamp()
    and coalesce(open_until, '-infinity') <= clock_timestamp()
""")  # noqa: S608 - made of constants
_WAIT = text(f"""
select extract(epoch from greatest(
    blocked_until, open_until,
    case when (select count(*) {_COUNTING}) >= :limit
        then (select min(at) {_COUNTING}) + make_interval(secs => :window) end,
    clock_timestamp()
) - clock_timestamp())::float8
from enrichment_sources where source = :source
""")  # noqa: S608
_STANDING = text(f"""
select (select count(*) {_COUNTING}) as used, failures, open_until, answered_at, failed_at, last_error,
    case when blocked_until > clock_timestamp() then blocked_until end as blocked_until,
    coalesce(open_until > clock_timestamp(), false) as is_open
from enrichment_sources where source = :source
""")  # noqa: S608
_ANSWERED = text("""
update enrichment_sources set answered_at = clock_timestamp(), failures = 0, refusals = 0, open_until = null,
    last_error = null
where source = :source
""")
_FAILED = text("""
update enrichment_sources set failed_at = clock_timestamp(), last_error = :error,
    failures = failures + 1,
    open_until = case when failures + 1 >= :breaker then clock_timestamp()
        + make_interval(secs => least(:pause * 2 ^ least(failures + 1 - :breaker, 20), :longest)) end
where source = :source
""")
_BLOCKED = text("""
update enrichment_sources set failed_at = clock_timestamp(), last_error = :error, refusals = refusals + 1,
    open_until = null,
    blocked_until = greatest(blocked_until, clock_timestamp() + make_interval(secs => coalesce(
        cast(:seconds as float8), least(2 ^ least(refusals + 1, 10), 60) * (0.8 + 0.4 * random()))))
where source = :source
""")
_HELD_BACK = text("""
update enrichment_sources
set blocked_until = greatest(blocked_until, clock_timestamp() + make_interval(secs => :seconds))
where source = :source
""")
_SHUT = text("""
update enrichment_sources set failed_at = clock_timestamp(), last_error = :error,
    failures = greatest(failures + 1, :breaker),
    open_until = clock_timestamp() + make_interval(secs => :seconds)
where source = :source
""")


class SourceLedger:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def enter(self, source: Source) -> None:
        """Before anything else is asked of the ledger about this source."""
        start = {"source": source, "sent": [], "refusals": 0, "failures": 0}
        await self._connection.execute(upsert(enrichment_sources).values(start).on_conflict_do_nothing())

    async def take(self, source: Source, allowance: Allowance) -> bool:
        """Whether a request may be sent now; then it counts."""
        values = {**_window(source, allowance), "breaker": BREAKER_FAILURES, "probe": PROBE_SECONDS}
        return (await self._connection.execute(_TAKE, values)).rowcount == 1

    async def seconds_to_wait(self, source: Source, allowance: Allowance) -> float:
        return float(await self._connection.scalar(_WAIT, _window(source, allowance)) or 0.0)

    async def standing(self, source: Source, allowance: Allowance) -> SourceStanding:
        row = (
            (await self._connection.execute(_STANDING, _counting(source, allowance))).mappings().one_or_none()
        )
        return msgspec.convert(dict(row), SourceStanding) if row else SourceStanding()

    async def note_answer(self, source: Source) -> None:
        await self._connection.execute(_ANSWERED, {"source": source})

    async def note_failure(self, source: Source, error: str, pause: float, longest: float) -> None:
        values = {"source": source, "error": error, "breaker": BREAKER_FAILURES, "pause": pause}
        await self._connection.execute(_FAILED, {**values, "longest": longest})

    async def block(self, source: Source, error: str, seconds: float | None) -> None:
        """After a refusal: for as long as the source says, or longer with each one in a row."""
        await self._connection.execute(_BLOCKED, {"source": source, "error": error, "seconds": seconds})

    async def hold_back(self, source: Source, seconds: float) -> None:
        """Leaves the rest of the source's allowance to others at this address."""
        await self._connection.execute(_HELD_BACK, {"source": source, "seconds": seconds})

    async def shut(self, source: Source, error: str, seconds: float) -> None:
        """Opens the breaker at once: what is wrong does not pass by itself."""
        values = {"source": source, "error": error, "seconds": seconds, "breaker": BREAKER_FAILURES}
        await self._connection.execute(_SHUT, values)


def _counting(source: Source, allowance: Allowance) -> dict[str, object]:
    return {"source": source, "window": allowance.window_seconds}


def _window(source: Source, allowance: Allowance) -> dict[str, object]:
    return {**_counting(source, allowance), "limit": allowance.limit}

"""The walk over the whole catalogue: how far it came, and the answers that it asks for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.answers import Urgency
from vinyl_catalog.domain.enrichment import Walk
from vinyl_catalog.domain.sources import Source, SubjectKind
from vinyl_catalog.store.enrichment_tables import enrichment_walks

_ENTER = text("insert into enrichment_walks (kind) values (:kind) on conflict do nothing")
_TAKE = text("""
select after_id from enrichment_walks
where kind = :kind and coalesce(rests_until, '-infinity') <= clock_timestamp()
for update skip locked
""")
_AHEAD = {
    SubjectKind.ALBUM: text("""
        select albums.id, coalesce(album_ratings.count, 0) > 0 as is_rated
        from albums left join album_ratings on album_ratings.album_id = albums.id
        where albums.withdrawn_at is null
            and albums.id > coalesce(cast(:after as uuid), '00000000-0000-0000-0000-000000000000')
        order by albums.id limit :limit
    """),
    SubjectKind.ARTIST: text("""
        select id, false as is_rated from artists
        where withdrawn_at is null
            and id > coalesce(cast(:after as uuid), '00000000-0000-0000-0000-000000000000')
        order by id limit :limit
    """),
}
_ASK = text("""
insert into enrichment_answers (subject_id, source, kind, state, due_at, urgency)
select step.subject_id, asked.source, :kind, 'waiting', case when asked.at_once then clock_timestamp() end,
    case when step.is_rated then cast(:rated as smallint) else cast(:walk as smallint) end
from unnest(cast(:ids as uuid[]), cast(:rated_ones as boolean[])) as step (subject_id, is_rated),
    unnest(cast(:sources as text[]), cast(:at_once as boolean[])) as asked (source, at_once)
where not exists (select from enrichment_subjects subjects
    where subjects.subject_id = step.subject_id and subjects.skipped_at is not null)
on conflict do nothing
""")
_GO_ON = text("""
update enrichment_walks set after_id = cast(:after as uuid),
    rests_until = case when cast(:after as uuid) is null
        then clock_timestamp() + make_interval(secs => :rest) end
where kind = :kind
""")


class EnrichmentWalks:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def step(
        self, kind: SubjectKind, asked: Sequence[tuple[Source, bool]], limit: int, rest_seconds: float
    ) -> int:
        """Goes on by `limit` albums or artists; gives how many it passed, 0 while it rests at its end or
        another worker takes the step. Those that it saw before are asked only of sources that are new.

        The walk begins anew after its rest: ids are not committed in their order.
        """
        await self._connection.execute(_ENTER, {"kind": kind})
        place = (await self._connection.execute(_TAKE, {"kind": kind})).one_or_none()
        if place is None:
            return 0
        ahead = await self._connection.execute(_AHEAD[kind], {"after": place.after_id, "limit": limit})
        rows: Sequence[Any] = ahead.all()
        if rows:
            await self._ask(kind, rows, asked)
        after = rows[-1].id if len(rows) == limit else None
        await self._connection.execute(_GO_ON, {"kind": kind, "after": after, "rest": rest_seconds})
        return len(rows)

    async def list_all(self) -> list[Walk]:
        rows = await self._connection.execute(select(enrichment_walks).order_by(enrichment_walks.c.kind))
        return [Walk(SubjectKind(row.kind), row.after_id, row.rests_until) for row in rows]

    async def _ask(
        self, kind: SubjectKind, rows: Sequence[Any], asked: Sequence[tuple[Source, bool]]
    ) -> None:
        values = {
            "kind": kind,
            "ids": [row.id for row in rows],
            "rated_ones": [row.is_rated for row in rows],
            "sources": [source.value for source, _ in asked],
            "at_once": [at_once for _, at_once in asked],
            "rated": int(Urgency.RATED),
            "walk": int(Urgency.WALK),
        }
        await self._connection.execute(_ASK, values)

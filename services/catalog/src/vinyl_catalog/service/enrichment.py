"""What curators see of other sources' answers, and decide about them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from vinyl_catalog.domain.answers import Answer, AnswerState, Urgency
from vinyl_catalog.domain.drafts import refuse_control_characters
from vinyl_catalog.domain.enrichment import (
    Decisions,
    Doubt,
    EnrichmentState,
    EnrichmentView,
    NewSkip,
    Skip,
    SourceState,
    asked_anew,
    check,
    decided,
    version_of,
    view_of,
)
from vinyl_catalog.domain.refusals import AlbumNotFound, ArtistNotFound, OnSkipList
from vinyl_catalog.domain.sources import BUILT_ON_MUSICBRAINZ, OFFERS, Field, Source, SubjectKind
from vinyl_catalog.enrichment.connections import Sources
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork
from vinyl_chassis.clock import now
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.errors import Invalid
from vinyl_contracts.events.catalog import AnswersOutdated
from vinyl_contracts.ids import UserId, new_id


class EnrichmentService:
    """`sources` are those that the work process asks."""

    def __init__(self, store: Store, sources: Sources) -> None:
        self._store = store
        self._sources = sources

    async def read_state(self) -> EnrichmentState:
        async with self._store.begin() as unit:
            counts = await unit.answers.count_by_state()
            sources = [await self._state(unit, source, counts) for source in Source]
            return EnrichmentState(sources, await unit.enrichment_walks.list_all())

    async def list_doubts(self, after: tuple[UUID, str] | None, limit: int) -> list[Doubt]:
        async with self._store.begin() as unit:
            found = await unit.answers.list_doubtful(after, limit)
        return [
            Doubt(subject_id, kind, each.source, each.confidence, list(each.candidates), each.asked_at)
            for subject_id, kind, each in found
        ]

    async def read(self, kind: SubjectKind, subject_id: UUID) -> EnrichmentView:
        async with self._store.begin() as unit:
            survivor, has_text = await _find(unit, kind, subject_id)
            return await self._view(unit, kind, survivor, dump_has_text=has_text)

    async def decide(
        self, kind: SubjectKind, subject_id: UUID, decisions: Decisions, expected: ExpectedVersion
    ) -> EnrichmentView:
        """Replaces all that was decided before. What it concerns is asked anew."""
        check(decisions, kind)
        async with self._store.begin() as unit:
            survivor, has_text = await _find(unit, kind, subject_id)
            await unit.enrichment_subjects.lock(survivor, kind)
            answers = await unit.answers.list_of(survivor, lock=True)
            before = await self._view(unit, kind, survivor, dump_has_text=has_text)
            expected.require().check(version_of(before))
            await unit.enrichment_subjects.choose(survivor, decisions.choices)
            await self._rule(unit, kind, survivor, answers, decisions)
            after = await self._view(unit, kind, survivor, dump_has_text=has_text)
            if before.shown != after.shown:
                await unit.sourced_fields.touch([survivor])
                await unit.outbox.add(AnswersOutdated([f"{kind.value}-{survivor}"]), new_id(), 1)
            return after

    async def refresh(
        self,
        kind: SubjectKind,
        subject_id: UUID,
        fields: Sequence[Field] | None,
        sources: Sequence[Source] | None,
    ) -> EnrichmentView:
        """Asks the sources, those of some fields or all, before anything else. Raises OnSkipList."""
        asked = self._asked(kind, fields, sources)
        async with self._store.begin() as unit:
            survivor, has_text = await _find(unit, kind, subject_id)
            _, skip = await unit.enrichment_subjects.find(survivor)
            if skip is not None:
                raise OnSkipList
            due: dict[Source, datetime | None] = dict.fromkeys(asked, now())
            await unit.answers.enqueue(survivor, kind, due, Urgency.PERSON, fields)
            return await self._view(unit, kind, survivor, dump_has_text=has_text)

    async def skip(self, kind: SubjectKind, subject_id: UUID, new: NewSkip, by: UserId) -> Skip:
        refuse_control_characters(new)
        async with self._store.begin() as unit:
            survivor, _ = await _find(unit, kind, subject_id)
            _, known = await unit.enrichment_subjects.lock(survivor, kind)
            since = known.skipped_at if known else now()
            skip = Skip(survivor, kind, new.reason, since, by)
            await unit.enrichment_subjects.skip(skip)
            return skip

    async def unskip(self, kind: SubjectKind, subject_id: UUID) -> None:
        async with self._store.begin() as unit:
            survivor, _ = await _find(unit, kind, subject_id)
            await unit.enrichment_subjects.unskip(survivor)

    async def list_skips(self, after: UUID | None, limit: int) -> Sequence[Skip]:
        async with self._store.begin() as unit:
            return await unit.enrichment_subjects.list_skips(after, limit)

    async def _state(
        self, unit: UnitOfWork, source: Source, counts: dict[tuple[Source, str], int]
    ) -> SourceState:
        allowance = self._sources.allowance(source)
        standing = await unit.source_ledger.standing(source, allowance)
        return SourceState(
            source=source,
            is_on=source in self._sources.on,
            budget=allowance.limit,
            budget_left=max(0, allowance.limit - standing.used),
            budget_seconds=allowance.window_seconds,
            breaker=standing.breaker,
            open_until=standing.open_until if standing.is_open else None,
            blocked_until=standing.blocked_until,
            queue=await unit.answers.count_due(source),
            answers={state: counts.get((source, state), 0) for state in AnswerState},
            answered_at=standing.answered_at,
            failed_at=standing.failed_at,
            last_error=standing.last_error,
        )

    async def _view(
        self, unit: UnitOfWork, kind: SubjectKind, subject_id: UUID, *, dump_has_text: bool
    ) -> EnrichmentView:
        answers = await unit.answers.list_of(subject_id)
        enrichment = await unit.sourced_fields.find(subject_id)
        _, skip = await unit.enrichment_subjects.find(subject_id)
        return view_of(
            subject_id, kind, answers, enrichment, skip, self._sources.on, dump_has_text=dump_has_text
        )

    async def _rule(
        self,
        unit: UnitOfWork,
        kind: SubjectKind,
        subject_id: UUID,
        answers: dict[Source, Answer],
        decisions: Decisions,
    ) -> None:
        for source in OFFERS[kind]:
            ruled = decided(answers.get(source) or Answer(source), decisions, now())
            if ruled is None:
                continue
            if source not in answers:
                await unit.answers.enqueue(subject_id, kind, {source: now()}, Urgency.PERSON)
            await unit.answers.save(subject_id, ruled)
            if ruled.state is AnswerState.WAITING:
                await unit.sourced_fields.replace(subject_id, source, OFFERS[kind][source], [])
                if source is Source.MUSICBRAINZ:
                    await _forget_dependents(unit, kind, subject_id, answers)

    def _asked(
        self, kind: SubjectKind, fields: Sequence[Field] | None, sources: Sequence[Source] | None
    ) -> list[Source]:
        """Of the sources that are on. Raises Invalid where one is named that could not answer."""
        offers = OFFERS[kind]
        for number, source in enumerate(sources or ()):
            if source not in offers or source not in self._sources.on:
                raise Invalid.field(f"sources[{number}]", "is not asked here, or says nothing of this")
        return [
            source
            for source in self._sources.on
            if source in offers
            and (sources is None or source in sources)
            and (fields is None or offers[source].intersection(fields))
        ]


async def _find(unit: UnitOfWork, kind: SubjectKind, subject_id: UUID) -> tuple[UUID, bool]:
    """The album or artist, or the one that it was merged into; and whether the dump has a text of it."""
    if kind is SubjectKind.ALBUM:
        survivor = await unit.albums.find_survivor(subject_id) or subject_id
        album = await unit.albums.find(survivor)
        if album is None:
            raise AlbumNotFound
        return survivor, bool(album.master and album.master.notes)
    survivor = await unit.artists.find_survivor(subject_id) or subject_id
    artist = await unit.artists.find(survivor)
    if artist is None:
        raise ArtistNotFound
    return survivor, bool(artist.facts and artist.facts.profile)


async def _forget_dependents(
    unit: UnitOfWork, kind: SubjectKind, subject_id: UUID, answers: dict[Source, Answer]
) -> None:
    """What was found with another record of MusicBrainz waits for the right one."""
    for source in BUILT_ON_MUSICBRAINZ:
        if source in answers and answers[source].confirmed_id is None:
            await unit.answers.save(subject_id, asked_anew(answers[source], None))
            await unit.sourced_fields.replace(subject_id, source, OFFERS[kind][source], [])

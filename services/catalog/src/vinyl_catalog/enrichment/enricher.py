"""Asking one source about one album or artist, and keeping what it says."""

import asyncio
from collections.abc import Sequence

import msgspec

from vinyl_catalog.domain.albums import Album, album_of
from vinyl_catalog.domain.answers import (
    Answer,
    AnswerState,
    Found,
    Task,
    Urgency,
    due_after,
    due_after_failure,
    fields_of,
)
from vinyl_catalog.domain.credits import printed
from vinyl_catalog.domain.edits import AlbumEdits, ArtistEdits
from vinyl_catalog.domain.links import discogs_record_in
from vinyl_catalog.domain.matching import Candidate, Subject, Verdict, match
from vinyl_catalog.domain.sourced import Enrichment, SourcedField
from vinyl_catalog.domain.sources import (
    BUILT_ON_MUSICBRAINZ,
    OFFERS,
    WAITS_FOR,
    Field,
    Source,
    SubjectKind,
)
from vinyl_catalog.enrichment.faults import NoSuchThing, NoTurn, SourceFault, Unreachable
from vinyl_catalog.enrichment.reading import Known, SourceReader
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork
from vinyl_chassis.clock import now

LEASE_SECONDS = 300.0
# Ends well before the lease, so that nobody else is asking the same meanwhile.
_LONGEST_ASKING_SECONDS = 240.0


class Outcome(msgspec.Struct, frozen=True):
    """`replaces` is false where nothing was learned: what was known stays."""

    answer: Answer
    fields: Sequence[SourcedField] = ()
    replaces: bool = True


class Enricher:
    def __init__(self, store: Store, source: Source, reader: SourceReader) -> None:
        self._store = store
        self._source = source
        self._reader = reader

    async def carry_out(self, task: Task) -> None:
        subject, known, is_rated = await self._look_up(task)
        if subject is None:
            async with self._store.begin() as unit:
                await unit.answers.remove_all_of(task.subject_id)
            return
        try:
            async with asyncio.timeout(_LONGEST_ASKING_SECONDS):
                outcome = await self._ask(task, subject, known)
        except NoTurn:
            async with self._store.begin() as unit:
                await unit.answers.release(task)
            return
        except NoSuchThing:
            outcome = Outcome(_absent(task.answer))
        except SourceFault as fault:
            outcome = _failed(task.answer, fault)
        except TimeoutError:
            outcome = _failed(task.answer, Unreachable("it took too long"))
        await self._keep(task, outcome, is_rated=is_rated)

    async def give_up(self, task: Task) -> None:
        """After a fault of ours, so that one subject does not hold up the others."""
        failed = _failed(task.answer, SourceFault("it broke off here, and why was logged"))
        await self._keep(task, failed, is_rated=False)

    async def _ask(self, task: Task, subject: Subject, known: Known) -> Outcome:
        answer = task.answer
        told = subject.musicbrainz_id if self._source is Source.MUSICBRAINZ else None
        ruled = answer.confirmed_id or told
        if ruled is not None:
            chosen = Candidate(ruled, subject.name, confidence=1.0)
        elif answer.state is AnswerState.MATCHED and self._source not in BUILT_ON_MUSICBRAINZ:
            assert answer.foreign_id is not None  # noqa: S101 - what is matched has one
            chosen = Candidate(answer.foreign_id, subject.name, confidence=answer.confidence or 0.0)
        else:
            found = match(subject, await self._reader.find(subject, known), answer.rejected_ids)
            if found.verdict is Verdict.NONE:
                return Outcome(_absent(answer))
            if found.verdict is Verdict.DOUBTFUL:
                return Outcome(_doubtful(answer, found.candidates))
            chosen = found.best
        said = await self._reader.read(subject, chosen.foreign_id)
        if not any(said.values.values()):
            return Outcome(_absent(answer))
        return Outcome(_matched(answer, chosen, said), fields_of(task, said, now()))

    async def _look_up(self, task: Task) -> tuple[Subject | None, Known, bool]:
        async with self._store.begin() as unit:
            known = _known(await unit.sourced_fields.find(task.subject_id))
            if task.kind is SubjectKind.ARTIST:
                return await _artist(unit, task), known, False
            stored = await unit.albums.find(task.subject_id)
            if stored is None:
                return None, known, False
            album = album_of(stored, await unit.names.look_up(stored.wanted))
            return subject_of(album, stored.edits), known, album.rating.count > 0

    async def _keep(self, task: Task, outcome: Outcome, *, is_rated: bool) -> None:
        answer, offered = outcome.answer, OFFERS[task.kind][self._source]
        if answer.failures == 0:
            due_at = due_after(self._source, answer.state, now(), is_rated=is_rated)
            answer = msgspec.structs.replace(answer, due_at=due_at)
        async with self._store.begin() as unit:
            before = await unit.sourced_fields.find(task.subject_id)
            urgency = Urgency.RATED if is_rated else Urgency.RENEWAL
            if not await unit.answers.settle(task, answer, task.urgency if answer.failures else urgency):
                return
            if outcome.replaces:
                replaced = [field for field in offered if task.wants(field)]
                await unit.sourced_fields.replace(task.subject_id, self._source, replaced, outcome.fields)
            after = await unit.sourced_fields.find(task.subject_id)
            if before.shown() != after.shown():
                await unit.sourced_fields.touch([task.subject_id])
            await self._wake_others(unit, task, answer, after)

    async def _wake_others(
        self, unit: UnitOfWork, task: Task, answer: Answer, enrichment: Enrichment
    ) -> None:
        """Those that waited for this answer; what it found anew is a reason to ask some of them again."""
        waiting = [source for source, before in WAITS_FOR.items() if before is self._source]
        if self._source is Source.COVER_ART_ARCHIVE and enrichment.images():
            return
        is_new = self._source is Source.MUSICBRAINZ and answer.foreign_id != task.answer.foreign_id
        if waiting:
            await unit.answers.wake(task.subject_id, waiting, answered_too=is_new)


def subject_of(album: Album, edits: AlbumEdits | None) -> Subject:
    master_id, release_id = album.identifiers.discogs_master_id, album.identifiers.discogs_main_release_id
    if not (master_id or release_id) and edits and edits.links:
        linked = discogs_record_in(edits.links)
        master_id = linked.number if linked and linked.kind == "master" else None
        release_id = linked.number if linked and linked.kind == "release" else None
    return Subject(
        id=album.id,
        kind=SubjectKind.ALBUM,
        name=album.title,
        artist=printed(album.artists),
        year=album.year,
        track_count=sum(track.kind != "heading" for track in album.tracks) or None,
        discogs_master_id=master_id,
        discogs_release_id=release_id,
        musicbrainz_id=_set_by_curator(edits),
    )


async def _artist(unit: UnitOfWork, task: Task) -> Subject | None:
    stored = await unit.artists.find(task.subject_id)
    if stored is None:
        return None
    number = stored.discogs_artist_id
    return Subject(
        stored.id,
        task.kind,
        stored.shown_facts.name,
        discogs_artist_id=number if number and number > 0 else None,
        musicbrainz_id=_set_by_curator(stored.edits),
    )


def _set_by_curator(edits: AlbumEdits | ArtistEdits | None) -> str | None:
    return str(edits.musicbrainz_id) if edits and edits.musicbrainz_id else None


def _known(enrichment: Enrichment) -> Known:
    said = [field for field in enrichment.fields if field.source is Source.MUSICBRAINZ]
    only = Enrichment(tuple(field for field in said if field.field is Field.LINKS))
    return Known(enrichment.musicbrainz_id(), tuple(only.links([])))


def _matched(answer: Answer, chosen: Candidate, said: Found) -> Answer:
    return msgspec.structs.replace(
        answer,
        state=AnswerState.MATCHED,
        foreign_id=said.foreign_id,
        url=said.url,
        confidence=chosen.confidence,
        candidates=(),
        asked_at=now(),
        failures=0,
        error=None,
    )


def _doubtful(answer: Answer, candidates: tuple[Candidate, ...]) -> Answer:
    return msgspec.structs.replace(
        _absent(answer),
        state=AnswerState.DOUBTFUL,
        confidence=candidates[0].confidence,
        candidates=candidates,
    )


def _absent(answer: Answer) -> Answer:
    return msgspec.structs.replace(
        answer,
        state=AnswerState.ABSENT,
        foreign_id=None,
        url=None,
        confidence=None,
        candidates=(),
        asked_at=now(),
        failures=0,
        error=None,
    )


def _failed(answer: Answer, fault: SourceFault) -> Outcome:
    failures = answer.failures + 1
    error = f"{getattr(fault, 'code', 'internal')}: {fault}"[:300]
    due_at = due_after_failure(failures, now())
    failed = msgspec.structs.replace(answer, failures=failures, error=error, due_at=due_at)
    return Outcome(failed, replaces=False)

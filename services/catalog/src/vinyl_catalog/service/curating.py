"""What every curator's act has in common: the record is held, its version checked, and the act noted."""

from typing import Any
from uuid import UUID

import msgspec

from vinyl_catalog.domain.refusals import AlbumNotFound, ArtistNotFound, NothingToUndo, RevisionNotFound
from vinyl_catalog.domain.revisions import Action, Editor, Revision, SourceRecord, Subject
from vinyl_catalog.store.curation import Held
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork
from vinyl_chassis.clock import now
from vinyl_chassis.versions import ExpectedVersion

_NOT_FOUND = {Subject.ALBUM: AlbumNotFound, Subject.ARTIST: ArtistNotFound}


async def hold(unit: UnitOfWork, subject: Subject, subject_id: UUID) -> Held:
    """Also one that is withdrawn. Raises AlbumNotFound or ArtistNotFound."""
    held = await unit.curation.hold(subject, subject_id)
    if held is None:
        raise _NOT_FOUND[subject]
    return held


async def hold_shown(unit: UnitOfWork, subject: Subject, subject_id: UUID, expected: ExpectedVersion) -> Held:
    """One that everybody sees, at the version that the curator saw."""
    held = await hold(unit, subject, subject_id)
    if held.is_withdrawn:
        raise _NOT_FOUND[subject]
    expected.check_record(held.version)
    return held


async def hold_to_restore(unit: UnitOfWork, subject: Subject, subject_id: UUID) -> Held:
    """One that was withdrawn, not merged. Raises NothingToUndo."""
    held = await hold(unit, subject, subject_id)
    store = unit.albums if subject is Subject.ALBUM else unit.artists
    if not held.is_withdrawn or await store.find_survivor(subject_id) is not None:
        raise NothingToUndo("It is not withdrawn any more.")
    return held


async def note(
    unit: UnitOfWork,
    subject: Subject,
    subject_id: UUID,
    action: Action,
    editor: Editor,
    *,
    comment: str | None = None,
    former: Any = None,
    latter: Any = None,
    undoes: int | None = None,
) -> Revision:
    revision = Revision(
        number=0,
        action=action,
        editor=editor,
        comment=comment,
        former=msgspec.to_builtins(former) if former is not None else {},
        latter=msgspec.to_builtins(latter) if latter is not None else {},
        undoes=undoes,
        made_at=now(),
    )
    return await unit.revisions.add(subject, subject_id, revision)


async def find_revision(unit: UnitOfWork, subject: Subject, subject_id: UUID, number: int) -> Revision:
    revision = await unit.revisions.find(subject, subject_id, number)
    if revision is None:
        raise RevisionNotFound
    return revision


class HistoryService:
    """What became of a record, and from what."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def list_revisions(
        self, subject: Subject, subject_id: UUID, before: int | None, limit: int
    ) -> list[Revision]:
        """The newest first; those of a withdrawn record too."""
        async with self._store.begin() as unit:
            await hold(unit, subject, subject_id)
            return await unit.revisions.list_newest(subject, subject_id, before, limit)

    async def list_sources(self, subject: Subject, subject_id: UUID) -> list[SourceRecord]:
        async with self._store.begin() as unit:
            await hold(unit, subject, subject_id)
            return await unit.curation.list_sources(subject, subject_id)

"""What curators do with albums."""

from uuid import UUID

import msgspec

from vinyl_catalog.domain.albums import Album, StoredAlbum, album_of
from vinyl_catalog.domain.drafted import album_edits_of, artist_ids_in, label_ids_in
from vinyl_catalog.domain.drafts import AlbumChanges, AlbumDraft, refuse_control_characters
from vinyl_catalog.domain.edits import (
    AlbumEdits,
    changed,
    difference,
    fields_set,
    laid_over_album,
    restored,
)
from vinyl_catalog.domain.facts import ReleaseFacts
from vinyl_catalog.domain.lists import Versioned
from vinyl_catalog.domain.references import together, wanted_by_album
from vinyl_catalog.domain.refusals import AlbumNotFound, NothingToUndo, RevisionOvertaken
from vinyl_catalog.domain.revisions import Action, Editor, Revision, Subject
from vinyl_catalog.domain.songs import release_id_from
from vinyl_catalog.imports.edited_records import derive_albums
from vinyl_catalog.imports.staged_rows import release_row
from vinyl_catalog.imports.telling import fitted
from vinyl_catalog.service.albums import named_albums
from vinyl_catalog.service.curating import find_revision, hold, hold_shown, hold_to_restore, note
from vinyl_catalog.store.merging import Moved
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork
from vinyl_chassis.clock import now
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.errors import Invalid
from vinyl_contracts.events.catalog import AlbumChanged, AlbumWithdrawn
from vinyl_contracts.ids import AlbumId, new_id

_ALBUM = Subject.ALBUM
_WITHOUT_PLACE = ("text", "links", "musicbrainz_id")


class AlbumCuration:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def add_album(self, editor: Editor, draft: AlbumDraft) -> Versioned[Album]:
        """Of one release, which is all that the curator says of it."""
        refuse_control_characters(draft)
        album_id, release_id = new_id(), release_id_from(new_id())
        async with self._store.begin() as unit:
            edits = await _edits_of(unit, draft.changes, None)
            _, facts = laid_over_album(edits, None, None)
            row = release_row(facts or ReleaseFacts(0, draft.title), b"")
            await unit.curation.add_album(album_id, release_id, row, now())
            rest = AlbumEdits(**{name: getattr(edits, name) for name in _WITHOUT_PLACE})
            await unit.curation.save(_ALBUM, album_id, rest, None)
            await note(unit, _ALBUM, album_id, Action.CREATED, editor, comment=draft.comment, latter=edits)
            return await tell(unit, album_id)

    async def change_album(
        self, editor: Editor, album_id: UUID, expected: ExpectedVersion, changes: AlbumChanges
    ) -> Versioned[Album]:
        """What is as it was already changes nothing, so that sources go on telling it."""
        refuse_control_characters(changes)
        async with self._store.begin() as unit:
            held = await hold_shown(unit, _ALBUM, album_id, expected.require())
            stored = await shown_album(unit, album_id)
            edits = await _edits_of(unit, changes, stored)
            meant = await _differing(unit, stored, edits)
            latter = changed(held.edits, meant)
            return await edit_album(unit, editor, album_id, held.edits, latter, changes.comment)

    async def withdraw_album(self, editor: Editor, album_id: UUID, expected: ExpectedVersion) -> None:
        async with self._store.begin() as unit:
            held = await hold_shown(unit, _ALBUM, album_id, expected.require())
            await _withdraw(unit, editor, album_id, held.edits)

    async def merge_album(
        self, editor: Editor, album_id: UUID, into: UUID, expected: ExpectedVersion, comment: str | None
    ) -> Versioned[Album]:
        """The survivor, with the releases of both; the ids of the other redirect to it."""
        async with self._store.begin() as unit:
            into = await unit.albums.find_survivor(into) or into
            if into == album_id:
                raise Invalid.field("into", "is the album itself")
            for each in sorted((album_id, into)):
                await hold(unit, _ALBUM, each)
            merged = await hold_shown(unit, _ALBUM, album_id, expected)
            survivor = await hold(unit, _ALBUM, into)
            if survivor.is_withdrawn:
                raise AlbumNotFound
            releases = await unit.merging.move_releases(album_id, into)
            redirects = await unit.merging.redirect(_ALBUM, album_id, into, now())
            await unit.curation.save(_ALBUM, album_id, merged.edits, now())
            await unit.curation.save(_ALBUM, into, survivor.edits, None)
            moved = Moved(album_id, releases, redirects)
            await note(unit, _ALBUM, into, Action.MERGED, editor, comment=comment, latter=moved)
            await unit.merging.choose_leads([album_id, into])
            await derive_albums(unit, [album_id])
            return await tell(unit, into)

    async def undo_album_revision(
        self, editor: Editor, album_id: UUID, number: int, expected: ExpectedVersion
    ) -> Versioned[Album]:
        """As a new revision. Raises RevisionOvertaken, or NothingToUndo."""
        async with self._store.begin() as unit:
            held = await hold(unit, _ALBUM, album_id)
            expected.check_record(held.version)
            revision = await find_revision(unit, _ALBUM, album_id, number)
            match revision.action:
                case Action.EDITED:
                    if held.is_withdrawn:
                        raise AlbumNotFound
                    latter = restored(held.edits, *_changes_of(revision))
                    if latter is None:
                        raise RevisionOvertaken
                    return await edit_album(unit, editor, album_id, held.edits, latter, None, number)
                case Action.WITHDRAWN:
                    await hold_to_restore(unit, _ALBUM, album_id)
                    await unit.curation.save(_ALBUM, album_id, held.edits, None)
                    await note(unit, _ALBUM, album_id, Action.RESTORED, editor, undoes=number)
                    return await tell(unit, album_id)
                case Action.MERGED:
                    return await _part(unit, editor, album_id, revision)
                case _:
                    raise NothingToUndo(
                        f"That it was {revision.action.value} is not undone: do the opposite."
                    )


async def shown_album(unit: UnitOfWork, album_id: UUID) -> StoredAlbum:
    stored = await unit.albums.find(album_id)
    if stored is None:
        raise AlbumNotFound
    return stored


async def edit_album(
    unit: UnitOfWork,
    editor: Editor,
    album_id: UUID,
    held: AlbumEdits,
    edits: AlbumEdits,
    comment: str | None,
    undoes: int | None = None,
) -> Versioned[Album]:
    """The album, which is held, with these edits from now on."""
    former, latter = difference(held, edits)
    if not fields_set(former) and not fields_set(latter):
        return await _versioned(unit, album_id)
    await unit.curation.save(_ALBUM, album_id, edits, None)
    await note(
        unit,
        _ALBUM,
        album_id,
        Action.EDITED,
        editor,
        comment=comment,
        former=former,
        latter=latter,
        undoes=undoes,
    )
    return await tell(unit, album_id)


async def tell(unit: UnitOfWork, album_id: UUID, *, is_parted: bool = False) -> Versioned[Album]:
    """Draws the columns anew and tells the other services."""
    await derive_albums(unit, [album_id])
    await unit.curation.forget_untold(album_id)
    [state] = await unit.untold_albums.states([album_id])
    fitting, _ = fitted(state)
    await unit.outbox.add(AlbumChanged(fitting, is_parted), album_id, state.version)
    return await _versioned(unit, album_id)


async def _versioned(unit: UnitOfWork, album_id: UUID) -> Versioned[Album]:
    stored = await shown_album(unit, album_id)
    [album] = await named_albums(unit, [stored])
    return album.versioned()


async def _edits_of(unit: UnitOfWork, changes: AlbumChanges, stored: StoredAlbum | None) -> AlbumEdits:
    known = await unit.curation.find_known(artist_ids_in(changes), label_ids_in(changes))
    former = stored.lead.tracks if stored and stored.lead else ()
    return album_edits_of(changes, known, former)


async def _differing(unit: UnitOfWork, stored: StoredAlbum, edits: AlbumEdits) -> AlbumEdits:
    """Those of the edits by which the album is shown otherwise."""
    master, lead = laid_over_album(edits, stored.master, stored.lead)
    names = await unit.names.look_up(together([stored.wanted, wanted_by_album(master, lead)]))
    curated = changed(stored.edits or AlbumEdits(), edits)
    edited = msgspec.structs.replace(stored, master=master, lead=lead, edits=curated)
    before, after = album_of(stored, names), album_of(edited, names)
    shown_in = {"musicbrainz_id": "identifiers"}
    differing = {
        name: value
        for name, value in fields_set(edits).items()
        if getattr(before, shown_in.get(name, name)) != getattr(after, shown_in.get(name, name))
    }
    return AlbumEdits(**differing)


async def _withdraw(unit: UnitOfWork, editor: Editor, album_id: UUID, edits: AlbumEdits) -> None:
    version = await unit.curation.save(_ALBUM, album_id, edits, now())
    await note(unit, _ALBUM, album_id, Action.WITHDRAWN, editor)
    await derive_albums(unit, [album_id])
    await unit.outbox.add(AlbumWithdrawn(AlbumId(album_id)), album_id, version)


async def _part(unit: UnitOfWork, editor: Editor, survivor_id: UUID, revision: Revision) -> Versioned[Album]:
    moved = msgspec.convert(revision.latter, Moved)
    merged = await hold(unit, _ALBUM, moved.merged_id)
    if not await unit.merging.end_redirect(_ALBUM, survivor_id, moved):
        raise NothingToUndo("It is not merged into this one any more.")
    await unit.merging.return_releases(survivor_id, moved)
    survivor = await hold(unit, _ALBUM, survivor_id)
    await unit.curation.save(_ALBUM, moved.merged_id, merged.edits, None)
    await unit.curation.save(_ALBUM, survivor_id, survivor.edits, None)
    await unit.merging.choose_leads([moved.merged_id, survivor_id])
    await note(unit, _ALBUM, survivor_id, Action.PARTED, editor, former=moved, undoes=revision.number)
    await tell(unit, moved.merged_id, is_parted=True)
    return await tell(unit, survivor_id)


def _changes_of(revision: Revision) -> tuple[AlbumEdits, AlbumEdits]:
    return msgspec.convert(revision.former, AlbumEdits), msgspec.convert(revision.latter, AlbumEdits)

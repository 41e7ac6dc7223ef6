"""What curators do with artists."""

from uuid import UUID

import msgspec

from vinyl_catalog.domain.artists import Artist, StoredArtist, artist_of
from vinyl_catalog.domain.drafted import artist_edits_of, artist_ids_in
from vinyl_catalog.domain.drafts import ArtistChanges, ArtistDraft, refuse_control_characters
from vinyl_catalog.domain.edits import ArtistEdits, changed, difference, fields_set, restored
from vinyl_catalog.domain.lists import Versioned
from vinyl_catalog.domain.references import wanted_by
from vinyl_catalog.domain.refusals import ArtistNotFound, NothingToUndo, RevisionOvertaken
from vinyl_catalog.domain.revisions import Action, Editor, Revision, Subject
from vinyl_catalog.imports.edited_records import derive_artists
from vinyl_catalog.imports.telling import tell_of_artists
from vinyl_catalog.service.curating import find_revision, hold, hold_shown, hold_to_restore, note
from vinyl_catalog.store.merging import Moved
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork
from vinyl_chassis.clock import now
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.errors import Invalid
from vinyl_contracts.ids import new_id

_ARTIST = Subject.ARTIST
_SHOWN_IN = {"urls": "links", "musicbrainz_id": "identifiers"}


class ArtistCuration:
    """Albums show their artists' names, so they are told anew where a name changed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add_artist(self, editor: Editor, draft: ArtistDraft) -> Versioned[Artist]:
        refuse_control_characters(draft)
        artist_id = new_id()
        async with self._store.begin() as unit:
            edits = await _edits_of(unit, draft.changes)
            await unit.curation.add_artist(artist_id, now())
            await unit.curation.save(_ARTIST, artist_id, edits, None)
            await note(unit, _ARTIST, artist_id, Action.CREATED, editor, comment=draft.comment, latter=edits)
            await derive_artists(unit, [artist_id])
            return await _versioned(unit, artist_id)

    async def change_artist(
        self, editor: Editor, artist_id: UUID, expected: ExpectedVersion, changes: ArtistChanges
    ) -> Versioned[Artist]:
        """What is as it was already changes nothing, so that sources go on telling it."""
        refuse_control_characters(changes)
        async with self._store.begin() as unit:
            held = await hold_shown(unit, _ARTIST, artist_id, expected.require())
            meant = await _differing(unit, artist_id, await _edits_of(unit, changes))
            latter = changed(held.edits, meant)
            artist = await _edit(unit, editor, artist_id, held.edits, latter, changes.comment)
        await tell_of_artists(self._store)
        return artist

    async def withdraw_artist(self, editor: Editor, artist_id: UUID, expected: ExpectedVersion) -> None:
        """Albums then name the artist without an id."""
        async with self._store.begin() as unit:
            held = await hold_shown(unit, _ARTIST, artist_id, expected.require())
            await unit.curation.save(_ARTIST, artist_id, held.edits, now())
            await note(unit, _ARTIST, artist_id, Action.WITHDRAWN, editor)
            await derive_artists(unit, [artist_id])
            await _touch_albums(unit, artist_id)
        await tell_of_artists(self._store)

    async def merge_artist(
        self, editor: Editor, artist_id: UUID, into: UUID, expected: ExpectedVersion, comment: str | None
    ) -> Versioned[Artist]:
        """The survivor, who is credited wherever the other was; the ids of the other redirect."""
        async with self._store.begin() as unit:
            into = await unit.artists.find_survivor(into) or into
            if into == artist_id:
                raise Invalid.field("into", "is the artist itself")
            for each in sorted((artist_id, into)):
                await hold(unit, _ARTIST, each)
            merged = await hold_shown(unit, _ARTIST, artist_id, expected)
            survivor = await hold(unit, _ARTIST, into)
            if survivor.is_withdrawn:
                raise ArtistNotFound
            await _touch_albums(unit, artist_id)
            redirects = await unit.merging.redirect(_ARTIST, artist_id, into, now())
            await unit.curation.save(_ARTIST, artist_id, merged.edits, now())
            await unit.curation.save(_ARTIST, into, survivor.edits, None)
            moved = Moved(artist_id, redirects=redirects)
            await note(unit, _ARTIST, into, Action.MERGED, editor, comment=comment, latter=moved)
            await derive_artists(unit, [artist_id, into])
            artist = await _versioned(unit, into)
        await tell_of_artists(self._store)
        return artist

    async def undo_artist_revision(
        self, editor: Editor, artist_id: UUID, number: int, expected: ExpectedVersion
    ) -> Versioned[Artist]:
        """As a new revision. Raises RevisionOvertaken, or NothingToUndo."""
        async with self._store.begin() as unit:
            held = await hold(unit, _ARTIST, artist_id)
            expected.check_record(held.version)
            artist = await _undo(unit, editor, artist_id, number)
        await tell_of_artists(self._store)
        return artist


async def _undo(unit: UnitOfWork, editor: Editor, artist_id: UUID, number: int) -> Versioned[Artist]:
    held = await hold(unit, _ARTIST, artist_id)
    revision = await find_revision(unit, _ARTIST, artist_id, number)
    match revision.action:
        case Action.EDITED:
            if held.is_withdrawn:
                raise ArtistNotFound
            latter = restored(held.edits, *_changes_of(revision))
            if latter is None:
                raise RevisionOvertaken
            return await _edit(unit, editor, artist_id, held.edits, latter, None, number)
        case Action.WITHDRAWN:
            await hold_to_restore(unit, _ARTIST, artist_id)
            await unit.curation.save(_ARTIST, artist_id, held.edits, None)
            await note(unit, _ARTIST, artist_id, Action.RESTORED, editor, undoes=number)
        case Action.MERGED:
            await _part(unit, editor, artist_id, revision)
        case _:
            raise NothingToUndo(f"That it was {revision.action.value} is not undone: do the opposite.")
    await derive_artists(unit, [artist_id])
    await _touch_albums(unit, artist_id)
    return await _versioned(unit, artist_id)


async def _part(unit: UnitOfWork, editor: Editor, survivor_id: UUID, revision: Revision) -> None:
    moved = msgspec.convert(revision.latter, Moved)
    merged = await hold(unit, _ARTIST, moved.merged_id)
    await _touch_albums(unit, survivor_id)
    if not await unit.merging.end_redirect(_ARTIST, survivor_id, moved):
        raise NothingToUndo("It is not merged into this one any more.")
    survivor = await hold(unit, _ARTIST, survivor_id)
    await unit.curation.save(_ARTIST, moved.merged_id, merged.edits, None)
    await unit.curation.save(_ARTIST, survivor_id, survivor.edits, None)
    await note(unit, _ARTIST, survivor_id, Action.PARTED, editor, former=moved, undoes=revision.number)
    await derive_artists(unit, [moved.merged_id])


async def _edit(
    unit: UnitOfWork,
    editor: Editor,
    artist_id: UUID,
    held: ArtistEdits,
    edits: ArtistEdits,
    comment: str | None,
    undoes: int | None = None,
) -> Versioned[Artist]:
    former, latter = difference(held, edits)
    if not fields_set(former) and not fields_set(latter):
        return await _versioned(unit, artist_id)
    await unit.curation.save(_ARTIST, artist_id, edits, None)
    await note(
        unit,
        _ARTIST,
        artist_id,
        Action.EDITED,
        editor,
        comment=comment,
        former=former,
        latter=latter,
        undoes=undoes,
    )
    await derive_artists(unit, [artist_id])
    if held.name != edits.name:
        await _touch_albums(unit, artist_id)
    return await _versioned(unit, artist_id)


async def _touch_albums(unit: UnitOfWork, artist_id: UUID) -> None:
    await unit.untold_artists.add(await unit.artists.list_numbers(artist_id))


async def _versioned(unit: UnitOfWork, artist_id: UUID) -> Versioned[Artist]:
    stored = await _shown(unit, artist_id)
    names = await unit.names.look_up(wanted_by(stored.shown_facts))
    return Versioned(artist_of(stored, names), stored.version)


async def _shown(unit: UnitOfWork, artist_id: UUID) -> StoredArtist:
    stored = await unit.artists.find(artist_id)
    if stored is None:
        raise ArtistNotFound
    return stored


async def _edits_of(unit: UnitOfWork, changes: ArtistChanges) -> ArtistEdits:
    return artist_edits_of(changes, await unit.curation.find_known(artist_ids_in(changes), set()))


async def _differing(unit: UnitOfWork, artist_id: UUID, edits: ArtistEdits) -> ArtistEdits:
    """Those of the edits by which the artist is shown otherwise."""
    stored = await _shown(unit, artist_id)
    edited = msgspec.structs.replace(stored, edits=changed(stored.edits or ArtistEdits(), edits))
    names = await unit.names.look_up(wanted_by(stored.shown_facts, edited.shown_facts))
    before, after = artist_of(stored, names), artist_of(edited, names)
    differing = {
        name: value
        for name, value in fields_set(edits).items()
        if getattr(before, _SHOWN_IN.get(name, name)) != getattr(after, _SHOWN_IN.get(name, name))
    }
    return ArtistEdits(**differing)


def _changes_of(revision: Revision) -> tuple[ArtistEdits, ArtistEdits]:
    return msgspec.convert(revision.former, ArtistEdits), msgspec.convert(revision.latter, ArtistEdits)

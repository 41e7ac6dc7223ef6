"""What curators do with songs: each is an entry of its album's tracks, so the album is what they edit."""

from collections.abc import Callable
from uuid import UUID

import msgspec
from msgspec import UNSET

from vinyl_catalog.domain.albums import StoredAlbum
from vinyl_catalog.domain.drafted import artist_ids_in, credit_of, length_of
from vinyl_catalog.domain.drafts import AlbumChanges, SongChanges, SongDraft, refuse_control_characters
from vinyl_catalog.domain.facts import SourceTrack
from vinyl_catalog.domain.lists import Versioned
from vinyl_catalog.domain.refusals import SongNotFound
from vinyl_catalog.domain.revisions import Editor, Subject
from vinyl_catalog.domain.songs import Song, SongPlace, place_of
from vinyl_catalog.domain.track_editing import Tracks, with_changed_song, with_numbers, with_song
from vinyl_catalog.domain.tracks import numbered_songs
from vinyl_catalog.service.album_curation import edit_album, shown_album
from vinyl_catalog.service.curating import hold, hold_shown
from vinyl_catalog.service.songs import songs_at
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.errors import Invalid


class SongCuration:
    """The version of a song is its album's."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add_song(self, editor: Editor, draft: SongDraft) -> Versioned[Song]:
        """At the end of the album's tracks."""
        refuse_control_characters(draft)
        if draft.album_id is None:
            raise Invalid.field("album_id", "is needed")
        async with self._store.begin() as unit:
            album_id = await unit.albums.find_survivor(draft.album_id) or draft.album_id
            await hold_shown(unit, Subject.ALBUM, album_id, ExpectedVersion(None))
            album = await shown_album(unit, album_id)
            song = await _changed(unit, SourceTrack(), draft.changes)
            tracks, number = with_song(_tracks_of(album), song)
            if album.lead_release_id is None:
                raise Invalid.field("album_id", "has no release yet, and so no place for songs")
            version = await _edit(unit, editor, album, tracks, draft.comment)
            return await _versioned(unit, SongPlace(album.lead_release_id, number), version)

    async def replace_song(
        self, editor: Editor, song_id: UUID, expected: ExpectedVersion, draft: SongDraft
    ) -> Versioned[Song]:
        """In the album where it is: a song does not move."""
        async with self._store.begin() as unit:
            album = await _album_of(unit, place_of(song_id))
            if draft.album_id is not None and draft.album_id != album.id:
                raise Invalid.field("album_id", "is not this song's: remove it here and add it there")
        return await self.change_song(editor, song_id, expected, draft.changes)

    async def change_song(
        self, editor: Editor, song_id: UUID, expected: ExpectedVersion, changes: SongChanges
    ) -> Versioned[Song]:
        refuse_control_characters(changes)
        place = place_of(song_id)
        async with self._store.begin() as unit:
            album = await _held_album_of(unit, place, expected)
            song = await _changed(unit, numbered_songs(_tracks_of(album))[place.number], changes)
            version = await _put(unit, editor, album, place.number, lambda _: song, changes.comment)
            return await _versioned(unit, place, version)

    async def remove_song(self, editor: Editor, song_id: UUID, expected: ExpectedVersion) -> None:
        place = place_of(song_id)
        async with self._store.begin() as unit:
            album = await _held_album_of(unit, place, expected)
            await _put(unit, editor, album, place.number, lambda _: None, None)


async def _album_of(unit: UnitOfWork, place: SongPlace) -> StoredAlbum:
    found = await unit.albums.find_all_led_by([place.release_id])
    album = found.get(place.release_id)
    if album is None or place.number not in numbered_songs(_tracks_of(album)):
        raise SongNotFound
    return album


async def _held_album_of(unit: UnitOfWork, place: SongPlace, expected: ExpectedVersion) -> StoredAlbum:
    album = await _album_of(unit, place)
    await hold_shown(unit, Subject.ALBUM, album.id, expected.require())
    return await _album_of(unit, place)


async def _changed(unit: UnitOfWork, song: SourceTrack, changes: SongChanges) -> SourceTrack:
    if changes.title is not UNSET:
        song = msgspec.structs.replace(song, title=changes.title.strip())
    if changes.position is not UNSET:
        song = msgspec.structs.replace(song, position=changes.position)
    if changes.duration_seconds is not UNSET:
        song = msgspec.structs.replace(song, duration=length_of(changes.duration_seconds))
    if changes.artists is not UNSET:
        known = await unit.curation.find_known(artist_ids_in(AlbumChanges(artists=changes.artists)), set())
        artists = tuple(
            credit_of(credit, known, f"artists[{at}]") for at, credit in enumerate(changes.artists)
        )
        song = msgspec.structs.replace(song, artists=artists)
    return song


async def _put(
    unit: UnitOfWork,
    editor: Editor,
    album: StoredAlbum,
    number: int,
    change: Callable[[SourceTrack], SourceTrack | None],
    comment: str | None,
) -> int:
    def numbered(track: SourceTrack) -> SourceTrack | None:
        changed = change(track)
        return msgspec.structs.replace(changed, number=number) if changed else None

    tracks = with_changed_song(_tracks_of(album), number, numbered)
    return await _edit(unit, editor, album, tracks, comment)


async def _edit(
    unit: UnitOfWork, editor: Editor, album: StoredAlbum, tracks: Tracks, comment: str | None
) -> int:
    if tracks == with_numbers(_tracks_of(album)):
        return album.version
    held = await hold(unit, Subject.ALBUM, album.id)
    edits = msgspec.structs.replace(held.edits, tracks=tracks)
    return (await edit_album(unit, editor, album.id, held.edits, edits, comment)).version


async def _versioned(unit: UnitOfWork, place: SongPlace, version: int) -> Versioned[Song]:
    [song] = (await songs_at(unit, [place])).values()
    return Versioned(song, version)


def _tracks_of(album: StoredAlbum) -> Tracks:
    return album.lead.tracks if album.lead else ()

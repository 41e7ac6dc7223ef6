"""Reading songs."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from vinyl_catalog.domain.albums import StoredAlbum
from vinyl_catalog.domain.facts import SourceCredit
from vinyl_catalog.domain.folding import words_of
from vinyl_catalog.domain.lists import Place, Placed, Versioned
from vinyl_catalog.domain.references import wanted_by
from vinyl_catalog.domain.refusals import AlbumNotFound, SongNotFound
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.domain.songs import Song, place_of, song_id_of, song_of
from vinyl_catalog.domain.tracks import numbered_songs
from vinyl_catalog.index.search_index import Asked, SearchIndex
from vinyl_catalog.service.best_fits import list_best
from vinyl_catalog.store.songs import SongPlace
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork


class SongService:
    def __init__(self, store: Store, index: SearchIndex) -> None:
        self._store = store
        self._index = index

    async def read_song(self, song_id: UUID) -> Versioned[Song]:
        """Its version is its album's."""
        place = SongPlace(*place_of(song_id))
        async with self._store.begin() as unit:
            if not await unit.songs.contains(place):
                raise SongNotFound
            [song] = (await songs_at(unit, [place])).values()
            [album] = (await unit.albums.find_all([song.album_id])).values()
            return Versioned(song, album.version)

    async def list_songs(
        self, album_id: UUID | None, text: str | None, after: Place | None, limit: int
    ) -> list[Placed[Song]]:
        """With `text` those that fit it best first, an album's in the order of its tracks."""
        async with self._store.begin() as unit:
            if album_id is not None:
                album_id = await unit.albums.find_survivor(album_id) or album_id
                if await unit.albums.find(album_id) is None:
                    raise AlbumNotFound
            if text is not None:
                asked = Asked(words_of(text), (HitType.SONG,), owner=album_id)
                return await list_best(self._index, asked, after, limit, partial(_songs, unit))
            found = await unit.songs.list_in_order(album_id, after, limit)
            songs = await songs_at(unit, [placed.item for placed in found])
            return [placed.holding(songs[placed.item]) for placed in found]


async def _songs(unit: UnitOfWork, song_ids: Sequence[UUID]) -> dict[UUID, Song]:
    songs = await songs_at(unit, [SongPlace(*place_of(song_id)) for song_id in song_ids])
    return {song.id: song for song in songs.values()}


async def songs_at(unit: UnitOfWork, places: Sequence[SongPlace]) -> dict[SongPlace, Song]:
    """Those that are there."""
    albums = await unit.albums.find_all_led_by({place.release_id for place in places})
    names = await unit.names.look_up(wanted_by(*(album.lead for album in albums.values())))
    tracks = {
        release_id: numbered_songs(album.lead.tracks) for release_id, album in albums.items() if album.lead
    }
    return {
        place: song_of(
            song_id_of(place.release_id, place.number),
            albums[place.release_id].id,
            tracks[place.release_id][place.number],
            _artists_of(albums[place.release_id]),
            names,
        )
        for place in places
        if place.number in tracks.get(place.release_id, {})
    }


def _artists_of(album: StoredAlbum) -> tuple[SourceCredit, ...]:
    return album.lead.artists if album.lead else ()

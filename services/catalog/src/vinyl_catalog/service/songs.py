"""Reading songs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from uuid import UUID

from vinyl_catalog.domain.albums import StoredAlbum
from vinyl_catalog.domain.folding import words_of
from vinyl_catalog.domain.lists import Place, Placed, Versioned
from vinyl_catalog.domain.references import Wanted
from vinyl_catalog.domain.refusals import AlbumNotFound, SongNotFound
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.domain.songs import Song, SongPlace, place_of, song_id_of, song_of
from vinyl_catalog.domain.tracks import numbered_songs
from vinyl_catalog.index.asked import Asked
from vinyl_catalog.index.search_index import SearchIndex
from vinyl_catalog.service.best_fits import list_best
from vinyl_catalog.service.gathering import Gathering
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork


class SongService:
    def __init__(self, store: Store, index: SearchIndex) -> None:
        self._store = store
        self._index = index
        self._songs = Gathering(self._read_songs)

    async def read_song(self, song_id: UUID) -> Versioned[Song]:
        """Its version is its album's."""
        song = await self._songs.read(song_id)
        if song is None:
            raise SongNotFound
        return song

    async def list_songs(
        self, album_id: UUID | None, text: str | None, after: Place | None, limit: int
    ) -> list[Placed[Song]]:
        """An album's in the order of its tracks; with `text` those that fit it best first."""
        async with self._store.begin() as unit:
            album = await _find_album(unit, album_id) if album_id is not None else None
            if text is not None:
                asked = Asked(words_of(text), (HitType.SONG,), owner=album.id if album else None)
                return await list_best(self._index, asked, after, limit, partial(_find_songs, unit))
            if album is not None:
                return _behind(after, await _placed(unit, [album]))[:limit]
            return await _list_all(unit, after, limit)

    async def _read_songs(self, song_ids: Sequence[UUID]) -> dict[UUID, Versioned[Song]]:
        places = {song_id: place_of(song_id) for song_id in song_ids}
        async with self._store.begin() as unit:
            led = await unit.albums.find_all_led_by([place.release_id for place in places.values()])
            songs = await _songs_of(unit, led.values())
            return {
                song_id: Versioned(songs[place], led[place.release_id].version)
                for song_id, place in places.items()
                if place in songs
            }


async def songs_at(unit: UnitOfWork, places: Sequence[SongPlace]) -> dict[SongPlace, Song]:
    """Those that are there."""
    led = await unit.albums.find_all_led_by([place.release_id for place in places])
    songs = await _songs_of(unit, led.values())
    return {place: songs[place] for place in places if place in songs}


async def _find_songs(unit: UnitOfWork, song_ids: Sequence[UUID]) -> dict[UUID, Song]:
    songs = await songs_at(unit, [place_of(song_id) for song_id in song_ids])
    return {song.id: song for song in songs.values()}


async def _find_album(unit: UnitOfWork, album_id: UUID) -> StoredAlbum:
    album = await unit.albums.find(await unit.albums.find_survivor(album_id) or album_id)
    if album is None:
        raise AlbumNotFound
    return album


async def _list_all(unit: UnitOfWork, after: Place | None, limit: int) -> list[Placed[Song]]:
    """In the order of the releases that stand for their albums."""
    last = after[0] if after else None
    albums: Iterable[StoredAlbum] = ()
    if last is not None:
        albums = (await unit.albums.find_all_led_by([last])).values()
    found = _behind(after, await _placed(unit, albums))
    while len(found) < limit:
        more, last = await unit.albums.list_by_lead(last, limit)
        if last is None:
            break
        found += await _placed(unit, more)
    return found[:limit]


def _behind(after: Place | None, placed: list[Placed[Song]]) -> list[Placed[Song]]:
    return [each for each in placed if after is None or tuple(each.place) > tuple(after)]


async def _placed(unit: UnitOfWork, albums: Iterable[StoredAlbum]) -> list[Placed[Song]]:
    """Each by its release and by how many songs of it come before."""
    songs = await _songs_of(unit, albums)
    places: Counter[UUID] = Counter()
    placed = []
    for (release_id, _), song in songs.items():
        placed.append(Placed(song, [release_id, places[release_id]]))
        places[release_id] += 1
    return placed


async def _songs_of(unit: UnitOfWork, albums: Iterable[StoredAlbum]) -> dict[SongPlace, Song]:
    """In order."""
    led = [(album, album.lead, album.lead_release_id) for album in albums]
    wanted = Wanted()
    for _, lead, _ in led:
        if lead:
            wanted.add_credits(lead.artists)
            wanted.add_tracks(lead.tracks)
    names = await unit.names.look_up(wanted)
    return {
        SongPlace(release_id, number): song_of(
            song_id_of(release_id, number), album.id, track, lead.artists, names
        )
        for album, lead, release_id in led
        if lead and release_id
        for number, track in numbered_songs(lead.tracks).items()
    }

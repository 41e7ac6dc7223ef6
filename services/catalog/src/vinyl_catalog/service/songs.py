"""Reading songs."""

from collections.abc import Sequence
from uuid import UUID

from vinyl_catalog.domain.folding import words_of
from vinyl_catalog.domain.lists import Place, Placed
from vinyl_catalog.domain.references import wanted_by
from vinyl_catalog.domain.refusals import AlbumNotFound, SongNotFound
from vinyl_catalog.domain.searching import tsquery_of
from vinyl_catalog.domain.songs import Song, place_of, song_id_of, song_of
from vinyl_catalog.domain.tracks import songs_in
from vinyl_catalog.store.songs import SongPlace
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork


class SongService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def read_song(self, song_id: UUID) -> Song:
        place = SongPlace(*place_of(song_id))
        async with self._store.begin() as unit:
            if not await unit.songs.contains(place):
                raise SongNotFound
            [song] = await songs_at(unit, [place])
            return song

    async def list_songs(
        self, album_id: UUID | None, text: str | None, after: Place | None, limit: int
    ) -> list[Placed[Song]]:
        words = tsquery_of(words_of(text)) if text else None
        async with self._store.begin() as unit:
            if album_id is not None:
                album_id = await unit.albums.find_survivor(album_id) or album_id
                if await unit.albums.find(album_id) is None:
                    raise AlbumNotFound
            places = await unit.songs.list_in_order(album_id, words, after, limit)
            songs = await songs_at(unit, places)
            return [Placed(song, list(place)) for song, place in zip(songs, places, strict=True)]


async def songs_at(unit: UnitOfWork, places: Sequence[SongPlace]) -> list[Song]:
    """The songs at places that the store gave."""
    releases = await unit.releases.find_all(list({place.release_id for place in places}))
    names = await unit.names.look_up(wanted_by(*(release.facts for release in releases.values())))
    tracks = {release_id: list(songs_in(release.facts.tracks)) for release_id, release in releases.items()}
    return [
        song_of(
            song_id_of(place.release_id, place.number),
            releases[place.release_id].album_id,
            tracks[place.release_id][place.number - 1],
            releases[place.release_id].facts.artists,
            names,
        )
        for place in places
    ]

"""Albums and their songs, as the index takes them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from uuid import UUID

from vinyl_catalog.domain.credits import credits_of, printed
from vinyl_catalog.domain.facts import SourceCredit, SourceTrack
from vinyl_catalog.domain.folding import folded
from vinyl_catalog.domain.names import KnownNames
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.domain.songs import song_id_of
from vinyl_catalog.domain.tracks import numbered_songs
from vinyl_catalog.index.entries import Entry, Shown
from vinyl_catalog.store.index_rows import AlbumRow
from vinyl_catalog.store.unit_of_work import UnitOfWork

_MOST_ARTIST_WORDS = 60
_SONGS_SHARE = 2
_MOST_CREDITED = 25
_folded_name = lru_cache(maxsize=50_000)(folded)
_ARTIST, _LABEL = "artist", "label"


async def read_albums(unit: UnitOfWork, ids: Collection[UUID]) -> list[Entry]:
    rows = await unit.index_rows.list_albums(ids)
    makers = [_Maker(row) for row in rows]
    artists = {number for maker in makers for number in maker.artists}
    credited = {number for maker in makers for number in maker.credited}
    labels = {number for maker in makers for number in maker.labels}
    names, words = await unit.index_names.look_up(artists | credited, labels)
    return [entry for maker in makers for entry in maker.entries(names, words)]


async def find_artists_of(unit: UnitOfWork, album_ids: Iterable[UUID]) -> set[UUID]:
    """Whose fame may have changed with these albums."""
    rows = await unit.index_rows.list_albums(list(album_ids))
    return await unit.index_rows.find_artist_ids({n for row in rows for n in _numbers(row, _ARTIST)})


def _numbers(row: AlbumRow, kind: str) -> list[int]:
    return [int(number) for number in row.tags.get(kind, ())]


class _Maker:
    def __init__(self, row: AlbumRow) -> None:
        self._row = row
        source = row.master or row.lead
        self._credits = source.artists if source else ()
        self._title = source.title if source else ""
        self._songs: dict[UUID, SourceTrack] = {}
        if row.lead and row.lead_release_id:
            songs = numbered_songs(row.lead.tracks)
            self._songs = {song_id_of(row.lead_release_id, number): song for number, song in songs.items()}
        self.artists = _numbers(row, _ARTIST)
        self.labels = _numbers(row, _LABEL)

    @property
    def credited(self) -> Iterator[int]:
        """The numbers of those whose names are shown."""
        for credited in (self._credits, *(song.artists for song in self._songs.values())):
            yield from (credit.discogs_artist_id for credit in credited if credit.discogs_artist_id)

    def entries(self, names: KnownNames, words: dict[int, str]) -> Iterator[Entry]:
        row = self._row
        line = _line(self._credits, names)
        theirs = " ".join(words.get(number, "") for number in self.artists).split()[:_MOST_ARTIST_WORDS]
        years = [] if row.year is None else [str(row.year)]
        yield Entry(
            owner=row.id,
            shown=Shown(HitType.ALBUM, row.id, self._title, line or None, row.id, row.year),
            names=[folded(self._title)],
            words=[*self._credited_words(), *theirs, *years],
            fame=row.fame,
            tags=row.tags,
            labels=self._label_names(names),
        )
        for song_id, song in self._songs.items():
            yield self._song(song_id, song, line, names)

    def _song(self, song_id: UUID, song: SourceTrack, line: str, names: KnownNames) -> Entry:
        row = self._row
        if song.artists:
            line = _line(song.artists, names)
        subtitle = f"{line} – {self._title}" if line else self._title
        return Entry(
            owner=row.id,
            shown=Shown(HitType.SONG, song_id, song.title, subtitle, row.id, row.year),
            names=[folded(song.title)],
            words=folded(line).split(),
            fame=row.fame // _SONGS_SHARE,
            tags=row.tags,
            labels=self._label_names(names),
        )

    def _credited_words(self) -> Iterator[str]:
        for credit in self._credits[:_MOST_CREDITED]:
            yield from _folded_name(credit.name).split()
            if credit.credited_as:
                yield from _folded_name(credit.credited_as).split()

    def _label_names(self, names: KnownNames) -> list[str]:
        return [names.labels[number].name for number in self.labels if number in names.labels]


def _line(credited: Sequence[SourceCredit], names: KnownNames) -> str:
    return printed(credits_of(credited, names))

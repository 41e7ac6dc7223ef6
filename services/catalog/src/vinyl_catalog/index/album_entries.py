"""Albums and their songs, as the index takes them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from uuid import UUID

from vinyl_catalog.domain.credits import line_of
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
    makers = [_Maker(row) for row in await unit.index_rows.list_albums(ids)]
    artists = chain.from_iterable(maker.named for maker in makers)
    labels = chain.from_iterable(maker.labels for maker in makers)
    names, words = await unit.index_names.look_up(artists, labels)
    return [entry for maker in makers for entry in maker.entries(names, words)]


async def find_artists_of(unit: UnitOfWork, album_ids: Iterable[UUID]) -> set[UUID]:
    """Whose fame may have changed with these albums."""
    rows = await unit.index_rows.list_albums(list(album_ids))
    return await unit.index_rows.find_artist_ids({n for row in rows for n in _numbers(row, _ARTIST)})


def _numbers(row: AlbumRow, kind: str) -> list[int]:
    return [int(number) for number in row.tags.get(kind, ())]


def _numbers_of(credited: Sequence[SourceCredit]) -> list[int]:
    return [credit.discogs_artist_id for credit in credited if credit.discogs_artist_id]


class _Maker:
    """`named` are the numbers of the artists whose names are needed."""

    __slots__ = ("_credits", "_row", "_songs", "_title", "artists", "labels", "named")

    def __init__(self, row: AlbumRow) -> None:
        self._row = row
        source = row.master or row.lead
        self._credits = source.artists if source else ()
        self._title = source.title if source else ""
        self._songs: dict[UUID, SourceTrack] = {}
        self.artists = _numbers(row, _ARTIST)
        self.labels = _numbers(row, _LABEL)
        self.named = [*self.artists, *_numbers_of(self._credits)]
        if row.lead and row.lead.tracks and row.lead_release_id:
            for number, song in numbered_songs(row.lead.tracks).items():
                self._songs[song_id_of(row.lead_release_id, number)] = song
                self.named += _numbers_of(song.artists)

    def entries(self, names: KnownNames, words: dict[int, str]) -> Iterator[Entry]:
        row = self._row
        line = line_of(self._credits, names)
        labels = [names.labels[number].name for number in self.labels if number in names.labels]
        yield Entry(
            row.id,
            Shown(HitType.ALBUM, row.id, self._title, line or None, row.id, row.year),
            [folded(self._title)],
            self._words(words),
            row.fame,
            row.tags,
            labels,
        )
        for song_id, song in self._songs.items():
            by = line_of(song.artists, names) if song.artists else line
            subtitle = f"{by} – {self._title}" if by else self._title
            yield Entry(
                row.id,
                Shown(HitType.SONG, song_id, song.title, subtitle, row.id, row.year),
                [folded(song.title)],
                folded(by).split(),
                row.fame // _SONGS_SHARE,
                row.tags,
                labels,
            )

    def _words(self, words: dict[int, str]) -> list[str]:
        credited = self._credits[:_MOST_CREDITED]
        said = [_folded_name(text) for each in credited for text in (each.name, each.credited_as) if text]
        theirs = " ".join([words.get(number, "") for number in self.artists]).split()[:_MOST_ARTIST_WORDS]
        years = [] if self._row.year is None else [str(self._row.year)]
        return [*" ".join(said).split(), *theirs, *years]

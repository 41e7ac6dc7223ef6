"""Searching the catalogue."""

import time
from collections.abc import Sequence
from uuid import UUID

import msgspec

from vinyl_catalog.domain.albums import Album
from vinyl_catalog.domain.credits import printed
from vinyl_catalog.domain.folding import folded
from vinyl_catalog.domain.lists import Place
from vinyl_catalog.domain.searching import FacetValue, Hit, HitType, Question, highlights_of, tsquery_of
from vinyl_catalog.domain.songs import Song
from vinyl_catalog.service.albums import whole_albums
from vinyl_catalog.service.filtering import conditions_of
from vinyl_catalog.service.numbers import find_by_numbers
from vinyl_catalog.service.songs import songs_at
from vinyl_catalog.store.search import FoundRow, WordSearch
from vinyl_catalog.store.songs import SongPlace
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork

SUGGESTED = (HitType.ARTIST, HitType.ALBUM, HitType.LABEL, HitType.SONG)
# Before everything that words find, after what a number names.
_START: Place = (1e9, "", UUID(int=0), 0)


class Findings(msgspec.Struct, frozen=True):
    """`next_place` is where the list goes on, None at its end."""

    hits: list[Hit]
    next_place: Place | None
    facets: dict[str, list[FacetValue]]
    total: int
    took_ms: float


class SearchService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def search_catalogue(self, question: Question, after: Place | None, limit: int) -> Findings:
        """What a barcode or catalogue number names comes first, then what the words fit best."""
        started = time.perf_counter()
        async with self._store.begin() as unit:
            numbered = (await find_by_numbers(unit, question))[:limit]
            search = await _word_search(unit, question, [hit.id for hit in numbered])
            shown = numbered if after is None else []
            room = limit - len(shown)
            rows = await search.list_best(after, room + 1) if search else []
            hits = [*shown, *await _hits(unit, rows[:room], question.words)]
            counts = await search.count_types() if search else {}
            facets = await search.count_facets() if search else {}
        if numbered:
            counts[HitType.ALBUM] = counts.get(HitType.ALBUM, 0) + len(numbered)
        facets["type"] = [FacetValue(type_, count) for type_, count in sorted(counts.items())]
        took_ms = round((time.perf_counter() - started) * 1000, 2)
        return Findings(hits, _place_after(rows, room), facets, sum(counts.values()), took_ms)

    async def suggest_titles(self, text: str, limit: int) -> list[Hit]:
        question = Question(text, SUGGESTED)
        async with self._store.begin() as unit:
            numbered = await find_by_numbers(unit, question)
            search = await _word_search(unit, question, [hit.id for hit in numbered])
            rows = await search.list_best(None, limit) if search else []
            hits = await _hits(unit, rows, question.words)
        return [*numbered, *hits][:limit]


async def _word_search(unit: UnitOfWork, question: Question, left_out: list[UUID]) -> WordSearch | None:
    """None where nothing can be found."""
    words = tsquery_of(question.words)
    conditions = await conditions_of(unit, question)
    if words is None or conditions.is_impossible:
        return None
    return unit.search_words(words, folded(question.text), question.types, conditions, left_out)


def _place_after(rows: Sequence[FoundRow], room: int) -> Place | None:
    if len(rows) <= room:
        return None
    if room == 0:
        return _START
    last = rows[room - 1]
    return (last.score, last.type, last.id, last.number)


async def _hits(unit: UnitOfWork, rows: Sequence[FoundRow], words: list[str]) -> list[Hit]:
    places = [SongPlace(row.id, row.number) for row in rows if row.type is HitType.SONG]
    songs = dict(zip(places, await songs_at(unit, places), strict=True))
    album_ids = {row.id for row in rows if row.type is HitType.ALBUM}
    album_ids |= {song.album_id for song in songs.values()}
    stored = await unit.albums.find_all(list(album_ids))
    albums = {album.id: album for album in await whole_albums(unit, list(stored.values()))}
    return [_hit(row, albums, songs.get(SongPlace(row.id, row.number)), words) for row in rows]


def _hit(row: FoundRow, albums: dict[UUID, Album], song: Song | None, words: list[str]) -> Hit:
    subtitle, year = None, None
    if song is not None:
        album = albums[song.album_id]
        line = printed(song.artists or album.artists)
        subtitle, year = f"{line} – {album.title}" if line else album.title, album.year
    elif row.type is HitType.ALBUM:
        album = albums[row.id]
        subtitle, year = printed(album.artists) or None, album.year
    return Hit(
        type=row.type,
        id=song.id if song else row.id,
        title=row.title,
        subtitle=subtitle,
        score=row.score,
        highlights=[*highlights_of("title", row.title, words), *highlights_of("subtitle", subtitle, words)],
        album_id=song.album_id if song else (row.id if row.type is HitType.ALBUM else None),
        release_id=None,
        year=year,
    )

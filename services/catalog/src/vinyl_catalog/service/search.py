"""Searching the catalogue."""

import time
from collections.abc import Sequence
from uuid import UUID

import msgspec

from vinyl_catalog.domain.lists import Place
from vinyl_catalog.domain.searching import FacetValue, Highlight, Hit, HitType, Question, highlights_of
from vinyl_catalog.index.asked import Asked
from vinyl_catalog.index.entries import Shown
from vinyl_catalog.index.search_index import Answer, Found, SearchIndex
from vinyl_catalog.service.best_fits import DEEPEST
from vinyl_catalog.service.filtering import conditions_of
from vinyl_catalog.service.numbers import find_by_numbers
from vinyl_catalog.store.unit_of_work import Store

SUGGESTED = tuple(HitType)
# Above all that words can fit.
_OF_NUMBER = 1000.0
_NOTHING = Answer([], 0, {}, was_forgiving=False)


class Findings(msgspec.Struct, frozen=True):
    """`next_place` is where the list goes on, None at its end."""

    hits: list[Hit]
    next_place: Place | None
    facets: dict[str, list[FacetValue]]
    total: int
    took_ms: float


class SearchService:
    def __init__(self, store: Store, index: SearchIndex) -> None:
        self._store = store
        self._index = index

    async def search_catalogue(self, question: Question, after: Place | None, limit: int) -> Findings:
        """What a barcode or catalogue number names comes first, then what the words fit best."""
        started = time.perf_counter()
        offset = after[0] if after else 0
        numbered = await self._numbered(question)
        shown = numbered[offset : offset + limit]
        room = limit - len(shown)
        answer = await self._answer(question, numbered, max(0, offset - len(numbered)), room)
        total = len(numbered) + answer.total
        words, was_forgiving = question.words, answer.was_forgiving
        hits = [*shown, *(_hit(each, _highlights(each.shown, words, was_forgiving)) for each in answer.found)]
        ended = offset + len(hits)
        more = (ended,) if hits and ended < min(total, DEEPEST) else None
        took_ms = round((time.perf_counter() - started) * 1000, 2)
        return Findings(hits, more, _with_numbered(answer.facets, len(numbered)), total, took_ms)

    async def suggest_titles(self, text: str, limit: int) -> list[Hit]:
        question = Question(text, SUGGESTED)
        numbered = (await self._numbered(question))[:limit]
        room = limit - len(numbered)
        found = self._index.list_best(_asked(question, numbered), 0, room) if room and question.words else []
        return [*numbered, *map(_hit, found)]

    async def _numbered(self, question: Question) -> list[Hit]:
        if not question.may_name_number:
            return []
        async with self._store.begin() as unit:
            releases = await find_by_numbers(unit, question)
        albums = self._index.find(list(releases))
        return [_hit(albums[id_], release_id=releases[id_]) for id_ in releases if id_ in albums]

    async def _answer(self, question: Question, numbered: Sequence[Hit], offset: int, room: int) -> Answer:
        if not question.words:
            return _NOTHING
        asked = _asked(question, numbered)
        if question.is_narrowed:
            async with self._store.begin() as unit:
                conditions = await conditions_of(unit, question)
            if conditions.is_impossible:
                return _NOTHING
            asked = msgspec.structs.replace(asked, conditions=conditions)
        return self._index.answer(asked, offset, room)


def _asked(question: Question, numbered: Sequence[Hit]) -> Asked:
    return Asked(question.words, question.types, left_out=[hit.id.hex for hit in numbered])


def _with_numbered(facets: dict[str, list[FacetValue]], numbered: int) -> dict[str, list[FacetValue]]:
    if not numbered:
        return facets
    others = {each.value: each.count for each in facets.get("type", [])}
    others[HitType.ALBUM] = others.get(HitType.ALBUM, 0) + numbered
    return facets | {"type": [FacetValue(type_, count) for type_, count in others.items()]}


def _hit(found: Found, highlights: Sequence[Highlight] = (), release_id: UUID | None = None) -> Hit:
    shown = found.shown
    return Hit(
        type=shown.type,
        id=shown.id,
        title=shown.title,
        subtitle=shown.subtitle,
        score=_OF_NUMBER if release_id else found.score,
        highlights=list(highlights),
        album_id=shown.album_id,
        release_id=release_id,
        year=shown.year,
    )


def _highlights(shown: Shown, words: list[str], was_forgiving: bool) -> list[Highlight]:
    return [
        *highlights_of("title", shown.title, words, was_forgiving=was_forgiving),
        *highlights_of("subtitle", shown.subtitle, words, was_forgiving=was_forgiving),
    ]

"""/search"""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from vinyl_catalog.api.albums import Word, Year
from vinyl_catalog.domain.searching import FacetValue, Hit, HitType, Question
from vinyl_catalog.service.search import Findings, SearchService
from vinyl_chassis.paging import Cursor, Cursors, Limit
from vinyl_contracts.errors import Invalid

Text = Annotated[
    str, QueryParameter(min_length=1, max_length=200, description="Words, or a number on a sleeve")
]
Types = Annotated[
    str | None, QueryParameter(name="type", max_length=100, description="album, artist, song, label, product")
]
SuggestionLimit = Annotated[int, QueryParameter(ge=1, le=10)]


class SearchPage(msgspec.Struct, frozen=True):
    """`facets` count what was found by type, genre, style, decade, format, country and label: the twenty most
    frequent of each, ten of labels. Of a word that very many records have they count the best known, and
    `total` is an estimate."""

    items: list[Hit]
    facets: dict[str, list[FacetValue]]
    total: int
    next_cursor: str | None
    took_ms: float

    @classmethod
    def of(cls, findings: Findings, next_cursor: str | None) -> "SearchPage":
        return cls(findings.hits, findings.facets, findings.total, next_cursor, findings.took_ms)


class Suggestion(msgspec.Struct, frozen=True):
    type: HitType
    id: UUID
    title: str
    subtitle: str | None
    album_id: UUID | None

    @classmethod
    def of(cls, hit: Hit) -> "Suggestion":
        return cls(hit.type, hit.id, hit.title, hit.subtitle, hit.album_id)


class Suggestions(msgspec.Struct, frozen=True):
    items: list[Suggestion]


class SearchController(Controller):
    path = "/search"
    tags = ("search",)

    @get(summary="Search by words, barcode or catalogue number")
    async def search_catalogue(
        self,
        search: NamedDependency[SearchService],
        cursors: NamedDependency[Cursors],
        q: Text,
        types: Types = None,
        genre: Word = None,
        style: Word = None,
        format_: Annotated[str | None, QueryParameter(name="format", min_length=1, max_length=200)] = None,
        country: Word = None,
        label: Word = None,
        year_from: Year = None,
        year_to: Year = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> SearchPage:
        question = Question(q, _types_in(types), genre, style, format_, country, label, year_from, year_to)
        after = cursors.read(cursor, tuple[int], "search", question)
        findings = await search.search_catalogue(question, after, limit)
        more = findings.next_place
        return SearchPage.of(findings, None if more is None else cursors.write(more, "search", question))

    @get("/suggest", summary="Titles and names as one types")
    async def suggest_titles(
        self, search: NamedDependency[SearchService], q: Text, limit: SuggestionLimit = 10
    ) -> Suggestions:
        return Suggestions([Suggestion.of(hit) for hit in await search.suggest_titles(q, limit)])


def _types_in(text: str | None) -> tuple[HitType, ...]:
    """A comma-separated list, each type once, in their own order; none named are all."""
    named = {name.strip() for name in text.split(",")} if text else set(HitType)
    if not named <= set(HitType):
        raise Invalid.field("type", f"takes {', '.join(HitType)}, separated by commas")
    return tuple(type_ for type_ in HitType if type_ in named)

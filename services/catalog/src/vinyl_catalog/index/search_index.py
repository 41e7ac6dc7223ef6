"""Asking the index. Any number of processes read it, each by itself."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import tantivy

from vinyl_catalog.domain.refusals import SearchNotReady
from vinyl_catalog.domain.searching import FacetValue
from vinyl_catalog.index.asked import Asked, narrowing
from vinyl_catalog.index.entries import Shown, decode_shown
from vinyl_catalog.index.generations import Generations
from vinyl_catalog.index.queries import Queries
from vinyl_catalog.index.ranking import Hits, Level, Ranking, Window, levels_in, rank, search
from vinyl_catalog.index.schema import FACETS, opened
from vinyl_catalog.index.terms import Terms

_MOST_FACET_VALUES, _MOST_LABELS = 20, 10
_ATTEMPTS = 3
# Of each segment only so many, for to look up the names of more takes longer than to count them; most of all
# those of labels, which are many.
_MOST = dict.fromkeys(FACETS, _MOST_FACET_VALUES) | {"label": _MOST_LABELS}
_COUNTED: dict[str, Any] = {
    **{name: {"terms": {"field": name, "size": most, "segment_size": most}} for name, most in _MOST.items()},
    "decade": {"histogram": {"field": "year", "interval": 10, "min_doc_count": 1}},
}


class Found(msgspec.Struct, frozen=True):
    shown: Shown
    score: float


class Answer(msgspec.Struct, frozen=True):
    """Of very many `facets` count the best known and `total` is an estimate; `was_forgiving` where typos were
    forgiven."""

    found: list[Found]
    total: int
    facets: dict[str, list[FacetValue]]
    was_forgiving: bool


class SearchIndex:
    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._stamp: tuple[int, int] | None = None
        self._generation: str | None = None
        self._index: tantivy.Index | None = None
        self._levels: list[Level] = []

    def answer(self, asked: Asked, offset: int, limit: int) -> Answer:
        """Raises SearchNotReady."""
        searcher, ranking = self._rank(asked, Window(offset, limit))
        found = _found(searcher, ranking.hits)
        return Answer(found, ranking.total, _facets(searcher, ranking.query), ranking.is_forgiving)

    def list_best(self, asked: Asked, offset: int, limit: int) -> list[Found]:
        """Raises SearchNotReady."""
        searcher, ranking = self._rank(asked, Window(offset, limit))
        return _found(searcher, ranking.hits)

    def _rank(self, asked: Asked, window: Window) -> tuple[tantivy.Searcher, Ranking]:
        index = self._newest()
        searcher = index.searcher()
        queries = Queries(searcher, index.schema, asked.words, narrowing(asked, Terms(index.schema)))
        return searcher, rank(searcher, queries, self._levels, window)

    def find(self, ids: Sequence[UUID]) -> dict[UUID, Found]:
        """Raises SearchNotReady."""
        if not ids:
            return {}
        index = self._newest()
        query = tantivy.Query.term_set_query(index.schema, "id", [each.hex for each in ids])
        searcher = index.searcher()
        hits, _ = search(searcher, query, Window(0, len(ids)))
        return {each.shown.id: each for each in _found(searcher, hits)}

    async def check(self) -> None:
        """Raises SearchNotReady while there is no index yet."""
        self._newest()

    def _newest(self) -> tantivy.Index:
        """What was published last. To look costs microseconds, so every question does."""
        stamp = self._generations.stamp()
        if self._index is not None and stamp == self._stamp:
            return self._index
        for _ in range(_ATTEMPTS):
            try:
                return self._go_over(stamp)
            except (ValueError, OSError):
                stamp = self._generations.stamp()  # it was removed while it was being opened
        raise SearchNotReady

    def _go_over(self, stamp: tuple[int, int] | None) -> tantivy.Index:
        name = self._generations.current()
        if name is None:
            raise SearchNotReady
        if self._index is None or name != self._generation:
            self._index = opened(self._generations.folder_of(name), is_new=False)
            self._generation = name
        self._index.reload()
        self._levels = levels_in(self._index.searcher())
        self._stamp = stamp
        return self._index


def _found(searcher: tantivy.Searcher, hits: Hits) -> list[Found]:
    return [
        Found(decode_shown(searcher.doc(address)["shown"][0]), round(score, 4)) for score, address in hits
    ]


def _facets(searcher: tantivy.Searcher, query: tantivy.Query) -> dict[str, list[FacetValue]]:
    counted = searcher.aggregate(query, _COUNTED)
    facets = {
        name: [FacetValue(bucket["key"], bucket["doc_count"]) for bucket in counted[name]["buckets"]]
        for name in FACETS
    }
    facets["decade"] = [
        FacetValue(f"{bucket['key']:.0f}s", bucket["doc_count"]) for bucket in counted["decade"]["buckets"]
    ]
    return facets

"""Which of many hits are looked at: to rank all that have a word that is everywhere takes too long while one
types.

Of those the best known are ranked first, with all that are called as asked where those are not very many too,
and behind them the others. How far down the best known reach depends on how many of them fit.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec
import tantivy

from vinyl_catalog.index.queries import Fitting, Queries
from vinyl_catalog.index.terms import Clauses, needed_of

# With fewer hits than these, typos are forgiven too.
_ENOUGH = 5
_FEWEST_RANKED = 100
_SMALL_INDEX = 30_000
_FIRST_SHARE = 0.004
_WIDER = 4
_MOST_LEVELS = 32
_FORGIVING: Sequence[Callable[[Queries], Fitting]] = (
    lambda queries: queries.forgiving(are_known_meant=True),
    lambda queries: queries.forgiving(are_known_meant=False),
    Queries.leaving_one_out,
)
Hits = list[tuple[float, tantivy.DocAddress]]


class Level(msgspec.Struct, frozen=True):
    """A level of fame, and how many times as many documents there are in all as reach it."""

    fame: int
    times: float


class Window(NamedTuple):
    offset: int
    limit: int


class Ranking(msgspec.Struct, frozen=True):
    """`hits` are those of the window. `query` finds all, or the best known: then `total` is an estimate. It
    gives no scores."""

    query: tantivy.Query
    hits: Hits
    total: int
    is_forgiving: bool = False


_NOTHING = Ranking(tantivy.Query.empty_query(), [], 0)


def levels_in(searcher: tantivy.Searcher) -> list[Level]:
    """From the highest down, each reached by several times as many as the one before; none in a small one."""
    levels: list[Level] = []
    fewest = searcher.num_docs * _FIRST_SHARE
    if searcher.num_docs >= _SMALL_INDEX:
        for fame in range(_MOST_LEVELS, 0, -1):
            if (reached := searcher.doc_freq("fame", str(fame))) >= fewest:
                levels.append(Level(fame, searcher.num_docs / reached))
                fewest = reached * _WIDER
    return levels


def rank(searcher: tantivy.Searcher, queries: Queries, levels: list[Level], window: Window) -> Ranking:
    """As it was said, or forgiving where that finds next to nothing."""
    exact = queries.as_said()
    said = _rank(searcher, queries, exact, levels, window) if exact.most else _NOTHING
    if said.total >= _ENOUGH or (said.total and queries.are_all_known):
        return said
    as_said = _counting(exact.clauses) if said.total else None
    for make in _FORGIVING:
        forgiven = _rank(searcher, queries, make(queries), levels, window, as_said)
        if forgiven.total:
            break
    return msgspec.structs.replace(forgiven, is_forgiving=True)


def search(searcher: tantivy.Searcher, query: tantivy.Query, window: Window) -> tuple[Hits, int]:
    """The hits of the window, and how many there are in all."""
    limit = max(1, window.limit)  # none cannot be asked for
    result = searcher.search(query, limit, offset=window.offset, weight_by_field="standing")
    return result.hits[: window.limit], result.count  # type: ignore[attr-defined]  # which the stub leaves out


def _rank(
    searcher: tantivy.Searcher,
    queries: Queries,
    fitting: Fitting,
    levels: list[Level],
    window: Window,
    ranked: tantivy.Query | None = None,
) -> Ranking:
    clauses = fitting.clauses
    for level in levels if fitting.are_many else ():
        if fitting.most < level.times * _FEWEST_RANKED:
            continue
        famous = queries.famous(clauses, level.fame, ranked)
        hits, found = search(searcher, tantivy.Query.boolean_query(famous), window)
        if found >= _FEWEST_RANKED:
            if len(hits) < window.limit:
                behind = Window(max(0, window.offset - found), window.limit - len(hits))
                others = queries.famous(clauses, level.fame, ranked, are_left_out=True)
                hits += search(searcher, tantivy.Query.boolean_query(others), behind)[0]
            return Ranking(_counting(famous), hits, int(found * level.times))
    hits, found = search(searcher, tantivy.Query.boolean_query(clauses), window)
    return Ranking(_counting(clauses), hits, found)


def _counting(clauses: Clauses) -> tantivy.Query:
    return tantivy.Query.boolean_query(needed_of(clauses))

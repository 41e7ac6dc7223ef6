"""Which of many hits are looked at: to rank all that have a word that is everywhere takes too long while one
types.

Of those the best known are ranked first, with all that are called as asked, and behind them the others. How
far down the best known reach depends on how many of them fit.
"""

import msgspec
import tantivy

from vinyl_catalog.index.queries import Queries

# With fewer hits than these, typos are forgiven too.
_ENOUGH = 5
_FEWEST_RANKED = 200
_SMALL_INDEX = 30_000
_FEW_DOCUMENTS = 5_000
_FIRST_SHARE = 0.004
_WIDER = 4
_MOST_LEVELS = 32


class Level(msgspec.Struct, frozen=True):
    """A level of fame, and how many times as many documents there are in all as reach it."""

    fame: int
    times: float


class Ranking(msgspec.Struct, frozen=True):
    """`query` finds `count` hits; those of `others` come behind them. `total` is an estimate where there are
    others."""

    query: tantivy.Query
    count: int
    others: tantivy.Query | None
    total: int
    is_forgiving: bool


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


def rank(searcher: tantivy.Searcher, queries: Queries, levels: list[Level]) -> Ranking:
    """As it was said, or forgiving where that finds next to nothing."""
    are_many = queries.fewest_documents(searcher) > _FEW_DOCUMENTS
    said = _rank(searcher, queries, levels if are_many else [], is_forgiving=False)
    if said.total >= _ENOUGH:
        return said
    return _rank(searcher, queries, levels if queries.is_one_word else [], is_forgiving=True)


def _rank(
    searcher: tantivy.Searcher, queries: Queries, levels: list[Level], *, is_forgiving: bool
) -> Ranking:
    fits = queries.fits(is_forgiving=is_forgiving)
    for level in levels:
        famous = queries.famous(fits, level.fame)
        if (found := _count(searcher, famous)) >= _FEWEST_RANKED:
            others = queries.famous(fits, level.fame, are_left_out=True)
            return Ranking(famous, found, others, int(found * level.times), is_forgiving)
    found = _count(searcher, fits)
    return Ranking(fits, found, None, found, is_forgiving)


def _count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    counted = searcher.aggregate(query, {"n": {"value_count": {"field": "standing"}}})
    return int(counted["n"]["value"])

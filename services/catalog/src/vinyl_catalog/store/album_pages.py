"""Which albums come on a page of a list, found without reading the list.

Where conditions have to do with one another, as a genre has with its years, Postgres expects many albums that
satisfy them all, and looks for those through a whole index in the wanted order. Here it looks through the
nearest only. Where these hold too few, all that are wanted are gathered by the indexes of the conditions, and
then ordered.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Select, Subquery, Text, cast, literal_column, select, tuple_

from vinyl_catalog.domain.lists import AlbumConditions, AlbumOrder, Place
from vinyl_catalog.store.tables import albums

NEAREST = 2_000
_LAST_YEAR = 9999
# Word for word the expressions that the indexes are on.
_FROM_OLDEST: ColumnElement[int] = literal_column("coalesce(albums.year, 32767)")
_FROM_YOUNGEST: ColumnElement[int] = literal_column("coalesce(-albums.year, 0)")
_KEYS: dict[AlbumOrder, list[ColumnElement[Any]]] = {
    AlbumOrder.TITLE: [albums.c.sort_title, albums.c.id],
    AlbumOrder.OLDEST: [_FROM_OLDEST, albums.c.id],
    AlbumOrder.YOUNGEST: [_FROM_YOUNGEST, albums.c.id],
    AlbumOrder.NEWEST: [albums.c.id],
    AlbumOrder.TOP: [albums.c.bayesian_average, albums.c.id],
}
_DESCENDING = {AlbumOrder.NEWEST, AlbumOrder.TOP}
_BY_YEAR = {AlbumOrder.OLDEST, AlbumOrder.YOUNGEST}


class AlbumPage:
    """Both ways to it give a table of `album_id`, and of what `place` picks from it: the sort keys."""

    def __init__(self, wanted: AlbumConditions, order: AlbumOrder, after: Place | None, limit: int) -> None:
        self._wanted, self._order, self._limit = wanted, order, limit
        self._keys = _KEYS[order]
        self._behind: list[ColumnElement[bool]] = [albums.c.withdrawn_at.is_(None)]
        if after is not None:
            here, there = tuple_(*self._keys), tuple_(*after)
            self._behind.append(here < there if order in _DESCENDING else here > there)

    def among_nearest(self) -> Subquery:
        """Fewer than there are, where they lie apart."""
        columns = (albums.c.tags, albums.c.year, *self._placed())
        years = _about_years(self._wanted, self._order) if self._order in _BY_YEAR else []
        nearest = self._first(select(*columns).where(*self._behind, *years), self._keys, NEAREST)
        window = nearest.subquery("nearest")
        chosen = select(window.c.album_id, *self.place(window)).where(*_conditions(self._wanted, window))
        return self._first(chosen, self.place(window), self._limit).subquery("chosen")

    def among_all(self) -> Subquery:
        conditions = [*_conditions(self._wanted, albums), *_about_years(self._wanted, self._order)]
        if self._wanted.discogs_master_id is not None:
            conditions.append(albums.c.discogs_master_id == self._wanted.discogs_master_id)
        gathered = select(*self._placed()).where(*self._behind, *conditions)
        # as a fence: inside of it there is no order to look for them by
        all_wanted = gathered.cte("gathered").prefix_with("materialized")
        return self._first(select(all_wanted), self.place(all_wanted), self._limit).subquery("chosen")

    def place(self, found: Any) -> list[ColumnElement[Any]]:
        return [found.c[f"place_{number}"] for number in range(len(self._keys))]

    def in_order(self, keys: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
        return [key.desc() for key in keys] if self._order in _DESCENDING else list(keys)

    def _placed(self) -> list[ColumnElement[Any]]:
        places = [key.label(f"place_{number}") for number, key in enumerate(self._keys)]
        return [albums.c.id.label("album_id"), *places]

    def _first(self, found: Select[Any], keys: Sequence[ColumnElement[Any]], most: int) -> Select[Any]:
        return found.order_by(*self.in_order(keys)).limit(most)


def _conditions(wanted: AlbumConditions, found: Any) -> list[ColumnElement[bool]]:
    """One tag of each set; those of sets of one together, which the index can intersect by the rarest."""
    alone = [tags[0] for tags in wanted.tag_sets if len(tags) == 1]
    conditions = [found.c.tags.op("&&")(cast(tags, ARRAY(Text))) for tags in wanted.tag_sets if len(tags) > 1]
    if alone:
        conditions.append(found.c.tags.op("@>")(cast(alone, ARRAY(Text))))
    if wanted.year_from is not None:
        conditions.append(found.c.year >= wanted.year_from)
    if wanted.year_to is not None:
        conditions.append(found.c.year <= wanted.year_to)
    return conditions


def _about_years(wanted: AlbumConditions, order: AlbumOrder) -> list[ColumnElement[bool]]:
    """The years once more, for an index: of the list's order if that is one of years."""
    if wanted.year_from is None and wanted.year_to is None:
        return []
    first = wanted.year_from or 0
    last = _LAST_YEAR if wanted.year_to is None else wanted.year_to
    if order is AlbumOrder.YOUNGEST:
        return [_FROM_YOUNGEST.between(-last, -first)]
    return [_FROM_OLDEST.between(first, last)]

"""Search by words over albums, artists, songs and labels, from their word indexes."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    Double,
    Numeric,
    Select,
    Text,
    Uuid,
    case,
    cast,
    func,
    literal,
    select,
    tuple_,
    union,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from vinyl_catalog.domain.lists import AlbumConditions, Place
from vinyl_catalog.domain.searching import FacetValue, HitType
from vinyl_catalog.store.tables import album_ratings, albums, artists, labels, releases, songs, words_in

_MOST_FACET_VALUES = 20
# Of each type, and as many again that begin with the question: a word that is everywhere stays affordable.
_MOST_HITS = 10_000
_LAST_LETTER = "\U0010ffff"
_TAG_FACETS = ("genre", "style", "format", "country", "label")
# Added to how well the words fit: among equals, artists before albums before songs before labels.
_TYPE_WEIGHTS = {HitType.ARTIST: 0.3, HitType.ALBUM: 0.2, HitType.SONG: 0.1, HitType.LABEL: 0.0}


class FoundRow(NamedTuple):
    """`id` is a song's release's where the type is song, and `number` then which of its songs."""

    type: HitType
    id: UUID
    number: int
    score: float
    title: str


class WordSearch:
    """`words` is a query in Postgres' notation, `folded` the question folded, `left_out` unwanted albums."""

    def __init__(
        self,
        connection: AsyncConnection,
        words: str,
        folded: str,
        types: Sequence[HitType],
        wanted: AlbumConditions,
        left_out: Sequence[UUID],
    ) -> None:
        self._connection = connection
        self._query = cast(words, TSQUERY)
        self._folded = folded
        self._wanted = wanted
        self._left_out = left_out
        narrowed = bool(wanted.tag_sets) or wanted.year_from is not None or wanted.year_to is not None
        makers = {HitType.ALBUM: self._albums, HitType.SONG: self._songs}
        if not narrowed:
            makers |= {HitType.ARTIST: self._artists, HitType.LABEL: self._labels}
        parts = [part for type_ in types if type_ in makers for part in makers[type_]()]
        self._hits: CTE | None = union(*parts).cte("hits") if parts else None

    async def list_best(self, after: Place | None, limit: int) -> list[FoundRow]:
        if self._hits is None:
            return []
        hits = self._hits.c
        keys = (hits.score.desc(), hits.type, hits.id, hits.number)
        statement = (
            select(hits.type, hits.id, hits.number, hits.score, hits.title).order_by(*keys).limit(limit)
        )
        if after is not None:
            score, *rest = after
            tied = (hits.score == score) & (tuple_(hits.type, hits.id, hits.number) > tuple_(*rest))
            statement = statement.where((hits.score < score) | tied)
        rows = await self._connection.execute(statement)
        return [FoundRow(HitType(row.type), row.id, row.number, row.score, row.title) for row in rows]

    async def count_types(self) -> dict[HitType, int]:
        if self._hits is None:
            return {}
        statement = select(self._hits.c.type, func.count()).group_by(self._hits.c.type)
        return {HitType(row[0]): row[1] for row in await self._connection.execute(statement)}

    async def count_facets(self) -> dict[str, list[FacetValue]]:
        """Of the albums found, and of the albums of the songs found."""
        facets: dict[str, list[FacetValue]] = {name: [] for name in (*_TAG_FACETS, "decade")}
        if self._hits is None:
            return facets
        album_ids = (
            select(self._hits.c.album_id).where(self._hits.c.album_id.is_not(None)).distinct().subquery()
        )
        found = (
            select(albums.c.tags, albums.c.year)
            .join(album_ids, album_ids.c.album_id == albums.c.id)
            .cte("found")
        )
        tags = select(func.unnest(found.c.tags).label("tag")).subquery()
        counted = select(tags.c.tag, func.count().label("album_count")).group_by(tags.c.tag)
        for row in await self._connection.execute(counted.order_by(func.count().desc(), tags.c.tag)):
            kind, _, value = row.tag.partition(":")
            if kind in _TAG_FACETS and len(facets[kind]) < _MOST_FACET_VALUES:
                facets[kind].append(FacetValue(value, row.album_count))
        decade = (found.c.year // 10 * 10).label("decade")
        decades = (
            select(decade, func.count().label("album_count"))
            .where(found.c.year.is_not(None))
            .group_by(decade)
        )
        for row in await self._connection.execute(decades.order_by(decade)):
            facets["decade"].append(FacetValue(f"{row.decade}s", row.album_count))
        facets["label"] = await self._name_labels(facets["label"])
        return facets

    async def _name_labels(self, values: Sequence[FacetValue]) -> list[FacetValue]:
        numbers = [int(each.value) for each in values]
        statement = select(labels.c.discogs_label_id, labels.c.name).where(
            labels.c.discogs_label_id.in_(numbers)
        )
        names = {row[0]: row[1] for row in await self._connection.execute(statement)}
        return [FacetValue(names.get(int(each.value), each.value), each.count) for each in values]

    def _albums(self) -> list[Select[Any]]:
        popularity = func.least(func.ln(1 + func.coalesce(album_ratings.c.count, 0)), 10) / 20
        editions = func.least(func.ln(1 + albums.c.release_count), 7) / 20
        score = self._fit(albums.c.sort_title) + _TYPE_WEIGHTS[HitType.ALBUM] + popularity + editions
        statement = _hit(HitType.ALBUM, albums.c.id, literal(0), score, albums.c.title, albums.c.id)
        statement = (
            statement.select_from(albums)
            .outerjoin(album_ratings, album_ratings.c.album_id == albums.c.id)
            .where(self._fits(albums.c.search_text), albums.c.id.not_in(self._left_out), *self._narrowing())
        )
        return self._bounded(statement, albums.c.sort_title)

    def _songs(self) -> list[Select[Any]]:
        score = self._fit(songs.c.search_text) + _TYPE_WEIGHTS[HitType.SONG]
        statement = _hit(
            HitType.SONG, songs.c.release_id, songs.c.number, score, songs.c.title, releases.c.album_id
        )
        statement = (
            statement.select_from(songs)
            .join(releases, releases.c.id == songs.c.release_id)
            .join(albums, albums.c.id == releases.c.album_id)
            .where(self._fits(songs.c.search_text), *self._narrowing())
        )
        return [select(statement.limit(_MOST_HITS).subquery())]

    def _artists(self) -> list[Select[Any]]:
        known = case((artists.c.document.is_not(None), 0.1), else_=0.0)
        score = self._fit(artists.c.sort_name) + _TYPE_WEIGHTS[HitType.ARTIST] + known
        statement = _hit(HitType.ARTIST, artists.c.id, literal(0), score, artists.c.name, None)
        return self._bounded(statement.where(self._fits(artists.c.search_text)), artists.c.sort_name)

    def _labels(self) -> list[Select[Any]]:
        score = self._fit(labels.c.sort_name) + _TYPE_WEIGHTS[HitType.LABEL]
        statement = _hit(HitType.LABEL, labels.c.id, literal(0), score, labels.c.name, None)
        return self._bounded(statement.where(self._fits(labels.c.search_text)), labels.c.sort_name)

    def _bounded(self, statement: Select[Any], folded_title: ColumnElement[str]) -> list[Select[Any]]:
        """Some of those that fit, and those that begin with the question, which are the best."""
        begins = (folded_title >= self._folded) & (folded_title <= f"{self._folded}{_LAST_LETTER}")
        return [select(part.limit(_MOST_HITS).subquery()) for part in (statement, statement.where(begins))]

    def _fits(self, search_text: ColumnElement[str]) -> ColumnElement[bool]:
        return words_in(search_text).op("@@")(self._query)

    def _fit(self, folded_title: ColumnElement[str]) -> ColumnElement[float]:
        """4 for the very title, 3 for its beginning, 2 for words of it, 1 for words of what goes with it."""
        return case(
            (folded_title == self._folded, 4.0),
            (func.starts_with(folded_title, self._folded), 3.0),
            (words_in(folded_title).op("@@")(self._query), 2.0),
            else_=1.0,
        )

    def _narrowing(self) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = [
            albums.c.tags.op("&&")(cast(tags, ARRAY(Text))) for tags in self._wanted.tag_sets
        ]
        if self._wanted.year_from is not None:
            conditions.append(albums.c.year >= self._wanted.year_from)
        if self._wanted.year_to is not None:
            conditions.append(albums.c.year <= self._wanted.year_to)
        return conditions


def _hit(
    type_: HitType,
    id_: ColumnElement[Any],
    number: ColumnElement[int],
    score: ColumnElement[Any],
    title: ColumnElement[str],
    album_id: ColumnElement[Any] | None,
) -> Select[Any]:
    rounded = cast(func.round(cast(score, Numeric), 4), Double)
    return select(
        cast(literal(type_.value), Text).label("type"),
        id_.label("id"),
        number.label("number"),
        rounded.label("score"),
        title.label("title"),
        (cast(None, Uuid) if album_id is None else album_id).label("album_id"),
    )

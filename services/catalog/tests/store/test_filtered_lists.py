"""Filtered lists of more albums than are looked through in order: whole, in order, whatever lies where."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from vinyl_catalog.domain.lists import AlbumConditions, AlbumOrder, Place
from vinyl_catalog.store.album_pages import NEAREST
from vinyl_catalog.store.unit_of_work import Store

_COLUMNS = (
    *("id", "discogs_master_id", "release_count", "title", "sort_title", "year", "own_tags", "tags"),
    *("document", "bayesian_average", "version", "created_at", "updated_at"),
)
_COUNT = NEAREST + 500
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def tags_of(number: int) -> list[str]:
    """Few at the very ends of every order, many in the middle of one, and two that never meet."""
    tags = ["genre:Rock" if number % 2 else "genre:Jazz"]
    if number in (0, 3, NEAREST + 100, _COUNT - 1):
        tags.append("style:Rare")
    if number > NEAREST:
        tags.append("style:Late")
    return tags


def row_of(number: int) -> tuple[Any, ...]:
    title, tags = f"{number:06}", tags_of(number)
    year = None if number % 50 == 0 else 1900 + number // 25
    document = b'{"discogs_master_id":%d,"title":"%d"}' % (number + 1, number)
    fame = number / _COUNT * 5
    return (
        UUID(int=number << 16),
        number + 1,
        0,
        title,
        title,
        year,
        tags,
        tags,
        document,
        fame,
        1,
        _NOW,
        _NOW,
    )


@pytest.fixture
async def many(connection: asyncpg.Connection) -> None:
    rows = [row_of(number) for number in range(_COUNT)]
    await connection.copy_records_to_table("albums", records=rows, columns=_COLUMNS)
    await connection.execute("analyze albums")


def expected(wanted: AlbumConditions, order: AlbumOrder) -> list[UUID]:
    found = []
    for number in range(_COUNT):
        id_, *_, year = (row := row_of(number))[:6]
        tags = set(row[7])
        if not all(tags & set(each) for each in wanted.tag_sets):
            continue
        if wanted.year_from is not None and (year is None or year < wanted.year_from):
            continue
        if wanted.year_to is not None and (year is None or year > wanted.year_to):
            continue
        place = {AlbumOrder.OLDEST: year or 32767, AlbumOrder.YOUNGEST: -(year or 0)}.get(order, number)
        found.append((place, number, id_))
    return [id_ for *_, id_ in sorted(found, reverse=order in (AlbumOrder.NEWEST, AlbumOrder.TOP))]


async def paged(store: Store, wanted: AlbumConditions, order: AlbumOrder, limit: int) -> Sequence[UUID]:
    seen: list[UUID] = []
    after: Place | None = None
    while True:
        async with store.begin() as unit:
            page = await unit.albums.list_matching(wanted, order, after, limit)
        seen += [placed.item.id for placed in page]
        if len(page) < limit:
            return seen
        after = page[-1].place


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("order", list(AlbumOrder))
async def test_a_list_has_what_it_should(store: Store, order: AlbumOrder) -> None:
    for wanted in (
        AlbumConditions([["style:Rare"]]),
        AlbumConditions([["style:Rare"], ["genre:Rock"]]),
        AlbumConditions([["genre:Rock"], ["genre:Jazz"]]),
        AlbumConditions([["style:Late"]]),
        AlbumConditions([["style:Rare", "style:Late"], ["genre:Jazz"]]),
        AlbumConditions(year_from=1950, year_to=1950),
        AlbumConditions(year_from=1999),
        AlbumConditions([["style:Rare"]], year_to=1901),
        AlbumConditions([["style:Late"]], 1900, 1990),
    ):
        assert await paged(store, wanted, order, 100) == expected(wanted, order), wanted
    assert await paged(store, AlbumConditions(), order, 1000) == expected(AlbumConditions(), order)
    rare = AlbumConditions([["style:Rare"]])
    assert await paged(store, rare, order, 3) == expected(rare, order)

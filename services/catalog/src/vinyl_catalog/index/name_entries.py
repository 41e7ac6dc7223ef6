"""Artists and labels, as the index takes them."""

import re
from collections.abc import Collection
from uuid import UUID

from vinyl_catalog.domain.folding import folded
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.index.entries import Entry, Shown
from vinyl_catalog.store.index_rows import NameRow
from vinyl_catalog.store.unit_of_work import UnitOfWork

# "Vera Lund (2)" is to be found as Vera Lund.
_NUMBER = re.compile(r" \(\d+\)$", re.ASCII)
_MOST_VARIATIONS = 50


async def read_artists(unit: UnitOfWork, ids: Collection[UUID]) -> list[Entry]:
    return [_entry(HitType.ARTIST, row) for row in await unit.index_rows.list_artists(ids)]


async def read_labels(unit: UnitOfWork, ids: Collection[UUID]) -> list[Entry]:
    return [_entry(HitType.LABEL, row) for row in await unit.index_rows.list_labels(ids)]


def _entry(type_: HitType, row: NameRow) -> Entry:
    bare = _NUMBER.sub("", row.name)
    names = [folded(name) for name in (bare, *row.variations[:_MOST_VARIATIONS])]
    return Entry(
        owner=row.id,
        shown=Shown(type_, row.id, row.name, None, None, None),
        names=names,
        words=[*(folded(row.name).split() if bare != row.name else ()), *row.other_words.split()],
        fame=row.fame,
    )

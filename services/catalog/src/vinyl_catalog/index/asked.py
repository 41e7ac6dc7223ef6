"""What the index is asked, and which of its records come into question by more than words."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec
from tantivy import Occur, Query

from vinyl_catalog.domain.lists import AlbumConditions
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.index.schema import TAG_FIELDS
from vinyl_catalog.index.terms import Clauses, Terms, one_of


class Asked(msgspec.Struct, frozen=True):
    """`words` are folded; `left_out` are hex ids of what is not wanted, `ids` of all that is; with `owner`
    only what goes and comes with that record is."""

    words: Sequence[str]
    types: Sequence[HitType]
    conditions: AlbumConditions = AlbumConditions()
    left_out: Sequence[str] = ()
    ids: Sequence[str] | None = None
    owner: UUID | None = None


def narrowing(asked: Asked, terms: Terms) -> Clauses:
    unwanted = [(Occur.MustNot, terms.one("id", each)) for each in asked.left_out]
    return [*((Occur.Must, query) for query in _needed(asked, terms)), *unwanted]


def _needed(asked: Asked, terms: Terms) -> Iterator[Query]:
    if len(asked.types) < len(HitType):
        yield terms.any_of("type", asked.types)
    if asked.ids is not None:
        yield terms.any_of("id", asked.ids)
    if asked.owner is not None:
        yield terms.one("owner", asked.owner.hex)
    for tags in asked.conditions.tag_sets:
        parted = [tag.partition(":") for tag in tags]
        yield one_of([terms.one(TAG_FIELDS[kind], value) for kind, _, value in parted])
    years = asked.conditions.year_from, asked.conditions.year_to
    if years != (None, None):
        yield terms.between("year", *years)

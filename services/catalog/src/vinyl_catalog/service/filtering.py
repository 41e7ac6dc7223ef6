"""A person's filter, with its words looked up in the catalogue."""

from collections.abc import Sequence
from uuid import UUID

from vinyl_catalog.domain.folding import folded
from vinyl_catalog.domain.lists import AlbumConditions, AlbumFilter
from vinyl_catalog.domain.searching import Question
from vinyl_catalog.store.unit_of_work import UnitOfWork

_KINDS: dict[str, Sequence[str]] = {
    "genre": ("genre",),
    "style": ("style",),
    "format": ("format",),
    "country": ("country", "code"),
}


async def conditions_of(unit: UnitOfWork, wanted: AlbumFilter | Question) -> AlbumConditions:
    tag_sets = [
        await unit.tags.find(kinds, word) for name, kinds in _KINDS.items() if (word := getattr(wanted, name))
    ]
    if wanted.label is not None:
        tag_sets.append(await _label_tags(unit, wanted.label))
    if isinstance(wanted, Question):
        return AlbumConditions(tag_sets, wanted.year_from, wanted.year_to)
    if wanted.artist_id is not None:
        tag_sets.append(await _artist_tags(unit, wanted.artist_id))
    return AlbumConditions(tag_sets, wanted.year_from, wanted.year_to, wanted.discogs_master_id)


async def _label_tags(unit: UnitOfWork, label: str) -> list[str]:
    try:
        label_id = UUID(label)
    except ValueError:
        return [f"label:{number}" for number in await unit.labels.find_discogs_ids(folded(label))]
    found = await unit.labels.find(label_id)
    return [f"label:{found.discogs_label_id}"] if found and found.discogs_label_id else []


async def _artist_tags(unit: UnitOfWork, artist_id: UUID) -> list[str]:
    artist_id = await unit.artists.find_survivor(artist_id) or artist_id
    return [f"artist:{number}" for number in await unit.artists.list_numbers(artist_id)]

"""Finding albums by the numbers on their sleeves: barcodes and catalogue numbers in any spelling."""

from collections.abc import Sequence
from uuid import UUID

from vinyl_catalog.domain.codes import folded_catalog_number
from vinyl_catalog.domain.folding import words_of
from vinyl_catalog.domain.releases import StoredRelease
from vinyl_catalog.domain.searching import CatalogCode, HitType, Question, barcode_in, catalog_codes_in
from vinyl_catalog.store.unit_of_work import UnitOfWork

MOST_NUMBERED = 20
_MOST_LOOKED_AT = 60


async def find_by_numbers(unit: UnitOfWork, question: Question) -> dict[UUID, UUID]:
    """The albums with a pressing that bears the number asked for, each with the earliest such pressing."""
    if HitType.ALBUM not in question.types or question.is_narrowed:
        return {}
    barcode = barcode_in(question.text)
    catalog_codes = catalog_codes_in(question.text)
    codes = [f"c:{each.code}" for each in catalog_codes] + ([barcode] if barcode else [])
    if not codes:
        return {}
    chosen: dict[UUID, UUID] = {}
    for placed in await unit.releases.list_of_codes(codes, None, _MOST_LOOKED_AT):
        release = placed.item
        if barcode or _bears(release, catalog_codes):
            chosen.setdefault(release.album_id, release.id)
    return dict(list(chosen.items())[:MOST_NUMBERED])


def _bears(release: StoredRelease, wanted: Sequence[CatalogCode]) -> bool:
    """Whether one of its labels has the number, and the words of the label that were asked for too."""
    for label in release.facts.labels:
        code = folded_catalog_number(label.catalog_number) if label.catalog_number else None
        words = words_of(label.name)
        if any(each.code == code and set(each.label_words) <= set(words) for each in wanted):
            return True
    return False

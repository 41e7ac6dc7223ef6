"""Reading labels and genres."""

from collections.abc import Sequence
from uuid import UUID

from vinyl_catalog.domain.folding import words_of
from vinyl_catalog.domain.labels import Label, label_of
from vinyl_catalog.domain.lists import Place, Placed, TagCount
from vinyl_catalog.domain.references import wanted_by
from vinyl_catalog.domain.refusals import LabelNotFound
from vinyl_catalog.domain.searching import HitType
from vinyl_catalog.index.asked import Asked
from vinyl_catalog.index.search_index import SearchIndex
from vinyl_catalog.service.best_fits import list_best
from vinyl_catalog.service.gathering import Gathering
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork


class LabelService:
    def __init__(self, store: Store, index: SearchIndex) -> None:
        self._store = store
        self._index = index
        self._labels = Gathering(self._read_labels)

    async def read_label(self, label_id: UUID) -> Label:
        label = await self._labels.read(label_id)
        if label is None:
            raise LabelNotFound
        return label

    async def list_labels(
        self, text: str | None, discogs_label_id: int | None, after: Place | None, limit: int
    ) -> list[Placed[Label]]:
        """As `ArtistService.list_artists`."""
        async with self._store.begin() as unit:
            if text is None:
                found = await unit.labels.list_by_name(discogs_label_id, after, limit)
            else:
                asked = Asked(words_of(text), (HitType.LABEL,), ids=await _ids(unit, discogs_label_id))
                found = await list_best(self._index, asked, after, limit, unit.labels.find_all)
            names = await unit.names.look_up(wanted_by(*(placed.item.facts for placed in found)))
            return [placed.holding(label_of(placed.item, names)) for placed in found]

    async def list_genres(self, after: Place | None, limit: int) -> list[Placed[TagCount]]:
        async with self._store.begin() as unit:
            return await unit.tags.list_counts("genre", after, limit)

    async def _read_labels(self, label_ids: Sequence[UUID]) -> dict[UUID, Label]:
        async with self._store.begin() as unit:
            found = await unit.labels.find_all(label_ids)
            names = await unit.names.look_up(wanted_by(*(label.facts for label in found.values())))
            return {id_: label_of(label, names) for id_, label in found.items()}


async def _ids(unit: UnitOfWork, discogs_label_id: int | None) -> list[str] | None:
    if discogs_label_id is None:
        return None
    return [placed.item.id.hex for placed in await unit.labels.list_by_name(discogs_label_id, None, 1)]

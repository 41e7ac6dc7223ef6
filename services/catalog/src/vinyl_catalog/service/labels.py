"""Reading labels and genres."""

from uuid import UUID

from vinyl_catalog.domain.folding import words_of
from vinyl_catalog.domain.labels import Label, label_of
from vinyl_catalog.domain.lists import Place, Placed, TagCount
from vinyl_catalog.domain.references import wanted_by
from vinyl_catalog.domain.refusals import LabelNotFound
from vinyl_catalog.domain.searching import tsquery_of
from vinyl_catalog.store.unit_of_work import Store


class LabelService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def read_label(self, label_id: UUID) -> Label:
        async with self._store.begin() as unit:
            found = await unit.labels.find(label_id)
            if found is None:
                raise LabelNotFound
            return label_of(found, await unit.names.look_up(wanted_by(found.facts)))

    async def list_labels(
        self, text: str | None, discogs_label_id: int | None, after: Place | None, limit: int
    ) -> list[Placed[Label]]:
        words = tsquery_of(words_of(text)) if text else None
        async with self._store.begin() as unit:
            found = await unit.labels.list_by_name(words, discogs_label_id, after, limit)
            names = await unit.names.look_up(wanted_by(*(placed.item.facts for placed in found)))
            return [placed.holding(label_of(placed.item, names)) for placed in found]

    async def list_genres(self) -> list[TagCount]:
        async with self._store.begin() as unit:
            return await unit.tags.list_counts("genre")

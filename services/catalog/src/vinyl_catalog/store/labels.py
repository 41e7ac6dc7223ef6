"""Labels to read."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.facts import LabelFacts
from vinyl_catalog.domain.labels import StoredLabel
from vinyl_catalog.domain.lists import Place, Placed
from vinyl_catalog.domain.names import Named
from vinyl_catalog.store.documents import decoder_of
from vinyl_catalog.store.tables import among, is_any, labels
from vinyl_catalog.store.tags import Tags

_decode = decoder_of(LabelFacts)


class Labels:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, label_id: UUID) -> StoredLabel | None:
        return (await self.find_all([label_id])).get(label_id)

    async def find_all(self, label_ids: Sequence[UUID]) -> dict[UUID, StoredLabel]:
        statement = select(labels).where(is_any(labels.c.id, label_ids))
        found = await self._whole((await self._connection.execute(statement)).all())
        return {label.id: label for label in found}

    async def find_discogs_ids(self, sort_name: str) -> list[int]:
        """Of the labels of this folded name."""
        statement = select(labels.c.discogs_label_id).where(labels.c.sort_name == sort_name)
        return [number for number in await self._connection.scalars(statement) if number is not None]

    async def list_by_name(
        self, discogs_label_id: int | None, after: Place | None, limit: int
    ) -> list[Placed[StoredLabel]]:
        conditions: list[ColumnElement[bool]] = []
        if discogs_label_id is not None:
            conditions.append(labels.c.discogs_label_id == discogs_label_id)
        keys = (labels.c.sort_name, labels.c.id)
        if after is not None:
            conditions.append(tuple_(*keys) > tuple_(*after))
        statement = select(labels).where(*conditions).order_by(*keys).limit(limit)
        rows = (await self._connection.execute(statement)).all()
        whole = await self._whole(rows)
        return [Placed(label, [row.sort_name, row.id]) for row, label in zip(rows, whole, strict=True)]

    async def _whole(self, rows: Sequence[Any]) -> list[StoredLabel]:
        numbers = [row.discogs_label_id for row in rows if row.discogs_label_id is not None]
        sublabels = await self._sublabels(numbers)
        counts = await Tags(self._connection).count_each([f"label:{number}" for number in numbers])
        return [
            StoredLabel(
                id=row.id,
                name=row.name,
                discogs_label_id=row.discogs_label_id,
                facts=_decode(row.document) if row.document else None,
                sublabels=sublabels[row.discogs_label_id],
                album_count=counts.get(f"label:{row.discogs_label_id}", 0),
                created_at=row.created_at,
                updated_at=row.updated_at,
            )
            for row in rows
        ]

    async def _sublabels(self, numbers: list[int]) -> dict[int, list[Named]]:
        """By the Discogs id of the parent, in order of name."""
        statement = select(labels).where(among(labels.c.parent_discogs_label_id, numbers))
        found: dict[int, list[Named]] = defaultdict(list)
        for row in await self._connection.execute(statement.order_by(labels.c.sort_name, labels.c.id)):
            found[row.parent_discogs_label_id].append(Named(row.id, row.name))
        return found

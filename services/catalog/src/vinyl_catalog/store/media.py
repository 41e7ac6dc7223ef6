"""What is known of uploaded pictures."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.pictures import Picture, Size, Variant
from vinyl_catalog.store.media_tables import media
from vinyl_contracts.ids import MediaId, UserId


class Media:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find_upload(self, owner_id: UserId, source_hash: bytes) -> Picture | None:
        """The picture that these very bytes of this owner became."""
        statement = select(media).where(media.c.owner_id == owner_id, media.c.source_hash == source_hash)
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else _picture(row)

    async def count_of(self, owner_id: UserId) -> int:
        statement = select(func.count()).select_from(media).where(media.c.owner_id == owner_id)
        return await self._connection.scalar(statement) or 0

    async def add(self, picture: Picture) -> bool:
        """False where the owner has one of the same upload already."""
        row = {
            "id": picture.id,
            "owner_id": picture.owner_id,
            "source_hash": picture.source_hash,
            "width": picture.size.width,
            "height": picture.size.height,
            "color": picture.color,
            "variants": msgspec.to_builtins(picture.variants),
            "created_at": picture.created_at,
        }
        added = await self._connection.execute(insert(media).values(row).on_conflict_do_nothing())
        return added.rowcount == 1

    async def find_all(self, media_ids: Iterable[UUID]) -> dict[UUID, Picture]:
        rows = await self._connection.execute(select(media).where(media.c.id.in_(set(media_ids))))
        return {row.id: _picture(row) for row in rows}

    async def hold(self, owner_id: UserId, media_ids: Sequence[MediaId]) -> set[MediaId]:
        """Those of them that are the owner's; none of these can go until this transaction ends."""
        statement = select(media.c.id).where(media.c.owner_id == owner_id, media.c.id.in_(media_ids))
        rows = await self._connection.scalars(statement.order_by(media.c.id).with_for_update(read=True))
        return {MediaId(each) for each in rows}

    async def lock(self, owner_id: UserId, media_id: MediaId) -> bool:
        """Whether it is the owner's; whoever would hold it waits until this transaction ends."""
        statement = select(media.c.id).where(media.c.owner_id == owner_id, media.c.id == media_id)
        return await self._connection.scalar(statement.with_for_update()) is not None

    async def remove(self, media_id: MediaId) -> None:
        await self._connection.execute(delete(media).where(media.c.id == media_id))


def _picture(row: Any) -> Picture:
    return Picture(
        id=MediaId(row.id),
        owner_id=UserId(row.owner_id),
        source_hash=row.source_hash,
        size=Size(row.width, row.height),
        color=row.color,
        variants=msgspec.convert(row.variants, dict[Variant, Size]),
        created_at=row.created_at,
    )

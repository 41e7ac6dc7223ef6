"""What the stars of each album add up to, counted as they come."""

from sqlalchemy import RowMapping, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.ids import AlbumId
from vinyl_rating.domain.rating import Summary
from vinyl_rating.store.tables import album_summaries


class Summaries:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, album_id: AlbumId) -> Summary | None:
        statement = select(album_summaries).where(album_summaries.c.album_id == album_id)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return None if row is None else _summary(row)

    async def lock(self, album_id: AlbumId) -> Summary:
        """The summary, empty at first; whoever else rates this album waits until this transaction ends."""
        nothing = {"album_id": album_id, "version": 0} | {f"stars_{stars}": 0 for stars in range(1, 6)}
        await self._connection.execute(insert(album_summaries).values(nothing).on_conflict_do_nothing())
        statement = select(album_summaries).where(album_summaries.c.album_id == album_id).with_for_update()
        return _summary((await self._connection.execute(statement)).mappings().one())

    async def save(self, summary: Summary) -> None:
        counts = {f"stars_{stars}": count for stars, count in enumerate(summary.counts, start=1)}
        await self._connection.execute(
            update(album_summaries)
            .where(album_summaries.c.album_id == summary.album_id)
            .values(version=summary.version, **counts)
        )


def _summary(row: RowMapping) -> Summary:
    counts = (row["stars_1"], row["stars_2"], row["stars_3"], row["stars_4"], row["stars_5"])
    return Summary(row["album_id"], row["version"], counts)

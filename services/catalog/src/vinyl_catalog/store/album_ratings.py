"""What listeners think of albums, as the rating service tells it. Kept for albums that are not known too."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.albums import RatingSummary
from vinyl_catalog.store.tables import album_ratings, albums


class AlbumRatings:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def save(self, album_id: UUID, version: int, summary: RatingSummary) -> None:
        """Of two versions the higher stays."""
        values = {
            "version": version,
            "count": summary.count,
            "average": summary.average,
            "bayesian_average": summary.bayesian_average,
        }
        statement = insert(album_ratings).values(album_id=album_id, **values)
        newer = statement.excluded.version > album_ratings.c.version
        saved = await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["album_id"], set_=values, where=newer)
        )
        if saved.rowcount:
            place = {"bayesian_average": summary.bayesian_average or 0.0}
            await self._connection.execute(update(albums).where(albums.c.id == album_id).values(place))

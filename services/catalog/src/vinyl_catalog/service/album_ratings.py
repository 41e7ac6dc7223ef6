"""Learning what listeners think of albums."""

from uuid import UUID

from vinyl_catalog.domain.albums import RatingSummary
from vinyl_catalog.store.unit_of_work import Store


class AlbumRatingService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def learn_summary(self, album_id: UUID, version: int, summary: RatingSummary) -> None:
        async with self._store.begin() as unit:
            await unit.album_ratings.save(album_id, version, summary)
            if summary.count:
                await unit.answers.prefer(album_id)
            unit.changes.note("album-ratings", f"album-{album_id}")

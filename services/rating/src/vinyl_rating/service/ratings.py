"""What listeners do with ratings."""

from vinyl_chassis.clock import now
from vinyl_chassis.identity import Listener
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.errors import Invalid
from vinyl_contracts.events.rating import AlbumRatingChanged, Histogram
from vinyl_contracts.ids import AlbumId, RatingId, new_id
from vinyl_rating.domain.rating import Rating, RatingFilter, Summary
from vinyl_rating.domain.refusals import AlbumNotFound, NotYourRating, RatingNotFound
from vinyl_rating.store.unit_of_work import Store, UnitOfWork


class RatingService:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def rate_album(self, listener: Listener, album_id: AlbumId, stars: int) -> tuple[Rating, bool]:
        """The rating, and whether it is the listener's first of this album."""
        async with self._store.begin() as unit:
            survivor = await unit.known_albums.resolve(album_id)
            if survivor is None:
                raise AlbumNotFound
            summary = await unit.summaries.lock(survivor)
            before = await unit.ratings.find_of(listener.id, survivor)
            at = now()
            rating = (
                before.restarred(stars, at)
                if before
                else Rating(
                    RatingId(new_id()),
                    listener.id,
                    listener.username,
                    survivor,
                    stars,
                    1,
                    created_at=at,
                    updated_at=at,
                )
            )
            await unit.ratings.save(rating)
            await _save(unit, summary.changed(removed=before.stars if before else None, added=stars))
            return rating, before is None

    async def change_rating(
        self,
        listener: Listener,
        rating_id: RatingId,
        album_id: AlbumId | None,
        stars: int,
        expected: ExpectedVersion,
    ) -> Rating:
        """`album_id`, where the client repeats it, has to be the rated album's."""
        async with self._store.begin() as unit:
            summary, before = await _own_rating(unit, listener, rating_id)
            expected.check(before.version)
            if album_id is not None and await unit.known_albums.resolve(album_id) != before.album_id:
                raise Invalid.field("album_id", "is not the album of this rating")
            rating = before.restarred(stars, now())
            await unit.ratings.save(rating)
            await _save(unit, summary.changed(removed=before.stars, added=stars))
            return rating

    async def withdraw_rating(
        self, listener: Listener, rating_id: RatingId, expected: ExpectedVersion
    ) -> None:
        async with self._store.begin() as unit:
            summary, rating = await _own_rating(unit, listener, rating_id)
            expected.check(rating.version)
            await unit.ratings.remove(rating_id)
            await _save(unit, summary.changed(removed=rating.stars))

    async def read_rating(self, rating_id: RatingId) -> Rating:
        async with self._store.begin() as unit:
            rating = await unit.ratings.find(rating_id)
        if rating is None:
            raise RatingNotFound
        return rating

    async def list_ratings(self, wanted: RatingFilter, before: RatingId | None, limit: int) -> list[Rating]:
        async with self._store.begin() as unit:
            return await unit.ratings.list_newest(wanted, before, limit)

    async def summarise_album(self, album_id: AlbumId) -> Summary:
        async with self._store.begin() as unit:
            survivor = await unit.known_albums.resolve(album_id)
            if survivor is None:
                raise AlbumNotFound
            return await unit.summaries.find(survivor) or Summary(survivor, 0, (0, 0, 0, 0, 0))


async def _own_rating(unit: UnitOfWork, listener: Listener, rating_id: RatingId) -> tuple[Summary, Rating]:
    """The album's summary, locked, and then the rating as it is under that lock."""
    seen = await unit.ratings.find(rating_id)
    if seen is None:
        raise RatingNotFound
    if seen.user_id != listener.id:
        raise NotYourRating
    summary = await unit.summaries.lock(seen.album_id)
    rating = await unit.ratings.find(rating_id)
    if rating is None or rating.album_id != seen.album_id:
        raise RatingNotFound
    return summary, rating


async def _save(unit: UnitOfWork, summary: Summary) -> None:
    await unit.summaries.save(summary)
    await publish(unit, summary)


async def publish(unit: UnitOfWork, summary: Summary) -> None:
    event = AlbumRatingChanged(
        album_id=summary.album_id,
        count=summary.count,
        average=summary.average,
        bayesian_average=summary.bayesian_average,
        histogram=Histogram(*summary.counts),
    )
    await unit.outbox.add(event, summary.album_id, summary.version)

"""A listener's stars for an album, and what all stars of an album add up to."""

from datetime import datetime

import msgspec

from vinyl_contracts.ids import AlbumId, RatingId, UserId

# An album with few ratings is shown nearer to what albums get in general (C·m + Σr)/(C + n).
PRIOR_MEAN = 3.5
PRIOR_WEIGHT = 5


class Rating(msgspec.Struct, frozen=True):
    id: RatingId
    user_id: UserId
    username: str
    album_id: AlbumId
    stars: int
    version: int
    created_at: datetime
    updated_at: datetime

    def restarred(self, stars: int, at: datetime) -> "Rating":
        return msgspec.structs.replace(self, stars=stars, version=self.version + 1, updated_at=at)


class RatingFilter(msgspec.Struct, frozen=True):
    """None does not restrict. `stars` bounds are inclusive."""

    album_id: AlbumId | None = None
    username: str | None = None
    least_stars: int | None = None
    most_stars: int | None = None


class Summary(msgspec.Struct, frozen=True):
    """`counts[0]` is how many gave one star, `counts[4]` how many gave five."""

    album_id: AlbumId
    version: int
    counts: tuple[int, int, int, int, int]

    @property
    def count(self) -> int:
        return sum(self.counts)

    @property
    def average(self) -> float | None:
        return round(self._total / self.count, 4) if self.count else None

    @property
    def bayesian_average(self) -> float | None:
        if not self.count:
            return None
        return round((PRIOR_WEIGHT * PRIOR_MEAN + self._total) / (PRIOR_WEIGHT + self.count), 4)

    def changed(self, *, removed: int | None = None, added: int | None = None) -> "Summary":
        """The summary after one listener's stars went from `removed` to `added`."""
        counts = list(self.counts)
        if removed is not None:
            counts[removed - 1] -= 1
        if added is not None:
            counts[added - 1] += 1
        one, two, three, four, five = counts
        return Summary(self.album_id, self.version + 1, (one, two, three, four, five))

    @property
    def _total(self) -> int:
        return sum(stars * count for stars, count in enumerate(self.counts, start=1))

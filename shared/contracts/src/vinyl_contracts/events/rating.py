"""What the rating service tells."""

from typing import ClassVar

import msgspec

from vinyl_contracts.envelope import Event
from vinyl_contracts.ids import AlbumId


class Histogram(msgspec.Struct, frozen=True, rename={f"stars_{stars}": str(stars) for stars in range(1, 6)}):
    """How many listeners gave each number of stars; on the wire the keys are "1" to "5"."""

    stars_1: int = 0
    stars_2: int = 0
    stars_3: int = 0
    stars_4: int = 0
    stars_5: int = 0


class AlbumRatingChanged(Event, frozen=True):
    """Aggregate: the album as it is rated. `average` is None where nobody rated."""

    service: ClassVar[str] = "rating"
    name: ClassVar[str] = "album_rating_changed"

    album_id: AlbumId
    count: int
    average: float | None
    bayesian_average: float | None
    histogram: Histogram

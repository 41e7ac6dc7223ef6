"""What the rating service tells."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from vinyl_contracts.envelope import Event
from vinyl_contracts.ids import AlbumId, CommentId, UserId


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

    def outdated(self) -> list[str]:
        return ["ratings", f"ratings-{self.album_id}"]


class VotesChanged(Event, frozen=True):
    """How many upvote something now. Aggregate: what is voted on.

    `subject_type` is product, review, album or comment.
    """

    service: ClassVar[str] = "rating"
    name: ClassVar[str] = "votes_changed"

    subject_type: str
    subject_id: UUID
    count: int


class CommentPosted(Event, frozen=True):
    """Aggregate: the thread, by what it is about; `count` are the comments in it now.

    `parent_id` is the comment that it answers. `subject_type` is product, review or album.
    """

    service: ClassVar[str] = "rating"
    name: ClassVar[str] = "comment_posted"

    comment_id: CommentId
    user_id: UserId
    subject_type: str
    subject_id: UUID
    parent_id: CommentId | None
    count: int
    posted_at: datetime


class CommentRemoved(Event, frozen=True):
    """Aggregate: the thread, as of CommentPosted."""

    service: ClassVar[str] = "rating"
    name: ClassVar[str] = "comment_removed"

    comment_id: CommentId
    subject_type: str
    subject_id: UUID
    count: int

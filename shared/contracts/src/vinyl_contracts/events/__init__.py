"""Every event that one service tells another, by the service that tells it."""

from vinyl_contracts.envelope import Event
from vinyl_contracts.events.catalog import (
    AlbumChanged,
    AlbumsImported,
    AlbumWithdrawn,
    AnswersOutdated,
    ProductChanged,
    ProductWithdrawn,
)
from vinyl_contracts.events.rating import (
    AlbumRatingChanged,
    CommentPosted,
    CommentRemoved,
    VotesChanged,
)
from vinyl_contracts.events.search import SearchCompleted
from vinyl_contracts.events.user import (
    CollectionItemChanged,
    CollectionItemRemoved,
    ProfileChanged,
    SessionRevoked,
    UserRegistered,
    WantChanged,
    WantRemoved,
)

ALL_EVENTS: tuple[type[Event], ...] = (
    AlbumsImported,
    AlbumChanged,
    AlbumWithdrawn,
    AnswersOutdated,
    AlbumRatingChanged,
    ProductChanged,
    ProductWithdrawn,
    VotesChanged,
    CommentPosted,
    CommentRemoved,
    CollectionItemChanged,
    CollectionItemRemoved,
    ProfileChanged,
    SearchCompleted,
    SessionRevoked,
    UserRegistered,
    WantChanged,
    WantRemoved,
)

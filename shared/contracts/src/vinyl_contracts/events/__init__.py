"""Every event that one service tells another, by the service that tells it."""

from vinyl_contracts.envelope import Event
from vinyl_contracts.events.catalog import AlbumChanged, AlbumsImported, AlbumWithdrawn
from vinyl_contracts.events.rating import AlbumRatingChanged
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
    AlbumRatingChanged,
    CollectionItemChanged,
    CollectionItemRemoved,
    ProfileChanged,
    SearchCompleted,
    SessionRevoked,
    UserRegistered,
    WantChanged,
    WantRemoved,
)

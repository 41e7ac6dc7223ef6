"""What the user service tells."""

from datetime import date, datetime
from typing import ClassVar

from vinyl_contracts.envelope import Event
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, CollectionItemId, MediaId, ReleaseId, SessionId, UserId, WantId
from vinyl_contracts.money import Money


class UserRegistered(Event, frozen=True):
    """Aggregate: the user."""

    service: ClassVar[str] = "user"
    name: ClassVar[str] = "user_registered"

    user_id: UserId
    username: str
    registered_at: datetime


class ProfileChanged(Event, frozen=True):
    """Aggregate: the user. The profile as it is now."""

    service: ClassVar[str] = "user"
    name: ClassVar[str] = "profile_changed"

    user_id: UserId
    username: str
    display_name: str | None
    country: str | None
    currency: str
    is_public: bool
    avatar_media_id: MediaId | None = None


class CollectionItemChanged(Event, frozen=True):
    """Aggregate: the collection item. Added or edited; its state as it is now."""

    service: ClassVar[str] = "user"
    name: ClassVar[str] = "collection_item_changed"

    item_id: CollectionItemId
    user_id: UserId
    album_id: AlbumId
    release_id: ReleaseId | None
    media_condition: Grade | None
    sleeve_condition: Grade | None
    acquired_on: date | None


class CollectionItemRemoved(Event, frozen=True):
    """Aggregate: the collection item."""

    service: ClassVar[str] = "user"
    name: ClassVar[str] = "collection_item_removed"

    item_id: CollectionItemId
    user_id: UserId


class WantChanged(Event, frozen=True):
    """Aggregate: the want. Added or edited; its state as it is now."""

    service: ClassVar[str] = "user"
    name: ClassVar[str] = "want_changed"

    want_id: WantId
    user_id: UserId
    album_id: AlbumId
    release_id: ReleaseId | None
    max_price: Money | None
    min_media_condition: Grade | None
    formats: list[str]


class WantRemoved(Event, frozen=True):
    """Aggregate: the want."""

    service: ClassVar[str] = "user"
    name: ClassVar[str] = "want_removed"

    want_id: WantId
    user_id: UserId


class SessionRevoked(Event, frozen=True):
    """Aggregate: the session. Its access tokens are refused from now until they expire."""

    service: ClassVar[str] = "user"
    name: ClassVar[str] = "session_revoked"

    session_id: SessionId
    user_id: UserId
    revoked_at: datetime

"""What the others are told, each with its aggregate and version."""

from uuid import UUID

from vinyl_contracts.envelope import Event
from vinyl_contracts.events.user import (
    CollectionItemChanged,
    CollectionItemRemoved,
    ProfileChanged,
    SessionRevoked,
    UserRegistered,
    WantChanged,
    WantRemoved,
)
from vinyl_contracts.ids import MediaId
from vinyl_user.domain.collection import CollectionItem
from vinyl_user.domain.profiles import Profile
from vinyl_user.domain.sessions import Session
from vinyl_user.domain.wants import Want

Announcement = tuple[Event, UUID, int]


def registered(profile: Profile) -> Announcement:
    event = UserRegistered(profile.id, profile.username, profile.created_at)
    return event, profile.id, profile.version


def profile_changed(profile: Profile) -> Announcement:
    event = ProfileChanged(
        profile.id,
        profile.username,
        profile.display_name,
        profile.country,
        profile.currency,
        profile.is_public,
        None if profile.avatar_media_id is None else MediaId(profile.avatar_media_id),
    )
    return event, profile.id, profile.version


def session_revoked(session: Session) -> Announcement:
    """A session has two versions: begun, which nobody is told, and revoked."""
    revoked_at = session.revoked_at or session.last_used_at
    return SessionRevoked(session.id, session.user_id, revoked_at), session.id, 2


def item_changed(item: CollectionItem) -> Announcement:
    event = CollectionItemChanged(
        item.id,
        item.user_id,
        item.album_id,
        item.release_id,
        item.media_condition,
        item.sleeve_condition,
        item.acquired_on,
    )
    return event, item.id, item.version


def item_removed(item: CollectionItem) -> Announcement:
    return CollectionItemRemoved(item.id, item.user_id), item.id, item.version + 1


def want_changed(want: Want) -> Announcement:
    event = WantChanged(
        want.id,
        want.user_id,
        want.album_id,
        want.release_id,
        want.max_price,
        want.min_media_condition,
        want.formats,
    )
    return event, want.id, want.version


def want_removed(want: Want) -> Announcement:
    return WantRemoved(want.id, want.user_id), want.id, want.version + 1

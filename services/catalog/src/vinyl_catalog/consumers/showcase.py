"""What user and rating tell of the showcase: its members, their copies, votes and comments."""

from vinyl_catalog.domain.products import OwnedCopy
from vinyl_catalog.service.showcase_news import ShowcaseNews
from vinyl_chassis.messaging.subscription import Subscription
from vinyl_contracts.envelope import Envelope
from vinyl_contracts.events.rating import CommentPosted, CommentRemoved, VotesChanged
from vinyl_contracts.events.user import (
    CollectionItemChanged,
    CollectionItemRemoved,
    ProfileChanged,
    UserRegistered,
)

_PRODUCT = "product"


def of_user(news: ShowcaseNews) -> list[Subscription]:
    async def on_user_registered(event: UserRegistered, envelope: Envelope) -> None:
        await news.learn_listener(event.user_id, envelope.aggregateversion, event.username)

    async def on_profile_changed(event: ProfileChanged, envelope: Envelope) -> None:
        await news.learn_listener(
            event.user_id, envelope.aggregateversion, event.username, event.avatar_media_id
        )

    async def on_collection_item_changed(event: CollectionItemChanged, envelope: Envelope) -> None:
        copy = OwnedCopy(
            event.item_id,
            event.user_id,
            event.album_id,
            event.release_id,
            event.media_condition,
            event.sleeve_condition,
        )
        await news.learn_copy(copy, envelope.aggregateversion)

    async def on_collection_item_removed(event: CollectionItemRemoved, envelope: Envelope) -> None:
        await news.forget_copy(event.item_id, event.user_id, envelope.aggregateversion)

    return [
        Subscription(UserRegistered, on_user_registered),
        Subscription(ProfileChanged, on_profile_changed),
        Subscription(CollectionItemChanged, on_collection_item_changed),
        Subscription(CollectionItemRemoved, on_collection_item_removed),
    ]


def of_rating(news: ShowcaseNews) -> list[Subscription]:
    async def on_votes_changed(event: VotesChanged, envelope: Envelope) -> None:
        if event.subject_type == _PRODUCT:
            await news.learn_votes(event.subject_id, envelope.aggregateversion, event.count)

    async def on_comment(event: CommentPosted | CommentRemoved, envelope: Envelope) -> None:
        if event.subject_type == _PRODUCT:
            await news.learn_comments(event.subject_id, envelope.aggregateversion, event.count)

    return [
        Subscription(VotesChanged, on_votes_changed),
        Subscription(CommentPosted, on_comment),
        Subscription(CommentRemoved, on_comment),
    ]

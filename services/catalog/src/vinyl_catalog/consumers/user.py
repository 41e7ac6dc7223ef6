"""What user tells."""

from vinyl_catalog.domain.products import OwnedCopy
from vinyl_catalog.service.showcase_news import ShowcaseNews
from vinyl_chassis.messaging.subscription import Subscription
from vinyl_contracts.envelope import Envelope
from vinyl_contracts.events.user import (
    CollectionItemChanged,
    CollectionItemRemoved,
    ProfileChanged,
    UserRegistered,
)


def subscriptions(news: ShowcaseNews) -> list[Subscription]:
    async def on_user_registered(event: UserRegistered, envelope: Envelope) -> None:
        await news.learn_listener(event.user_id, envelope.aggregateversion, event.username)

    async def on_profile_changed(event: ProfileChanged, envelope: Envelope) -> None:
        await news.learn_listener(event.user_id, envelope.aggregateversion, event.username)

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

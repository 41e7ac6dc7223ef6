"""What user tells."""

from vinyl_chassis.messaging.subscription import Subscription
from vinyl_contracts.envelope import Envelope
from vinyl_contracts.events.user import (
    CollectionItemChanged,
    CollectionItemRemoved,
    ProfileChanged,
    UserRegistered,
    WantChanged,
    WantRemoved,
)
from vinyl_search.service.known import KnownService


def subscriptions(known: KnownService) -> list[Subscription]:
    async def on_want_changed(event: WantChanged, envelope: Envelope) -> None:
        await known.learn_want(event, envelope.aggregateversion)

    async def on_want_removed(event: WantRemoved, envelope: Envelope) -> None:
        await known.forget_want(event, envelope.aggregateversion)

    async def on_collection_item_changed(event: CollectionItemChanged, envelope: Envelope) -> None:
        await known.learn_owned(event, envelope.aggregateversion)

    async def on_collection_item_removed(event: CollectionItemRemoved, envelope: Envelope) -> None:
        await known.forget_owned(event, envelope.aggregateversion)

    async def on_profile_changed(event: ProfileChanged, envelope: Envelope) -> None:
        await known.learn_profile(event, envelope.aggregateversion)

    async def on_user_registered(event: UserRegistered, envelope: Envelope) -> None:
        await known.learn_listener(event, envelope.aggregateversion)

    return [
        Subscription(WantChanged, on_want_changed),
        Subscription(WantRemoved, on_want_removed),
        Subscription(CollectionItemChanged, on_collection_item_changed),
        Subscription(CollectionItemRemoved, on_collection_item_removed),
        Subscription(ProfileChanged, on_profile_changed),
        Subscription(UserRegistered, on_user_registered),
    ]

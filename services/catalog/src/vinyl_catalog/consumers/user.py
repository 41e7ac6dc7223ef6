"""What user tells."""

from vinyl_catalog.service.known_keepings import KnownKeepingService
from vinyl_chassis.messaging.subscription import Subscription
from vinyl_contracts.envelope import Envelope
from vinyl_contracts.events.user import (
    CollectionItemChanged,
    CollectionItemRemoved,
    WantChanged,
    WantRemoved,
)


def subscriptions(keepings: KnownKeepingService) -> list[Subscription]:
    async def on_collection_item_changed(event: CollectionItemChanged, envelope: Envelope) -> None:
        await keepings.learn(event.item_id, envelope.aggregateversion, event.album_id)

    async def on_collection_item_removed(event: CollectionItemRemoved, envelope: Envelope) -> None:
        await keepings.learn(event.item_id, envelope.aggregateversion, None)

    async def on_want_changed(event: WantChanged, envelope: Envelope) -> None:
        await keepings.learn(event.want_id, envelope.aggregateversion, event.album_id)

    async def on_want_removed(event: WantRemoved, envelope: Envelope) -> None:
        await keepings.learn(event.want_id, envelope.aggregateversion, None)

    return [
        Subscription(CollectionItemChanged, on_collection_item_changed),
        Subscription(CollectionItemRemoved, on_collection_item_removed),
        Subscription(WantChanged, on_want_changed),
        Subscription(WantRemoved, on_want_removed),
    ]

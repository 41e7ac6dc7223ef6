"""What catalog tells."""

from vinyl_chassis.messaging.subscription import Subscription
from vinyl_contracts.envelope import Envelope
from vinyl_contracts.events.catalog import AlbumsImported
from vinyl_search.service.known import KnownService


def subscriptions(known: KnownService) -> list[Subscription]:
    async def on_albums_imported(event: AlbumsImported, _envelope: Envelope) -> None:
        await known.learn_albums(event.albums)

    return [Subscription(AlbumsImported, on_albums_imported)]

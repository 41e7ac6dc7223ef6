"""What catalog tells."""

from vinyl_chassis.messaging.subscription import Subscription
from vinyl_contracts.envelope import Envelope
from vinyl_contracts.events.catalog import (
    AlbumChanged,
    AlbumsImported,
    AlbumWithdrawn,
    ProductChanged,
    ProductWithdrawn,
)
from vinyl_search.service.community import CommunityService
from vinyl_search.service.known import KnownService


def subscriptions(known: KnownService, community: CommunityService) -> list[Subscription]:
    async def on_albums_imported(event: AlbumsImported, _envelope: Envelope) -> None:
        await known.learn_albums(event.albums)

    async def on_album_changed(event: AlbumChanged, _envelope: Envelope) -> None:
        if event.is_parted:
            await known.part_album(event.album)
        else:
            await known.learn_albums([event.album])

    async def on_album_withdrawn(event: AlbumWithdrawn, envelope: Envelope) -> None:
        await known.forget_album(event.album_id, envelope.aggregateversion)

    async def on_product_changed(event: ProductChanged, envelope: Envelope) -> None:
        await community.learn_product(event, envelope.aggregateversion)

    async def on_product_withdrawn(event: ProductWithdrawn, envelope: Envelope) -> None:
        await community.forget_product(event, envelope.aggregateversion)

    return [
        Subscription(AlbumsImported, on_albums_imported),
        Subscription(AlbumChanged, on_album_changed),
        Subscription(AlbumWithdrawn, on_album_withdrawn),
        Subscription(ProductChanged, on_product_changed),
        Subscription(ProductWithdrawn, on_product_withdrawn),
    ]

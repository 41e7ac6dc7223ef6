"""What catalog tells."""

from vinyl_chassis.messaging.subscription import Subscription
from vinyl_contracts.envelope import Envelope
from vinyl_contracts.events.catalog import AlbumChanged, AlbumsImported, AlbumWithdrawn
from vinyl_user.service.known_albums import KnownAlbumService


def subscriptions(known_albums: KnownAlbumService) -> list[Subscription]:
    async def on_albums_imported(event: AlbumsImported, _envelope: Envelope) -> None:
        await known_albums.learn_albums(event.albums)

    async def on_album_changed(event: AlbumChanged, _envelope: Envelope) -> None:
        if event.is_parted:
            await known_albums.part_album(event.album)
        else:
            await known_albums.learn_albums([event.album])

    async def on_album_withdrawn(event: AlbumWithdrawn, envelope: Envelope) -> None:
        await known_albums.forget_album(event.album_id, envelope.aggregateversion)

    return [
        Subscription(AlbumsImported, on_albums_imported),
        Subscription(AlbumChanged, on_album_changed),
        Subscription(AlbumWithdrawn, on_album_withdrawn),
    ]

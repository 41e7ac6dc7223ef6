"""What rating tells."""

from vinyl_catalog.domain.albums import RatingSummary
from vinyl_catalog.service.album_ratings import AlbumRatingService
from vinyl_chassis.messaging.subscription import Subscription
from vinyl_contracts.envelope import Envelope
from vinyl_contracts.events.rating import AlbumRatingChanged


def subscriptions(album_ratings: AlbumRatingService) -> list[Subscription]:
    async def on_album_rating_changed(event: AlbumRatingChanged, envelope: Envelope) -> None:
        summary = RatingSummary(event.count, event.average, event.bayesian_average)
        await album_ratings.learn_summary(event.album_id, envelope.aggregateversion, summary)

    return [Subscription(AlbumRatingChanged, on_album_rating_changed)]

"""How the rating service is put together; the only file that knows every other."""

from litestar import Litestar

from vinyl_chassis import application
from vinyl_chassis.database import Database
from vinyl_chassis.identity import PublishedKeys, TokenVerifier
from vinyl_chassis.paging import Cursors
from vinyl_chassis.working import Worker
from vinyl_rating.api.ratings import RatingController
from vinyl_rating.consumers import catalog
from vinyl_rating.service.known_albums import KnownAlbumService
from vinyl_rating.service.ratings import RatingService
from vinyl_rating.settings import Settings
from vinyl_rating.store.unit_of_work import Store


def create_app(settings: Settings) -> Litestar:
    database = _database(settings)
    return application.build(
        "rating",
        version="1",
        routes=[RatingController],
        database=database,
        verifier=TokenVerifier(PublishedKeys(settings.jwks_url)),
        dependencies={
            "ratings": RatingService(Store(database)),
            "cursors": Cursors(settings.cursor_secret),
        },
    )


def create_worker(settings: Settings) -> Worker:
    database = _database(settings)
    known_albums = KnownAlbumService(Store(database))
    return Worker("rating", settings, database, hears={"catalog": catalog.subscriptions(known_albums)})


def _database(settings: Settings) -> Database:
    return Database(
        settings.database_url,
        pool_size=settings.database_pool_size,
        statement_timeout_seconds=settings.statement_timeout_seconds,
    )

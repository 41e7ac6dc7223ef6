"""How the catalog service is put together; the only file that knows every other."""

import argparse
import asyncio
import os
import sys
from functools import partial

from litestar import Litestar
from rich.console import Console

from vinyl_catalog.api.album_curation import AlbumCurationController
from vinyl_catalog.api.album_enrichment import AlbumEnrichmentController
from vinyl_catalog.api.albums import AlbumController
from vinyl_catalog.api.artist_curation import ArtistCurationController
from vinyl_catalog.api.artist_enrichment import ArtistEnrichmentController
from vinyl_catalog.api.artists import ArtistController
from vinyl_catalog.api.categories import CategoryController
from vinyl_catalog.api.enrichment import EnrichmentController
from vinyl_catalog.api.imports import ImportController
from vinyl_catalog.api.labels import LabelController, list_genres
from vinyl_catalog.api.media import MediaController
from vinyl_catalog.api.products import ProductController
from vinyl_catalog.api.quick_reads import quick_reads
from vinyl_catalog.api.releases import ReleaseController
from vinyl_catalog.api.search import SearchController
from vinyl_catalog.api.song_curation import SongCurationController
from vinyl_catalog.api.songs import SongController
from vinyl_catalog.consumers import rating, showcase, user
from vinyl_catalog.domain.imports import Withdrawal
from vinyl_catalog.enrichment.work import EnrichmentWork
from vinyl_catalog.imports import command_line
from vinyl_catalog.imports.addresses import is_address
from vinyl_catalog.imports.collecting import collect_seldom
from vinyl_catalog.imports.importer import LockLost
from vinyl_catalog.imports.parsing import ParsingEnded
from vinyl_catalog.imports.queue import ImportQueue
from vinyl_catalog.imports.telling import keep_telling_of_artists
from vinyl_catalog.index.generations import Generations
from vinyl_catalog.index.indexer import Indexer
from vinyl_catalog.index.search_index import SearchIndex
from vinyl_catalog.media import picture_files
from vinyl_catalog.media.encoder import Encoder
from vinyl_catalog.media.picture_files import PictureFiles
from vinyl_catalog.service.album_curation import AlbumCuration
from vinyl_catalog.service.album_ratings import AlbumRatingService
from vinyl_catalog.service.albums import AlbumService
from vinyl_catalog.service.artist_curation import ArtistCuration
from vinyl_catalog.service.artists import ArtistService
from vinyl_catalog.service.categories import CategoryService
from vinyl_catalog.service.curating import HistoryService
from vinyl_catalog.service.enrichment import EnrichmentService
from vinyl_catalog.service.imports import ImportService
from vinyl_catalog.service.known_keepings import KnownKeepingService
from vinyl_catalog.service.labels import LabelService
from vinyl_catalog.service.media import MediaService
from vinyl_catalog.service.product_views import ViewCounter, forget_old_views
from vinyl_catalog.service.products import ProductService
from vinyl_catalog.service.search import SearchService
from vinyl_catalog.service.showcase_news import ShowcaseNews
from vinyl_catalog.service.song_curation import SongCuration
from vinyl_catalog.service.songs import SongService
from vinyl_catalog.settings import Settings
from vinyl_catalog.store.unit_of_work import Store
from vinyl_chassis import application, logs
from vinyl_chassis.absence import AWAY
from vinyl_chassis.database import Database
from vinyl_chassis.identity import PublishedKeys, TokenVerifier
from vinyl_chassis.paging import Cursors
from vinyl_chassis.working import Worker

_IMPORT_CONNECTIONS = 4


def create_app(settings: Settings) -> Litestar:
    database = _database(settings)
    store = Store(database)
    index = SearchIndex(Generations(settings.index_path))
    albums, artists = AlbumService(store), ArtistService(store, index)
    labels, songs = LabelService(store, index), SongService(store, index)
    views = ViewCounter(store, settings.cursor_secret)
    return application.build(
        "catalog",
        version="1",
        routes=[
            AlbumController,
            AlbumCurationController,
            AlbumEnrichmentController,
            ArtistController,
            ArtistCurationController,
            ArtistEnrichmentController,
            CategoryController,
            EnrichmentController,
            ImportController,
            LabelController,
            MediaController,
            ProductController,
            ReleaseController,
            SearchController,
            SongController,
            SongCurationController,
            list_genres,
        ],
        database=database,
        quick_reads=quick_reads(albums, artists, labels, songs),
        checks={"index": index.check},
        verifier=TokenVerifier(PublishedKeys(settings.jwks_url)),
        dependencies={
            "album_curation": AlbumCuration(store),
            "albums": albums,
            "artist_curation": ArtistCuration(store),
            "artists": artists,
            "categories": CategoryService(store),
            "enrichment": EnrichmentService(store, settings.sources),
            "history": HistoryService(store),
            "imports": ImportService(store, settings.imports_path, settings.allowed_hosts),
            "labels": labels,
            "media": _media(settings, store),
            "products": ProductService(store, views),
            "search": SearchService(store, index),
            "song_curation": SongCuration(store),
            "songs": songs,
            "cursors": Cursors(settings.cursor_secret),
        },
        lifespan=[views.running],
    )


def create_worker(settings: Settings) -> Worker:
    database = _database(settings)
    bulk = Store(_import_database(settings))
    queue = ImportQueue(bulk, settings.database_url, settings.allowed_hosts)
    indexer = Indexer(bulk, settings.database_url, Generations(settings.index_path))
    album_ratings = AlbumRatingService(Store(database))
    news = ShowcaseNews(Store(database))
    return Worker(
        "catalog",
        settings,
        database,
        hears={
            "rating": [*rating.subscriptions(album_ratings), *showcase.of_rating(news)],
            "user": [*user.subscriptions(KnownKeepingService(Store(database))), *showcase.of_user(news)],
        },
        jobs=[
            EnrichmentWork(Store(database), settings.sources).run,
            queue.run,
            partial(keep_telling_of_artists, bulk),
            indexer.run,
            _media(settings, Store(database)).keep_clear,
            partial(forget_old_views, Store(database)),
        ],
    )


def import_files(settings: Settings, arguments: argparse.Namespace) -> int:
    """What `python -m vinyl_catalog import FILE…` does; gives the exit status."""
    logs.configure("console", "warning", "catalog")
    collect_seldom()
    try:
        paths = [file if is_address(file) else os.path.realpath(file) for file in arguments.files]
        return asyncio.run(_import_files(settings, paths, Withdrawal(arguments.withdraw)))
    except (*AWAY, LockLost) as error:
        sys.stderr.write(f"The database cannot be reached, or broke off: {error}\n")
        return 1
    except ParsingEnded as error:
        sys.stderr.write(f"Broken off: {error}. The same command goes on from here.\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted: the same command goes on from here.\n")
        return 130


async def _import_files(settings: Settings, paths: list[str], withdraw: Withdrawal) -> int:
    database = _import_database(settings)
    try:
        return await command_line.import_files(
            Store(database), settings.database_url, paths, Console(), withdraw=withdraw
        )
    finally:
        await database.close()


def _media(settings: Settings, store: Store) -> MediaService:
    if settings.media_url:
        place = picture_files.at_url(settings.media_url, settings.media_options)
    else:
        place = picture_files.in_folder(settings.media_folder)
    return MediaService(store, Encoder(settings.media_encoders), PictureFiles(place))


def _database(settings: Settings) -> Database:
    return Database(
        settings.database_url,
        pool_size=settings.database_pool_size,
        statement_timeout_seconds=settings.statement_timeout_seconds,
    )


def _import_database(settings: Settings) -> Database:
    return Database(
        settings.database_url,
        pool_size=_IMPORT_CONNECTIONS,
        statement_timeout_seconds=settings.import_statement_timeout_seconds,
    )

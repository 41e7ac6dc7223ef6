"""/artists"""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from vinyl_catalog.api.albums import PLACES, DiscogsId, Word
from vinyl_catalog.api.shown import found_by, item_of, keyed_by, names_of_artist, place_of, shown_or_moved
from vinyl_catalog.domain.albums import Album
from vinyl_catalog.domain.artists import Artist
from vinyl_catalog.domain.lists import AlbumOrder
from vinyl_catalog.service.albums import AlbumService
from vinyl_catalog.service.artists import ArtistService
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import may_be_kept

PATH = "/api/v1/artists"


class ArtistController(Controller):
    path = "/artists"
    tags = ("artists",)

    @get(
        summary="Artists by name; with `q`, as a search takes it, those whose names fit best first",
        response_headers=may_be_kept("artists"),
    )
    async def list_artists(
        self,
        artists: NamedDependency[ArtistService],
        cursors: NamedDependency[Cursors],
        q: Word = None,
        discogs_artist_id: DiscogsId = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[Page[Artist]]:
        after = cursors.read(cursor, keyed_by(q, tuple[str, UUID]), "artists", q, discogs_artist_id)
        found = await artists.list_artists(q, discogs_artist_id, after, limit + 1)
        return found_by(q, cursors.page(found, limit, item_of, place_of, "artists", q, discogs_artist_id))

    @get("/{artist_id:str}", summary="One artist; 308 to the one that it was merged into")
    async def read_artist(
        self, artists: NamedDependency[ArtistService], artist_id: FromPath[UUID]
    ) -> Response[Artist]:
        artist = await artists.read_artist(artist_id)
        return shown_or_moved(artist, artist.item.id, artist_id, PATH, *names_of_artist(artist.item))

    @get(
        "/{artist_id:str}/albums",
        summary="The albums that an artist made",
        response_headers=may_be_kept("albums", "album-ratings"),
    )
    async def list_albums_of_artist(
        self,
        albums: NamedDependency[AlbumService],
        cursors: NamedDependency[Cursors],
        artist_id: FromPath[UUID],
        sort: FromQuery[AlbumOrder] = AlbumOrder.OLDEST,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[Album]:
        after = cursors.read(cursor, PLACES[sort], "albums of", artist_id, sort)
        found = await albums.list_albums_of_artist(artist_id, sort, after, limit + 1)
        return cursors.page(found, limit, item_of, place_of, "albums of", artist_id, sort)

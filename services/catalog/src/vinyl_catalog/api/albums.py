"""/albums"""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from vinyl_catalog.api.shown import item_of, place_of, shown_or_moved
from vinyl_catalog.domain.albums import Album
from vinyl_catalog.domain.lists import AlbumFilter, AlbumOrder
from vinyl_catalog.domain.releases import Release
from vinyl_catalog.service.albums import AlbumService
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import may_be_kept

PATH = "/api/v1/albums"
Word = Annotated[str | None, QueryParameter(min_length=1, max_length=200)]
Year = Annotated[int | None, QueryParameter(ge=0, le=9999)]
DiscogsId = Annotated[int | None, QueryParameter(ge=1, le=(1 << 53) - 1)]
PLACES: dict[AlbumOrder, type[tuple[Any, ...]]] = {
    AlbumOrder.TITLE: tuple[str, UUID],
    AlbumOrder.OLDEST: tuple[int, UUID],
    AlbumOrder.YOUNGEST: tuple[int, UUID],
    AlbumOrder.NEWEST: tuple[UUID],
    AlbumOrder.TOP: tuple[float, UUID],
}


class AlbumController(Controller):
    path = "/albums"
    tags = ("albums",)

    @get(summary="Albums", response_headers=may_be_kept("albums", "album-ratings"))
    async def list_albums(
        self,
        albums: NamedDependency[AlbumService],
        cursors: NamedDependency[Cursors],
        artist_id: FromQuery[UUID | None] = None,
        genre: Word = None,
        style: Word = None,
        format_: Annotated[str | None, QueryParameter(name="format", min_length=1, max_length=200)] = None,
        country: Word = None,
        label: Word = None,
        year_from: Year = None,
        year_to: Year = None,
        discogs_master_id: DiscogsId = None,
        sort: FromQuery[AlbumOrder] = AlbumOrder.TITLE,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[Album]:
        wanted = AlbumFilter(
            artist_id, genre, style, format_, country, label, year_from, year_to, discogs_master_id
        )
        after = cursors.read(cursor, PLACES[sort], "albums", sort, wanted)
        found = await albums.list_albums(wanted, sort, after, limit + 1)
        return cursors.page(found, limit, item_of, place_of, "albums", sort, wanted)

    @get("/{album_id:str}", summary="One album; 308 to the one that it was merged into")
    async def read_album(
        self, albums: NamedDependency[AlbumService], album_id: FromPath[UUID]
    ) -> Response[Album]:
        album = await albums.read_album(album_id)
        return shown_or_moved(album.versioned(), album.stored.id, album_id, PATH)

    @get(
        "/{album_id:str}/releases",
        summary="The pressings of an album, the earliest first",
        response_headers=may_be_kept("albums"),
    )
    async def list_releases_of_album(
        self,
        albums: NamedDependency[AlbumService],
        cursors: NamedDependency[Cursors],
        album_id: FromPath[UUID],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[Release]:
        after = cursors.read(cursor, tuple[int, UUID], "releases of", album_id)
        found = await albums.list_releases_of_album(album_id, after, limit + 1)
        return cursors.page(found, limit, item_of, place_of, "releases of", album_id)

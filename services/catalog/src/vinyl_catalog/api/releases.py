"""/releases"""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from vinyl_catalog.api.albums import DiscogsId, Word
from vinyl_catalog.api.shown import item_of, place_of, shown
from vinyl_catalog.domain.releases import Release
from vinyl_catalog.service.albums import AlbumService
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import may_be_kept


class ReleaseController(Controller):
    path = "/releases"
    tags = ("albums",)

    @get(
        summary="Pressings, also by the numbers on them in any spelling",
        response_headers=may_be_kept("albums"),
    )
    async def list_releases(
        self,
        albums: NamedDependency[AlbumService],
        cursors: NamedDependency[Cursors],
        barcode: Word = None,
        catalog_number: Word = None,
        discogs_release_id: DiscogsId = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[Release]:
        scope = ("releases", barcode, catalog_number, discogs_release_id)
        after = cursors.read(cursor, tuple[int, UUID], *scope)
        found = await albums.list_releases(barcode, catalog_number, discogs_release_id, after, limit + 1)
        return cursors.page(found, limit, item_of, place_of, *scope)

    @get("/{release_id:str}", summary="One pressing")
    async def read_release(
        self, albums: NamedDependency[AlbumService], release_id: FromPath[UUID]
    ) -> Response[Release]:
        release = await albums.read_release(release_id)
        return shown(release, f"release-{release_id}", f"album-{release.album_id}")

"""GET /albums/{id} without the framework, which would cost more than the album."""

from uuid import UUID

from vinyl_catalog.api.albums import PATH
from vinyl_catalog.api.shown import encoded, may_be_kept
from vinyl_catalog.service.albums import AlbumService
from vinyl_chassis.quick_reads import Answer, QuickRead
from vinyl_chassis.versions import etag_of


def quick_album_read(albums: AlbumService) -> QuickRead:
    async def read(album_id: UUID) -> Answer | None:
        found = await albums.read_album(album_id)
        if found.item.id != album_id:
            return None
        body, tag = encoded(found.item, f"{found.version}-")
        return Answer(body, etag_of(tag), may_be_kept(f"album-{album_id}"))

    return QuickRead(f"{PATH}/", f"{PATH}/{{album_id}}", read)

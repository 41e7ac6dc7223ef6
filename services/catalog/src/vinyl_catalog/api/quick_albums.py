"""GET /albums/{id} without the framework, which would cost more than the album."""

from uuid import UUID

import msgspec

from vinyl_catalog.api.albums import PATH
from vinyl_catalog.api.shown import may_be_kept, stamped
from vinyl_catalog.service.albums import AlbumService
from vinyl_chassis.quick_reads import Answer, QuickRead
from vinyl_chassis.versions import etag_of


def quick_album_read(albums: AlbumService) -> QuickRead:
    async def read(album_id: UUID) -> Answer | None:
        album = await albums.read_album(album_id)
        if album.stored.id != album_id:
            return None
        tag = etag_of(stamped(album.stored.version, album.stamp()))
        return Answer(tag, may_be_kept(f"album-{album_id}"), lambda: msgspec.json.encode(album.shown().item))

    return QuickRead(f"{PATH}/", f"{PATH}/{{album_id}}", read)

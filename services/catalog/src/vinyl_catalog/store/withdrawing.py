"""Records that are gone from a whole dump, taken out of the catalogue.

What a curator edited stays. An artist or a label becomes a name that others mention, a master goes once no
release is under it.
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from vinyl_catalog.store.staging import Staging

_TOLD = {
    "artist": ("artists", "discogs_artist_id", "document is not null and edits is null"),
    "label": ("labels", "discogs_label_id", "document is not null"),
    "master": ("albums", "discogs_master_id", "edits is null and release_count = 0"),
    "release": ("releases", "discogs_release_id", "true"),
}
_LIST = "select {key} from {table} where {key} > :after and {condition} order by {key} limit :limit"
_COUNT = "select count(*) from {table} where {key} > 0"
_UNDOCUMENT = """
update {table} set document = null, source_hash = null, version = version + 1, updated_at = now()
where {key} = any(:ids)
"""
_TOUCH_ALBUMS_OF_RELEASES = """
insert into touched_albums (album_id, former_tags)
select id, tags from albums
where id in (select album_id from releases where discogs_release_id = any(:ids))
"""
_TOUCH_MASTERS = """
insert into touched_albums (album_id, former_tags)
select id, tags from albums where discogs_master_id = any(:ids)
"""
_DROP_RELEASES = "delete from releases where discogs_release_id = any(:ids)"
_DROP_EMPTY_ALBUMS = """
delete from albums using touched_albums touched
where albums.id = touched.album_id and albums.edits is null
    and (albums.discogs_master_id = any(:ids) or albums.discogs_release_id = any(:ids))
    and (albums.discogs_master_id is null) = :is_alone
    and not exists (select from releases where releases.album_id = albums.id)
returning albums.id, albums.version
"""
_DROP_REDIRECTS = "delete from album_redirects where target_id = any(:ids)"


class GoneAlbum(NamedTuple):
    album_id: UUID
    version: int


class Withdrawing:
    """`kind` is artist, label, master or release; albums are derived by who calls."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging

    async def count(self, kind: str) -> int:
        [row] = await self._staging.fetch(_worded(_COUNT, kind))
        return int(row[0])

    async def list_ids(self, kind: str, after: int, limit: int) -> list[int]:
        """Of records that may go, in order."""
        rows = await self._staging.fetch(_worded(_LIST, kind), after=after, limit=limit)
        return [row[0] for row in rows]

    async def withdraw_names(self, kind: str, ids: Sequence[int]) -> None:
        await self._staging.run(_worded(_UNDOCUMENT, kind), ids=ids)

    async def withdraw_albums(self, kind: str, ids: Sequence[int]) -> list[GoneAlbum]:
        """The masters, or the releases and the albums that they were by themselves."""
        is_alone = kind == "release"
        await self._staging.run(_TOUCH_ALBUMS_OF_RELEASES if is_alone else _TOUCH_MASTERS, ids=ids)
        if is_alone:
            await self._staging.run(_DROP_RELEASES, ids=ids)
        rows = await self._staging.fetch(_DROP_EMPTY_ALBUMS, ids=ids, is_alone=is_alone)
        gone = [GoneAlbum(row.id, row.version + 1) for row in rows]
        await self._staging.run(_DROP_REDIRECTS, ids=[album.album_id for album in gone])
        return gone


def _worded(statement: str, kind: str) -> str:
    table, key, condition = _TOLD[kind]
    return statement.format(table=table, key=key, condition=condition)

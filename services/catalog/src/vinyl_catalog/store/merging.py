"""Records that a curator merged into others, and parted again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Table, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.revisions import Subject
from vinyl_catalog.store.curation_tables import artist_redirects, curated_places
from vinyl_catalog.store.tables import album_redirects, albums, releases

# Word for word the rule by which imports choose.
_CHOOSE_LEADS = text("""
update albums set
    lead_release_id = (select r.id from releases r where r.album_id = albums.id
        order by (r.discogs_release_id = albums.discogs_main_release_id) is true desc,
            (albums.discogs_master_id is null and r.id = albums.lead_release_id) is true desc,
            r.released_order, r.discogs_release_id, r.id
        limit 1),
    release_count = (select count(*) from releases r where r.album_id = albums.id)
where id = any(:album_ids)
""")


class Moved(msgspec.Struct, frozen=True):
    """What went from the merged record to its target: releases, and ids that had been merged into it."""

    merged_id: UUID
    releases: list[UUID] = []
    redirects: list[UUID] = []


class Merging:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def redirect(self, subject: Subject, merged_id: UUID, target_id: UUID, at: datetime) -> list[UUID]:
        """The ids that had been redirected to the merged one, and are redirected onward now."""
        table, key = _redirects(subject)
        onward = update(table).where(table.c.target_id == merged_id).values(target_id=target_id)
        redirected = list(await self._connection.scalars(onward.returning(table.c[key])))
        row = {key: merged_id, "target_id": target_id, "merged_at": at}
        await self._connection.execute(insert(table).values(row))
        return redirected

    async def end_redirect(self, subject: Subject, target_id: UUID, moved: Moved) -> bool:
        """Whether there was one."""
        table, key = _redirects(subject)
        gone = delete(table).where(table.c[key] == moved.merged_id, table.c.target_id == target_id)
        if not (await self._connection.execute(gone)).rowcount:
            return False
        back = update(table).where(table.c[key].in_(moved.redirects), table.c.target_id == target_id)
        await self._connection.execute(back.values(target_id=moved.merged_id))
        return True

    async def move_releases(self, merged_id: UUID, target_id: UUID) -> list[UUID]:
        """All of them, and those that imports will bring."""
        moving = update(releases).where(releases.c.album_id == merged_id).values(album_id=target_id)
        moved = list(await self._connection.scalars(moving.returning(releases.c.id)))
        onward = update(curated_places).where(curated_places.c.album_id == merged_id)
        await self._connection.execute(onward.values(album_id=target_id))
        keys = select(albums.c.discogs_master_id, albums.c.discogs_release_id).where(albums.c.id == merged_id)
        row = (await self._connection.execute(keys)).one()
        place = {"merged_id": merged_id, "album_id": target_id, **row._mapping}
        await self._connection.execute(insert(curated_places).values(place))
        return moved

    async def return_releases(self, target_id: UUID, moved: Moved) -> None:
        """Those that the target still has, and those that imports brought meanwhile."""
        place = delete(curated_places).where(
            curated_places.c.merged_id == moved.merged_id, curated_places.c.album_id == target_id
        )
        await self._connection.execute(place)
        back = update(curated_places).where(
            curated_places.c.merged_id.in_(moved.redirects), curated_places.c.album_id == target_id
        )
        await self._connection.execute(back.values(album_id=moved.merged_id))
        master = select(albums.c.discogs_master_id).where(albums.c.id == moved.merged_id).scalar_subquery()
        belonging = releases.c.id.in_(moved.releases) | (releases.c.discogs_master_id == master)
        returning = update(releases).where(releases.c.album_id == target_id, belonging)
        await self._connection.execute(returning.values(album_id=moved.merged_id))

    async def choose_leads(self, album_ids: Sequence[UUID]) -> None:
        await self._connection.execute(_CHOOSE_LEADS, {"album_ids": list(album_ids)})


def _redirects(subject: Subject) -> tuple[Table, str]:
    if subject is Subject.ALBUM:
        return album_redirects, "album_id"
    return artist_redirects, "artist_id"

"""What the catalogue calls the artists, labels and titles that records refer to by Discogs' ids."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Table, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.names import KnownName, KnownNames
from vinyl_catalog.domain.references import Wanted
from vinyl_catalog.store.curation_tables import artist_redirects
from vinyl_catalog.store.tables import albums, among, artists, labels, releases


class Names:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def look_up(self, wanted: Wanted) -> KnownNames:
        return KnownNames(
            artists=await self._artists(wanted.artists),
            labels=await self._named(labels, labels.c.discogs_label_id, wanted.labels),
            release_titles=await self._titles(
                releases.c.title, releases.c.discogs_release_id, wanted.releases
            ),
            master_titles=await self._titles(albums.c.title, albums.c.discogs_master_id, wanted.masters),
        )

    async def _artists(self, wanted: Iterable[int]) -> dict[int, KnownName]:
        """One that was merged into another goes by that one's name, a withdrawn one is not known."""
        numbers = sorted(wanted)
        if not numbers:
            return {}
        redirected = artist_redirects.c.artist_id == artists.c.id
        survivor = artists.alias("survivor")
        is_own = or_(survivor.c.document.is_not(None), survivor.c.edits.is_not(None))
        statement = (
            select(artists.c.discogs_artist_id, survivor.c.id, survivor.c.name, is_own)
            .select_from(artists)
            .outerjoin(artist_redirects, redirected)
            .join(survivor, survivor.c.id == func.coalesce(artist_redirects.c.target_id, artists.c.id))
            .where(among(artists.c.discogs_artist_id, numbers), survivor.c.withdrawn_at.is_(None))
        )
        rows = await self._connection.execute(statement)
        return {row[0]: KnownName(row[1], row[2], row[3]) for row in rows.all()}

    async def _named(self, table: Table, key: Column[Any], wanted: Iterable[int]) -> dict[int, KnownName]:
        numbers = sorted(wanted)
        if not numbers:
            return {}
        statement = select(key, table.c.id, table.c.name, table.c.document.is_not(None))
        rows = await self._connection.execute(statement.where(among(key, numbers)))
        return {row[0]: KnownName(row[1], row[2], row[3]) for row in rows.all()}

    async def _titles(self, title: Column[Any], key: Column[Any], wanted: Iterable[int]) -> dict[int, str]:
        numbers = sorted(wanted)
        if not numbers:
            return {}
        rows = await self._connection.execute(select(key, title).where(among(key, numbers)))
        return {row[0]: row[1] for row in rows.all()}

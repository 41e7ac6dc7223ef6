"""What the catalogue calls the artists, labels and titles that records refer to by Discogs' ids."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.names import KnownName, KnownNames
from vinyl_catalog.domain.references import Wanted
from vinyl_catalog.store.tables import albums, among, artists, labels, releases


class Names:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def look_up(self, wanted: Wanted) -> KnownNames:
        return KnownNames(
            artists=await self._named(artists, artists.c.discogs_artist_id, wanted.artists),
            labels=await self._named(labels, labels.c.discogs_label_id, wanted.labels),
            release_titles=await self._titles(
                releases.c.title, releases.c.discogs_release_id, wanted.releases
            ),
            master_titles=await self._titles(albums.c.title, albums.c.discogs_master_id, wanted.masters),
        )

    async def _named(self, table: Table, key: Column[Any], wanted: Iterable[int]) -> dict[int, KnownName]:
        numbers = sorted(wanted)
        if not numbers:
            return {}
        statement = select(key, table.c.id, table.c.name, table.c.document.is_not(None))
        rows = await self._connection.execute(statement.where(among(key, numbers)))
        return {row[0]: KnownName(row[1], row[2], row[3]) for row in rows}

    async def _titles(self, title: Column[Any], key: Column[Any], wanted: Iterable[int]) -> dict[int, str]:
        numbers = sorted(wanted)
        if not numbers:
            return {}
        rows = await self._connection.execute(select(key, title).where(among(key, numbers)))
        return {row[0]: row[1] for row in rows}

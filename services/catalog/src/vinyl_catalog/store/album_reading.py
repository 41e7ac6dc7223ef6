"""Albums by their ids, many at once, past SQLAlchemy: its statements cost several times what the driver's do.

Measured by bench/albums_by_id.py.
"""

from collections import namedtuple
from collections.abc import Sequence
from uuid import UUID

from vinyl_catalog.domain.albums import NamedAlbum
from vinyl_catalog.domain.names import KnownName, KnownNames
from vinyl_catalog.domain.references import Wanted, together
from vinyl_catalog.store.albums import album_of_row, album_rows
from vinyl_catalog.store.driving import Driven
from vinyl_catalog.store.names import Names
from vinyl_catalog.store.tables import albums, is_any
from vinyl_chassis.database import Database, Driver

_STATEMENT = album_rows().where(is_any(albums.c.id, []))
_ALBUMS = Driven(_STATEMENT)
_Row = namedtuple("_Row", _ALBUMS.names)  # type: ignore[misc]
_NAMES = """
select false as is_label, discogs_artist_id, id, name, document is not null or edits is not null,
    withdrawn_at is not null
from artists where discogs_artist_id = any($1)
union all
select true, discogs_label_id, id, name, document is not null, false
from labels where discogs_label_id = any($2)
"""


class AlbumReading:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_all(self, album_ids: Sequence[UUID]) -> dict[UUID, NamedAlbum]:
        async with self._database.reading() as driver:
            rows = await _ALBUMS.fetch(driver, ids=list(album_ids))
            found = [album_of_row(_Row(*row)) for row in rows]
            wanted = [album.wanted for album in found]
            names = await self._names(driver, together(wanted))
        pairs = zip(found, wanted, strict=True)
        return {album.id: NamedAlbum(album, needs, names) for album, needs in pairs}

    async def _names(self, driver: Driver, wanted: Wanted) -> KnownNames:
        """The rare ones as Names finds them: merged and withdrawn artists, and titles that texts refer to."""
        artists: dict[int, KnownName] = {}
        labels: dict[int, KnownName] = {}
        hidden: set[int] = set()
        for is_label, number, id_, name, is_own, is_hidden in await driver.fetch(
            _NAMES, list(wanted.artists), list(wanted.labels)
        ):
            if is_hidden:
                hidden.add(number)
            else:
                (labels if is_label else artists)[number] = KnownName(id_, name, is_own)
        if not (hidden or wanted.releases or wanted.masters):
            return KnownNames(artists, labels)
        rarely = Wanted(artists=hidden, releases=wanted.releases, masters=wanted.masters)
        async with self._database.transaction() as connection:
            rare = await Names(connection).look_up(rarely)
        return KnownNames(artists | rare.artists, labels, rare.release_titles, rare.master_titles)

"""Albums and releases, as catalog tells them."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.events.catalog import AlbumState
from vinyl_contracts.ids import AlbumId, ReleaseId
from vinyl_user.domain.pressings import KnownAlbum
from vinyl_user.store.tables import known_albums, known_releases

ALBUM_COLUMNS = tuple(
    known_albums.c[name].label(f"album_{name}")
    for name in ("version", "title", "artist", "year", "genres", "releases_complete")
)
_NOTHING_KNOWN = {
    "version": 0,
    "is_withdrawn": False,
    "title": "",
    "artist": "",
    "artist_names": [],
    "genres": [],
    "releases_complete": False,
}


class KnownAlbums:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hold(self, album_id: AlbumId) -> KnownAlbum | None:
        """The album or that it was merged into, unless withdrawn; not merged before this transaction ends."""
        columns = (known_albums.c.album_id, known_albums.c.merged_into, *ALBUM_COLUMNS)
        there = (known_albums.c.album_id == album_id) & ~known_albums.c.is_withdrawn
        statement = select(*columns).where(there).with_for_update(read=True)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        if row is None:
            return None
        return await self.hold(row["merged_into"]) if row["merged_into"] else album_of(row)

    async def find_album_of(self, release_id: ReleaseId) -> AlbumId | None:
        statement = select(known_releases.c.album_id).where(known_releases.c.release_id == release_id)
        return await self._connection.scalar(statement)

    async def learn(self, albums: Sequence[AlbumState]) -> set[AlbumId]:
        """Keeps the higher versions; which albums were news and are not merged into another."""
        newest = {album.album_id: album for album in sorted(albums, key=lambda album: album.version)}
        rows = [_row(newest[album_id]) for album_id in sorted(newest)]
        statement = insert(known_albums).values(rows)
        told = {name: statement.excluded[name] for name in rows[0] if name != "album_id"}
        newer = statement.excluded.version > known_albums.c.version
        learning = statement.on_conflict_do_update(index_elements=["album_id"], set_=told, where=newer)
        learned = await self._connection.execute(
            learning.returning(known_albums.c.album_id, known_albums.c.merged_into)
        )
        return {row.album_id for row in learned if row.merged_into is None}

    async def learn_releases(self, albums: Sequence[AlbumState]) -> None:
        """Takes over the albums' releases; those they have no more are forgotten."""
        await self._forget_releases(albums)
        rows = {
            release.release_id: {
                "release_id": release.release_id,
                "album_id": album.album_id,
                "discogs_release_id": release.discogs_release_id,
            }
            for album in albums
            for release in album.releases
        }
        if not rows:
            return
        statement = insert(known_releases)
        told = {name: statement.excluded[name] for name in ("album_id", "discogs_release_id")}
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["release_id"], set_=told),
            [rows[release_id] for release_id in sorted(rows)],
        )

    async def merge(self, replaced: AlbumId, survivor: AlbumId) -> AlbumId | None:
        """Whatever named `replaced` shall name the answer; None where it is `replaced` itself."""
        target = await self.hold(survivor)
        if target is None or target.album_id == replaced:
            return None
        row = {"album_id": replaced, "merged_into": target.album_id, **_NOTHING_KNOWN}
        merging = insert(known_albums).values(row)
        await self._connection.execute(
            merging.on_conflict_do_update(
                index_elements=["album_id"], set_={"merged_into": target.album_id, "is_withdrawn": False}
            )
        )
        for column in (known_albums.c.merged_into, known_releases.c.album_id):
            onward = update(column.table).where(column == replaced).values({column: target.album_id})
            await self._connection.execute(onward)
        return target.album_id

    async def withdraw(self, album_id: AlbumId, version: int) -> None:
        """What names it already goes on naming it."""
        row = {**_NOTHING_KNOWN, "album_id": album_id, "version": version, "is_withdrawn": True}
        statement = insert(known_albums).values(row)
        told = {name: row[name] for name in ("version", "is_withdrawn")}
        newer = known_albums.c.version < version
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["album_id"], set_=told, where=newer)
        )

    async def part(self, album_id: AlbumId) -> None:
        """It means itself again."""
        statement = update(known_albums).where(known_albums.c.album_id == album_id).values(merged_into=None)
        await self._connection.execute(statement)

    async def _forget_releases(self, albums: Sequence[AlbumState]) -> None:
        whole = [album for album in albums if album.releases_complete]
        kept = [release.release_id for album in whole for release in album.releases]
        gone = delete(known_releases).where(
            known_releases.c.album_id.in_([album.album_id for album in whole]),
            known_releases.c.release_id.not_in(kept),
        )
        await self._connection.execute(gone)


def album_of(row: RowMapping) -> KnownAlbum:
    return KnownAlbum(
        album_id=row["album_id"],
        version=row["album_version"],
        title=row["album_title"],
        artist=row["album_artist"],
        year=row["album_year"],
        genres=list(row["album_genres"]),
        releases_complete=row["album_releases_complete"],
    )


def _row(album: AlbumState) -> dict[str, object]:
    return {
        "album_id": album.album_id,
        "version": album.version,
        "is_withdrawn": False,
        "title": album.title,
        "artist": album.artist,
        "artist_names": album.artist_names,
        "year": album.year,
        "genres": album.genres,
        "discogs_master_id": album.discogs_master_id,
        "releases_complete": album.releases_complete,
    }

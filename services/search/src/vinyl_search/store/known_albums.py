"""Albums and their pressings, as catalog tells them."""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import delete, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_contracts.ids import AlbumId, ReleaseId
from vinyl_search.domain.known import AlbumText, KnownAlbum, KnownRelease
from vinyl_search.store.arrays import among
from vinyl_search.store.tables import known_albums, known_releases

_albums, _releases = known_albums.c, known_releases.c


class KnownAlbums:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def learn(self, albums: Sequence[KnownAlbum]) -> set[AlbumId]:
        """The higher version stays. Which of them are now known as they were told; a big album may come in
        several parts of one version."""
        if not albums:
            return set()
        statement = insert(known_albums)
        told = {
            name: statement.excluded[name] for name in ("version", "artist", "title", "year", "match_key")
        }
        told["is_withdrawn"] = statement.excluded.is_withdrawn
        newer = (statement.excluded.version >= _albums.version) & _albums.merged_into.is_(None)
        rows = [
            msgspec.structs.asdict(album) | {"is_withdrawn": False}
            for album in sorted(albums, key=lambda album: album.album_id)
        ]
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["album_id"], set_=told, where=newer), rows
        )
        current = select(_albums.album_id).where(
            tuple_(_albums.album_id, _albums.version).in_([(a.album_id, a.version) for a in albums]),
            _albums.merged_into.is_(None),
        )
        return set((await self._connection.execute(current)).scalars())

    async def learn_releases(self, releases: Sequence[KnownRelease]) -> None:
        """A pressing may move to another album; within one the higher version stays."""
        if not releases:
            return
        statement = insert(known_releases)
        told = {
            name: statement.excluded[name]
            for name in ("album_id", "version", "discogs_release_id", "catalog_numbers")
        }
        newer = (_releases.album_id != statement.excluded.album_id) | (
            _releases.version <= statement.excluded.version
        )
        rows = [msgspec.structs.asdict(each) for each in sorted(releases, key=lambda each: each.release_id)]
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["release_id"], set_=told, where=newer), rows
        )

    async def forget_older_releases(self, album_id: AlbumId, version: int) -> None:
        await self._connection.execute(
            delete(known_releases).where(_releases.album_id == album_id, _releases.version < version)
        )

    async def merge(self, replaced: AlbumId, survivor: AlbumId) -> None:
        """From now on `replaced` means `survivor`; its pressings move."""
        row = {
            "album_id": replaced,
            "version": 0,
            "is_withdrawn": False,
            "merged_into": survivor,
            "artist": "",
            "title": "",
            "match_key": "",
        }
        await self._connection.execute(
            insert(known_albums)
            .values(row)
            .on_conflict_do_update(
                index_elements=["album_id"], set_={"merged_into": survivor, "is_withdrawn": False}
            )
        )
        onward = _albums.merged_into == replaced
        await self._connection.execute(update(known_albums).where(onward).values(merged_into=survivor))
        await self._connection.execute(
            update(known_releases).where(_releases.album_id == replaced).values(album_id=survivor, version=0)
        )

    async def withdraw(self, album_id: AlbumId, version: int) -> None:
        row = {
            "album_id": album_id,
            "version": version,
            "is_withdrawn": True,
            "artist": "",
            "title": "",
            "match_key": "",
        }
        statement = insert(known_albums).values(row)
        told = {name: row[name] for name in ("version", "is_withdrawn")}
        newer = _albums.version < version
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["album_id"], set_=told, where=newer)
        )

    async def part(self, album_id: AlbumId) -> None:
        """It means itself again."""
        statement = update(known_albums).where(_albums.album_id == album_id).values(merged_into=None)
        await self._connection.execute(statement)

    async def resolve(self, album_ids: Collection[AlbumId]) -> dict[AlbumId, AlbumId]:
        """Each known album to itself or to the one it was merged into; unknown and withdrawn are left out."""
        statement = select(_albums.album_id, _albums.merged_into).where(
            among(_albums.album_id, album_ids), ~_albums.is_withdrawn
        )
        rows = await self._connection.execute(statement)
        return {row.album_id: row.merged_into or row.album_id for row in rows}

    async def find_release(self, release_id: ReleaseId) -> KnownRelease | None:
        statement = select(known_releases).where(_releases.release_id == release_id)
        row = (await self._connection.execute(statement)).mappings().one_or_none()
        return (
            None if row is None else KnownRelease(**{**row, "catalog_numbers": tuple(row["catalog_numbers"])})
        )

    async def find_by_keys(self, keys: Collection[str]) -> dict[str, AlbumId]:
        """Albums by match key; a key that two albums share names neither."""
        statement = select(_albums.match_key, _albums.album_id).where(
            among(_albums.match_key, {key for key in keys if key}),
            _albums.merged_into.is_(None),
            ~_albums.is_withdrawn,
        )
        found: dict[str, set[AlbumId]] = {}
        for row in await self._connection.execute(statement):
            found.setdefault(row.match_key, set()).add(row.album_id)
        return {key: next(iter(albums)) for key, albums in found.items() if len(albums) == 1}

    async def known_discogs_ids(self, discogs_ids: Collection[int]) -> set[int]:
        statement = select(_releases.discogs_release_id).where(
            among(_releases.discogs_release_id, discogs_ids)
        )
        return {number for number in (await self._connection.execute(statement)).scalars() if number}

    async def discogs_ids_of(
        self, album_ids: Collection[AlbumId], release_ids: Collection[ReleaseId] = ()
    ) -> list[int]:
        """Under which numbers Discogs sells the pressings of these albums, and these pressings."""
        statement = select(_releases.discogs_release_id).where(
            or_(among(_releases.album_id, album_ids), among(_releases.release_id, release_ids)),
            _releases.discogs_release_id.is_not(None),
        )
        return [number for number in (await self._connection.execute(statement)).scalars() if number]

    async def list_texts(self, album_ids: Collection[AlbumId]) -> list[AlbumText]:
        numbers: dict[AlbumId, list[str]] = {}
        pressed = select(_releases.album_id, _releases.catalog_numbers).where(
            among(_releases.album_id, album_ids)
        )
        for row in await self._connection.execute(pressed):
            numbers.setdefault(row.album_id, []).extend(row.catalog_numbers)
        statement = select(known_albums).where(
            among(_albums.album_id, album_ids), _albums.merged_into.is_(None)
        )
        return [
            AlbumText(row.album_id, row.artist, row.title, row.year, tuple(numbers.get(row.album_id, ())))
            for row in await self._connection.execute(statement)
        ]

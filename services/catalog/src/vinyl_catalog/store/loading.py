"""Taking in a batch of records: what is there already, and the merging of what is not."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.store.album_loading import AlbumLoading
from vinyl_catalog.store.name_loading import NameLoading
from vinyl_catalog.store.packed_releases import FreshRelease
from vinyl_catalog.store.staged import ARTIST, LABEL, Loaded, Mentioned, StagedName, StagedRelease
from vinyl_catalog.store.staging import Staging
from vinyl_catalog.store.tables import albums, among, artists, labels, releases
from vinyl_catalog.store.withdrawing import GoneAlbum, Withdrawing

_KEYS = {
    "artist": artists.c.discogs_artist_id,
    "label": labels.c.discogs_label_id,
    "master": albums.c.discogs_master_id,
    "release": releases.c.discogs_release_id,
}
_LISTED_LATER = ("albums_by_tag", "releases_by_code")
_ANALYSE = "analyze artists, labels, albums, releases, tag_counts"


class Loading:
    """`kind` is artist, label, master or release."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._staging = Staging(connection)
        self._names = NameLoading(self._staging)
        self._albums = AlbumLoading(self._staging)
        self._withdrawing = Withdrawing(self._staging)

    async def find_known(self, kind: str, discogs_ids: Iterable[int]) -> dict[int, bytes | None]:
        """The known ones among these records, with the hashes of what they said the last time."""
        key = _KEYS[kind]
        numbers = list(discogs_ids)
        known = select(key, key.table.c.source_hash).where(among(key, numbers))
        alone = select(albums.c.discogs_release_id, null()).where(among(albums.c.discogs_release_id, numbers))
        asked = known.union_all(alone) if kind == "release" else known
        rows = (await self._connection.execute(asked)).all()
        return dict.fromkeys(row[0] for row in rows) | {row[0]: row[1] for row in rows if row[1]}

    async def find_settled(self, mentioned: Iterable[Mentioned]) -> set[Mentioned]:
        """Those of them from which nothing new is to be learned."""
        names: dict[tuple[str, int], str] = {(kind, number): name for kind, number, name in mentioned}
        settled: set[Mentioned] = set()
        for kind, table in ((ARTIST, artists), (LABEL, labels)):
            numbers = sorted(number for of_kind, number in names if of_kind == kind)
            statement = select(_KEYS[kind], table.c.name, table.c.document.is_not(None))
            rows = await self._connection.execute(statement.where(among(_KEYS[kind], numbers)))
            for number, known, is_own in rows.all():
                if is_own or known <= names[kind, number]:
                    settled.add((kind, number, names[kind, number]))
        return settled

    async def load(self, kind: str, rows: Sequence[Any], mentions: Sequence[StagedName]) -> Loaded:
        """Records of a kind other than release."""
        await self._staging.open()
        await self._names.mention(mentions)
        if kind == "master":
            return await self._albums.load_masters(rows)
        return await self._names.load(kind, rows)

    async def list_outdated(self, kind: str, discogs_ids: Sequence[int]) -> list[UUID]:
        """Artists or labels that are shown otherwise after this transaction than before."""
        return await self._names.list_outdated(kind, discogs_ids)

    async def load_releases(
        self, known: Sequence[StagedRelease], fresh: Sequence[FreshRelease], mentions: Sequence[StagedName]
    ) -> Loaded:
        await self._staging.open()
        await self._names.mention(mentions)
        return await self._albums.load_releases(known, fresh)

    async def count(self, kind: str) -> int:
        """All records of the kind, and names that are only mentioned."""
        return await self._withdrawing.count(kind)

    async def list_ids(self, kind: str, after: int, limit: int) -> list[int]:
        """Discogs' ids of records that may be withdrawn, in order."""
        return await self._withdrawing.list_ids(kind, after, limit)

    async def withdraw(self, kind: str, ids: Sequence[int]) -> list[GoneAlbum]:
        await self._staging.open()
        if kind in (ARTIST, LABEL):
            await self._withdrawing.withdraw_names(kind, ids)
            return []
        gone = await self._withdrawing.withdraw_albums(kind, ids)
        await self._albums.derive()
        return gone

    async def refresh_statistics(self) -> None:
        """So that Postgres plans for the tables as they are now, and finds at once what came last."""
        await self._staging.run(_ANALYSE)
        for index in _LISTED_LATER:
            await self._staging.run(f"select gin_clean_pending_list('{index}')")

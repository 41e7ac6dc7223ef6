"""Albums that changed since the last event about them, and their state as other services hear of it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, Column, ColumnElement, Uuid, any_, bindparam, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.credits import credits_of, printed
from vinyl_catalog.domain.edits import AlbumEdits, fields_set
from vinyl_catalog.domain.facts import SourceCredit
from vinyl_catalog.domain.names import KnownNames
from vinyl_catalog.domain.references import Wanted
from vinyl_catalog.store.documents import decoder_of
from vinyl_catalog.store.names import Names
from vinyl_catalog.store.tables import album_redirects, albums, releases, untold_albums
from vinyl_contracts.events.catalog import AlbumState, ReleaseState
from vinyl_contracts.ids import AlbumId, ArtistId

# More than nearly any album has, and than fit an event: how many do is seen when they are told.
MOST_TOLD_RELEASES = 2000
# Bounds for the absurd, so that any album fits an event.
_MOST_CREDITS = 100
_MOST_LETTERS = 500


class _Told(msgspec.Struct, frozen=True):
    """What an event takes from a master's or a release's document."""

    title: str
    artists: tuple[SourceCredit, ...] = ()
    genres: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


_ALBUM = (
    albums.c.id,
    albums.c.version,
    albums.c.year,
    albums.c.discogs_master_id,
    albums.c.release_count,
    albums.c.document,
    albums.c.edits,
)
# Plain text, in the order of ReleaseState's fields: SQLAlchemy's types take longer on arrays than Postgres.
_RELEASES = text("""
select told.* from unnest(cast(:ids as uuid[])) album (id) cross join lateral (
    select album_id, id, title, year, country, formats, catalog_numbers, barcodes, discogs_release_id
    from releases where releases.album_id = album.id
    order by released_order, releases.id limit :most
) told
""")
_decode = decoder_of(_Told)
_decode_edits = msgspec.json.Decoder(AlbumEdits).decode


class UntoldAlbums:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take(self, limit: int) -> list[UUID]:
        """Up to `limit` of them, which count as told when the transaction commits."""
        chosen = select(untold_albums.c.album_id).order_by(untold_albums.c.album_id).limit(limit)
        statement = delete(untold_albums).where(untold_albums.c.album_id.in_(chosen))
        taken = await self._connection.scalars(statement.returning(untold_albums.c.album_id))
        return list(taken.all())

    async def count(self) -> int:
        return await self._connection.scalar(select(func.count()).select_from(untold_albums)) or 0

    async def states(self, album_ids: Sequence[UUID]) -> list[AlbumState]:
        """Of those of them that are there to be seen."""
        rows = await self._albums(album_ids)
        told = {row.id: _told(row) for row in rows}
        mentioned = {
            credit.discogs_artist_id
            for each in told.values()
            for credit in each.artists
            if credit.discogs_artist_id
        }
        names = await Names(self._connection).look_up(Wanted(artists=mentioned))
        pressings = await self._releases(album_ids)
        replaced = await self._replaced(album_ids)
        return [_state(row, told[row.id], names, pressings[row.id], replaced[row.id]) for row in rows]

    async def _albums(self, album_ids: Sequence[UUID]) -> Sequence[Any]:
        statement = (
            select(*_ALBUM, releases.c.document.label("lead_document"))
            .outerjoin(releases, (releases.c.id == albums.c.lead_release_id) & albums.c.document.is_(None))
            .where(_among(albums.c.id, album_ids), albums.c.withdrawn_at.is_(None))
            .order_by(albums.c.id)
        )
        return (await self._connection.execute(statement)).all()

    async def _releases(self, album_ids: Sequence[UUID]) -> dict[UUID, list[ReleaseState]]:
        found: dict[UUID, list[ReleaseState]] = defaultdict(list)
        rows = await self._connection.execute(_RELEASES, {"ids": album_ids, "most": MOST_TOLD_RELEASES})
        for album_id, *state in rows.all():
            found[album_id].append(ReleaseState(*state))
        return found

    async def _replaced(self, album_ids: Sequence[UUID]) -> dict[UUID, list[AlbumId]]:
        statement = select(album_redirects).where(_among(album_redirects.c.target_id, album_ids))
        found: dict[UUID, list[AlbumId]] = defaultdict(list)
        for row in await self._connection.execute(statement.order_by(album_redirects.c.album_id)):
            found[row.target_id].append(AlbumId(row.album_id))
        return found


def _told(row: Any) -> _Told:
    told = _decode(row.document or row.lead_document)
    if row.edits is None:
        return told
    given = fields_set(_decode_edits(row.edits))
    return msgspec.structs.replace(
        told, **{name: given[name] for name in _Told.__struct_fields__ if name in given}
    )


def _state(
    row: Any, told: _Told, names: KnownNames, pressings: list[ReleaseState], replaced: list[AlbumId]
) -> AlbumState:
    credited = credits_of(told.artists[:_MOST_CREDITS], names)
    return AlbumState(
        album_id=AlbumId(row.id),
        version=row.version,
        title=told.title,
        artist=printed(credited)[:_MOST_LETTERS],
        artist_ids=[ArtistId(credit.artist_id) for credit in credited if credit.artist_id],
        artist_names=_bounded([credit.name for credit in credited]),
        year=row.year,
        genres=_bounded(told.genres),
        styles=_bounded(told.styles),
        discogs_master_id=row.discogs_master_id,
        releases=pressings,
        releases_complete=len(pressings) == row.release_count,
        replaces=replaced,
    )


def _among(key: Column[Any], ids: Sequence[UUID]) -> ColumnElement[bool]:
    return key == any_(bindparam("ids", ids, ARRAY(Uuid)))


def _bounded(words: Sequence[str]) -> list[str]:
    return [word[:_MOST_LETTERS] for word in words[:_MOST_CREDITS]]

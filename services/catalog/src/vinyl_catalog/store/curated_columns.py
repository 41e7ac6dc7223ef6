"""The columns of edited records that lists, filters and searches go by, drawn from the edits."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Text, bindparam, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.store.tables import albums, artists

_TAGS = text("select tags from albums where id = :album_id")
_ALL_TAGS = text("""
select array(
    select tag from (
        select unnest(:own_tags) as tag
        union select unnest(releases.tags) from releases where releases.album_id = :album_id
    ) every_tag order by tag collate "C"
)
""").bindparams(bindparam("own_tags", type_=ARRAY(Text)))
_COUNT_TAGS = text("""
insert into tag_counts as known (tag, album_count)
select tag, sum(change) from (
    select unnest(:former) as tag, -1 as change union all select unnest(:latter), 1
) changes
where tag not like 'artist:%'
group by tag having sum(change) <> 0
order by tag
on conflict (tag) do update set album_count = known.album_count + excluded.album_count
""").bindparams(bindparam("former", type_=ARRAY(Text)), bindparam("latter", type_=ARRAY(Text)))
_TOUCHED_ALBUMS = text("""
select albums.id from touched_albums join albums on albums.id = touched_albums.album_id
where albums.edits is not null order by albums.id
""")
_TOUCHED_ARTISTS = text("""
select artists.id from staged_names join artists on artists.discogs_artist_id = staged_names.discogs_id
where staged_names.kind = 'artist' and artists.edits is not null order by artists.id
""")


class AlbumColumns(NamedTuple):
    title: str
    sort_title: str
    year: int | None
    own_tags: list[str]


class CuratedColumns:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def list_touched_albums(self) -> list[UUID]:
        """The edited ones of the batch that is being loaded."""
        return list(await self._connection.scalars(_TOUCHED_ALBUMS))

    async def list_touched_artists(self) -> list[UUID]:
        return list(await self._connection.scalars(_TOUCHED_ARTISTS))

    async def write_album(self, album_id: UUID, columns: AlbumColumns) -> None:
        former = (await self._connection.execute(_TAGS, {"album_id": album_id})).one()
        named = {"album_id": album_id, "own_tags": columns.own_tags}
        tags = (await self._connection.execute(_ALL_TAGS, named)).scalar_one()
        await self._write_tags(album_id, former.tags, tags, columns._asdict())

    async def hide_album(self, album_id: UUID) -> None:
        """From filters and counts."""
        former = (await self._connection.execute(_TAGS, {"album_id": album_id})).one()
        await self._write_tags(album_id, former.tags, [], {})

    async def write_artist(self, artist_id: UUID, name: str, sort_name: str, search_text: str) -> None:
        values = {"name": name, "sort_name": sort_name, "search_text": search_text}
        await self._connection.execute(update(artists).where(artists.c.id == artist_id).values(values))

    async def hide_artist(self, artist_id: UUID) -> None:
        statement = update(artists).where(artists.c.id == artist_id).values(search_text="")
        await self._connection.execute(statement)

    async def _write_tags(
        self, album_id: UUID, former: Sequence[str], latter: Sequence[str], more: dict[str, Any]
    ) -> None:
        statement = update(albums).where(albums.c.id == album_id).values(tags=list(latter), **more)
        await self._connection.execute(statement)
        await self._connection.execute(_COUNT_TAGS, {"former": list(former), "latter": list(latter)})

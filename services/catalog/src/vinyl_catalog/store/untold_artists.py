"""Artists that show otherwise now, and how far their albums are told anew."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.store.tables import untold_artists

_BEFORE_ALL = UUID(int=0)
_artists = untold_artists.c
# Those that have just begun go first, so that nobody waits for an artist with a million albums.
_NEXT = select(untold_artists).order_by(_artists.after_album_id, _artists.id).limit(1)
_ALBUMS = text("""
select id from albums where tags && :tags and id > :after and withdrawn_at is null order by id limit :most
""").bindparams(bindparam("tags", type_=ARRAY(Text)))
# To wait for an import's rows while holding others could be a deadlock.
_TOUCH = text("""
with free as (
    select id from albums where id = any(:ids) for update skip locked
), risen as (
    update albums set version = version + 1, updated_at = now() from free where albums.id = free.id
    returning albums.id
), noted as (
    insert into untold_albums (album_id) select id from risen order by id on conflict do nothing
)
select id from risen
""").bindparams(bindparam("ids", type_=ARRAY(Uuid)))


class UntoldArtists:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, numbers: Sequence[int]) -> None:
        """Every album that credits artists of these numbers is to be told anew."""
        values = {"numbers": list(numbers), "after_album_id": _BEFORE_ALL}
        await self._connection.execute(insert(untold_artists).values(values))

    async def touch_albums(self, most: int) -> int:
        """How many albums of one of them became untold, each another version of itself.

        It is 0 where no artist is left, or where somebody else has the next album in hand.
        """
        artist = (await self._connection.execute(_NEXT.with_for_update(skip_locked=True))).one_or_none()
        if artist is None:
            return 0
        tags = [f"artist:{number}" for number in artist.numbers]
        values = {"tags": tags, "after": artist.after_album_id, "most": most}
        ids = (await self._connection.scalars(_ALBUMS, values)).all()
        risen = set(await self._connection.scalars(_TOUCH, {"ids": ids}))
        settled = list(takewhile(risen.__contains__, ids))
        if len(settled) < most and len(settled) == len(ids):
            await self._connection.execute(delete(untold_artists).where(_artists.id == artist.id))
        elif settled:
            await self._pass(artist, settled[-1])
        return len(risen)

    async def _pass(self, artist: Any, album_id: UUID) -> None:
        passed = update(untold_artists).where(_artists.id == artist.id)
        await self._connection.execute(passed.values(after_album_id=album_id))

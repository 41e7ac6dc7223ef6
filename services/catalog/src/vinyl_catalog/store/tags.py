"""What albums are filed under, and how many under each."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from vinyl_catalog.domain.lists import Place, Placed, TagCount
from vinyl_catalog.store.tables import tag_counts


class Tags:
    """A tag is "genre:Rock", "style:…", "format:…", "country:…", "code:GB" or "label:<Discogs id>"."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, kinds: Sequence[str], word: str) -> list[str]:
        """The tags of these kinds that are the word in any case."""
        wanted = [func.lower(f"{kind}:{word}") for kind in kinds]
        statement = select(tag_counts.c.tag).where(
            func.lower(tag_counts.c.tag).in_(wanted), tag_counts.c.album_count > 0
        )
        return list(await self._connection.scalars(statement.order_by(tag_counts.c.tag)))

    async def list_counts(self, kind: str, after: Place | None, limit: int) -> list[Placed[TagCount]]:
        """By name."""
        beginning = f"{kind}:"
        behind = f"{beginning}{after[0]}" if after else beginning
        statement = (
            select(tag_counts)
            .where(tag_counts.c.tag > behind, tag_counts.c.tag < f"{kind};", tag_counts.c.album_count > 0)
            .order_by(tag_counts.c.tag)
            .limit(limit)
        )
        found = [
            TagCount(row.tag.removeprefix(beginning), row.album_count)
            for row in await self._connection.execute(statement)
        ]
        return [Placed(count, [count.name]) for count in found]

    async def count_each(self, tags: Sequence[str]) -> dict[str, int]:
        statement = select(tag_counts.c.tag, tag_counts.c.album_count).where(tag_counts.c.tag.in_(tags))
        return {row.tag: row.album_count for row in await self._connection.execute(statement)}

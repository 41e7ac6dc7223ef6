"""Releases that come for the first time, nearly all of a first import: copied straight into the tables.

What merging would find out is known beforehand here: nobody has the release, so that it comes to its master's
album or else is an album of its own, whole from the start.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from uuid import UUID

from vinyl_catalog.store import binary_rows as binary
from vinyl_catalog.store.packed_releases import ALBUMS, RELEASES, FreshRelease
from vinyl_catalog.store.staging import Staging

# A master may have been merged into another album by a curator.
_MASTERS = """
select number, coalesce(place.album_id, albums.id) from unnest(cast(:numbers as bigint[])) wanted (number)
left join albums on albums.discogs_master_id = number
left join curated_places place on place.discogs_master_id = number
where coalesce(place.album_id, albums.id) is not null
"""
_TOUCH = """
insert into touched_albums (album_id, former_tags) select id, tags from albums where id = any(:ids)
on conflict do nothing
"""
_COUNT_TAGS = """
insert into tag_counts as known (tag, album_count)
select tag, number from unnest(cast(:tags as text[]), cast(:numbers as bigint[])) counted (tag, number)
order by tag
on conflict (tag) do update set album_count = known.album_count + excluded.album_count
"""


class FreshReleases:
    def __init__(self, staging: Staging) -> None:
        self._staging = staging

    async def add(self, releases: Sequence[FreshRelease]) -> None:
        """The albums of masters are touched, and have to be derived then."""
        masters = await self._find_masters(releases)
        placed = [(each, masters.get(each.discogs_master_id)) for each in releases]
        lone = [each for each, album_id in placed if album_id is None]
        count = len(RELEASES).to_bytes(2)
        rows = (
            count + (binary.uuid(album_id) if album_id else each.album_id) + each.release
            for each, album_id in placed
        )
        await self._staging.append("releases", RELEASES, rows)
        await self._staging.append("albums", ALBUMS, (each.album for each in lone))
        ids = (binary.row([each.album_id]) for each in lone)
        await self._staging.append("untold_albums", ["album_id"], ids)
        await self._count_tags(lone)
        touched = list({album_id for _, album_id in placed if album_id is not None})
        await self._staging.run(_TOUCH, ids=touched)

    async def _find_masters(self, releases: Iterable[FreshRelease]) -> dict[int | None, UUID]:
        numbers = list({each.discogs_master_id for each in releases if each.discogs_master_id})
        return {row[0]: row[1] for row in await self._staging.fetch(_MASTERS, numbers=numbers)}

    async def _count_tags(self, albums: Iterable[FreshRelease]) -> None:
        counted = Counter(tag for each in albums for tag in each.album_tags)
        await self._staging.run(_COUNT_TAGS, tags=list(counted), numbers=list(counted.values()))

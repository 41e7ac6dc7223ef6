"""Releases that come for the first time, which is nearly all of a first import: copied straight into the tables.

What merging would find out is known beforehand here: nobody has the release, so that it comes to its master's
album or else is an album of its own, whole from the start.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from vinyl_catalog.store.staging import SongsOf, StagedRelease, Staging

_KNOWN = """
select discogs_release_id from releases where discogs_release_id = any(:numbers)
union all
select discogs_release_id from albums where discogs_release_id = any(:numbers)
"""
_MASTERS = "select discogs_master_id, id from albums where discogs_master_id = any(:numbers)"
_TOUCH = """
insert into touched_albums (album_id, former_tags) select id, tags from albums where id = any(:ids)
on conflict do nothing
"""
_COUNT_TAGS = """
insert into tag_counts as known (tag, album_count)
select tag, number from unnest(cast(:tags as text[]), cast(:numbers as bigint[])) counted (tag, number) order by tag
on conflict (tag) do update set album_count = known.album_count + excluded.album_count
"""
_LEADS = (
    "select albums.lead_release_id from touched_albums join albums on albums.id = touched_albums.album_id"
)
_RELEASES = (
    "id discogs_release_id discogs_master_id album_id title year released_order country formats catalog_numbers"
    " barcodes codes tags document source_hash version created_at updated_at"
).split()
_ALBUMS = (
    "id discogs_release_id lead_release_id release_count title sort_title year own_tags tags search_text"
    " bayesian_average version created_at updated_at"
).split()


class FreshReleases:
    def __init__(self, staging: Staging) -> None:
        self._staging = staging
        self._in_masters: list[StagedRelease] = []

    async def known_among(self, releases: Sequence[StagedRelease]) -> set[int]:
        """Which ids the catalogue has: those have to be merged."""
        rows = await self._staging.fetch(_KNOWN, numbers=[release.discogs_id for release in releases])
        return {row[0] for row in rows}

    async def add(self, releases: Sequence[StagedRelease], songs: SongsOf) -> None:
        """None of them known. The albums of masters are touched, and have to be derived then."""
        masters = await self._find_masters(releases)
        of_masters = [
            (each, masters[each.discogs_master_id]) for each in releases if each.discogs_master_id in masters
        ]
        lone = [each for each in releases if each.discogs_master_id not in masters]
        at = datetime.now(UTC)
        placed = [*of_masters, *((each, each.album_candidate_id) for each in lone)]
        await self._staging.append(
            "releases", _RELEASES, (_release(each, album, at) for each, album in placed)
        )
        await self._staging.append("albums", _ALBUMS, (_album(each, at) for each in lone))
        await self._staging.append(
            "untold_albums", ["album_id"], ((each.album_candidate_id,) for each in lone)
        )
        await self._count_tags(lone)
        await self._staging.run(_TOUCH, ids=list({album for _, album in of_masters}))
        self._in_masters = [each for each, _ in of_masters]
        await self._add_songs(lone, songs)

    async def add_songs_of_leads(self, songs: SongsOf) -> None:
        """Of those among them that stand for a master's album, now that it is derived."""
        leads = {row[0] for row in await self._staging.fetch(_LEADS)} if self._in_masters else set()
        await self._add_songs([each for each in self._in_masters if each.candidate_id in leads], songs)

    async def _find_masters(self, releases: Iterable[StagedRelease]) -> dict[int | None, UUID]:
        numbers = list({each.discogs_master_id for each in releases if each.discogs_master_id})
        return {row[0]: row[1] for row in await self._staging.fetch(_MASTERS, numbers=numbers)}

    async def _count_tags(self, albums: Iterable[StagedRelease]) -> None:
        counted = Counter(tag for each in albums for tag in each.album_tags if not tag.startswith("artist:"))
        await self._staging.run(_COUNT_TAGS, tags=list(counted), numbers=list(counted.values()))

    async def _add_songs(self, releases: Iterable[StagedRelease], songs: SongsOf) -> None:
        rows = ((each.candidate_id, songs.get(each.candidate_id, [])) for each in releases)
        await self._staging.copy_songs("songs", rows)


def _release(each: StagedRelease, album_id: UUID, at: datetime) -> tuple[object, ...]:
    return (
        each.candidate_id,
        each.discogs_id,
        each.discogs_master_id,
        album_id,
        each.title,
        each.year,
        each.released_order,
        each.country,
        each.formats,
        each.catalog_numbers,
        each.barcodes,
        each.codes,
        each.tags,
        each.document,
        each.source_hash,
        1,
        at,
        at,
    )


def _album(each: StagedRelease, at: datetime) -> tuple[object, ...]:
    return (
        each.album_candidate_id,
        each.discogs_id,
        each.candidate_id,
        1,
        each.title,
        each.sort_title,
        each.year,
        each.own_tags,
        each.album_tags,
        each.search_text,
        0.0,
        1,
        at,
        at,
    )

"""Batches of masters and releases, merged into albums in sets.

An album is a master, or a release whose master is not here. When the master comes, the albums that its
releases were by themselves are merged into it, and their ids redirect.
"""

from collections.abc import Sequence

from vinyl_catalog.store.fresh_releases import FreshReleases
from vinyl_catalog.store.packed_releases import FreshRelease
from vinyl_catalog.store.staged import Loaded, StagedMaster, StagedRelease
from vinyl_catalog.store.staging import Staging

_SAME_RELEASES = """
with same as (
    update releases known set source_hash = staged.source_hash from staged_releases staged
    where known.discogs_release_id = staged.discogs_id and known.document = staged.document
    returning staged.discogs_id
)
delete from staged_releases using same where staged_releases.discogs_id = same.discogs_id
"""
_PLACE_RELEASES = """
update staged_releases staged set
    release_id = place.release_id,
    former_album_id = place.former_album_id,
    album_id = coalesce(place.master_album_id, place.own_album_id, staged.album_candidate_id),
    stands_alone = place.master_album_id is null
from (
    select s.discogs_id, coalesce(r.id, s.candidate_id) as release_id, r.album_id as former_album_id,
        m.id as master_album_id, o.id as own_album_id
    from staged_releases s
    left join releases r on r.discogs_release_id = s.discogs_id
    left join albums m on m.discogs_master_id = s.discogs_master_id
    left join albums o on o.discogs_release_id = s.discogs_id
) place
where place.discogs_id = staged.discogs_id
"""
# What curators merged stays together, whatever masters say.
_KEEP_MERGED = """
update staged_releases staged set album_id = kept.album_id, stands_alone = false
from (
    select s.discogs_id, place.album_id from staged_releases s
    join curated_places place on place.discogs_release_id = s.discogs_id
    union select s.discogs_id, place.album_id from staged_releases s
    join curated_places place on place.discogs_master_id = s.discogs_master_id
    union select s.discogs_id, place.album_id from staged_releases s
    join curated_places place on place.album_id = s.former_album_id
) kept
where kept.discogs_id = staged.discogs_id
"""
_TOUCH_OF_RELEASES = """
insert into touched_albums (album_id, former_tags)
select touched.album_id, coalesce(albums.tags, '{}')
from (select album_id from staged_releases union select former_album_id from staged_releases) touched
left join albums on albums.id = touched.album_id
where touched.album_id is not null
"""
_SAVE_LONE_ALBUMS = """
insert into albums as known (
    id, discogs_release_id, title, sort_title, year, own_tags, version, created_at, updated_at
)
select album_id, discogs_id, title, sort_title, year, own_tags, 0, now(), now()
from staged_releases where stands_alone
order by album_id
on conflict (discogs_release_id) do update set title = excluded.title, sort_title = excluded.sort_title,
    year = excluded.year, own_tags = excluded.own_tags
"""
_SAVE_RELEASES = """
insert into releases as known (
    id, discogs_release_id, discogs_master_id, album_id, title, year, released_order, country, formats,
    catalog_numbers, barcodes, codes, tags, document, source_hash, version, created_at, updated_at
)
select release_id, discogs_id, discogs_master_id, album_id, title, year, released_order, country, formats,
    catalog_numbers, barcodes, codes, tags, document, source_hash, 1, now(), now()
from staged_releases
order by release_id
on conflict (discogs_release_id) do update set discogs_master_id = excluded.discogs_master_id,
    album_id = excluded.album_id, title = excluded.title, year = excluded.year,
    released_order = excluded.released_order, country = excluded.country, formats = excluded.formats,
    catalog_numbers = excluded.catalog_numbers, barcodes = excluded.barcodes, codes = excluded.codes,
    tags = excluded.tags, document = excluded.document, source_hash = excluded.source_hash,
    version = known.version + 1, updated_at = now()
"""
_MERGE_INTO_MASTERS_OF_RELEASES = """
with merged as (
    delete from albums using staged_releases staged
    where staged.former_album_id = albums.id and albums.discogs_release_id = staged.discogs_id
        and not staged.stands_alone and staged.album_id <> albums.id
    returning albums.id as album_id, staged.album_id as target_id
), onward as (
    update album_redirects set target_id = merged.target_id from merged
    where album_redirects.target_id = merged.album_id
)
insert into album_redirects (album_id, target_id, merged_at) select album_id, target_id, now() from merged
"""
_SAME_MASTERS = """
with same as (
    update albums known set source_hash = staged.source_hash from staged_masters staged
    where known.discogs_master_id = staged.discogs_id and known.document = staged.document
    returning staged.discogs_id
)
delete from staged_masters using same where staged_masters.discogs_id = same.discogs_id
"""
# A master that comes before any of its releases is settled: nothing of its album has to be derived.
_TOUCH_OF_MASTERS = """
insert into touched_albums (album_id, former_tags, is_settled)
select coalesce(albums.id, staged.candidate_id), coalesce(albums.tags, '{}'), albums.id is null
    and not exists (select from releases where releases.discogs_master_id = staged.discogs_id)
from staged_masters staged left join albums on albums.discogs_master_id = staged.discogs_id
union all
select albums.id, albums.tags, false
from staged_masters staged
join releases on releases.discogs_master_id = staged.discogs_id
join albums on albums.id = releases.album_id and albums.discogs_release_id = releases.discogs_release_id
"""
_SAVE_MASTERS = """
insert into albums as known (
    id, discogs_master_id, discogs_main_release_id, title, sort_title, year, own_tags, tags,
    document, source_hash, version, created_at, updated_at
)
select candidate_id, discogs_id, main_release_id, title, sort_title, year, own_tags,
    array(select tag from unnest(own_tags) tag order by tag collate "C"), document,
    source_hash, case when is_settled then 1 else 0 end, now(), now()
from staged_masters left join touched_albums on touched_albums.album_id = candidate_id
order by candidate_id
on conflict (discogs_master_id) do update set discogs_main_release_id = excluded.discogs_main_release_id,
    title = excluded.title, sort_title = excluded.sort_title, year = excluded.year,
    own_tags = excluded.own_tags, document = excluded.document,
    source_hash = excluded.source_hash
"""
_MERGE_INTO_MASTERS = """
with moved as (
    select releases.id as release_id, releases.album_id, albums.id as target_id
    from staged_masters staged
    join albums on albums.discogs_master_id = staged.discogs_id
    join releases on releases.discogs_master_id = staged.discogs_id and releases.album_id <> albums.id
    where not exists (select from curated_places place where place.album_id = releases.album_id)
), gone as (
    delete from albums using moved where albums.id = moved.album_id
), onward as (
    update album_redirects set target_id = moved.target_id from moved
    where album_redirects.target_id = moved.album_id
), kept as (
    insert into album_redirects (album_id, target_id, merged_at) select album_id, target_id, now() from moved
)
update releases set album_id = moved.target_id from moved where releases.id = moved.release_id
"""
# The lead is the main release, or, failing that, the earliest; of an album by itself the release that it is,
# whatever a curator merged into it.
_DERIVE = """
update albums set
    lead_release_id = derived.lead_release_id,
    release_count = derived.release_count,
    tags = derived.tags,
    bayesian_average = coalesce(derived.bayesian_average, 0),
    version = albums.version + 1,
    updated_at = now()
from (
    select a.id,
        (select r.id from releases r where r.album_id = a.id
            order by (r.discogs_release_id = a.discogs_main_release_id) is true desc,
                (a.discogs_master_id is null and r.id = a.lead_release_id) is true desc,
                r.released_order, r.discogs_release_id, r.id
            limit 1) as lead_release_id,
        (select count(*) from releases r where r.album_id = a.id) as release_count,
        array(
            select tag from (
                select unnest(a.own_tags) as tag
                union select unnest(r.tags) from releases r where r.album_id = a.id
            ) every_tag order by tag collate "C"
        ) as tags,
        album_ratings.bayesian_average
    from touched_albums join albums a on a.id = touched_albums.album_id and not is_settled
    left join album_ratings on album_ratings.album_id = a.id
) derived
where albums.id = derived.id
"""
_COUNT_TAGS = """
insert into tag_counts as known (tag, album_count)
select tag, sum(change) from (
    select unnest(former_tags) as tag, -1 as change from touched_albums
    union all
    select unnest(albums.tags), 1 from touched_albums join albums on albums.id = touched_albums.album_id
) changes
where tag not like 'artist:%'
group by tag having sum(change) <> 0
order by tag
on conflict (tag) do update set album_count = known.album_count + excluded.album_count
"""
_LEAVE_UNTOLD = """
insert into untold_albums (album_id)
select touched_albums.album_id from touched_albums join albums on albums.id = touched_albums.album_id
on conflict do nothing
"""
_FORGET_MERGED = """
delete from untold_albums using touched_albums
where untold_albums.album_id = touched_albums.album_id
    and not exists (select from albums where albums.id = untold_albums.album_id)
"""


class AlbumLoading:
    """`staging` is open and empty. Each id comes once at most in a batch, and the artists and labels that the
    batch names have been mentioned."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging
        self._fresh = FreshReleases(staging)

    async def load_releases(self, known: Sequence[StagedRelease], fresh: Sequence[FreshRelease]) -> Loaded:
        """The `known` ones have to be merged."""
        merged = await self._merge_releases(known) if known else Loaded(0, 0)
        await self._fresh.add(fresh)
        await self._staging.analyse("touched_albums", "album_id")
        await self.derive()
        return Loaded(merged.imported + len(fresh), merged.unchanged)

    async def _merge_releases(self, known: Sequence[StagedRelease]) -> Loaded:
        """All but what is derived."""
        await self._staging.copy("staged_releases", known, StagedRelease)
        unchanged = await self._staging.run(_SAME_RELEASES)
        await self._staging.run(_PLACE_RELEASES)
        await self._staging.run(_KEEP_MERGED)
        await self._staging.run(_TOUCH_OF_RELEASES)
        await self._staging.run(_SAVE_LONE_ALBUMS)
        imported = await self._staging.run(_SAVE_RELEASES)
        await self._staging.run(_MERGE_INTO_MASTERS_OF_RELEASES)
        return Loaded(imported, unchanged)

    async def load_masters(self, masters: Sequence[StagedMaster]) -> Loaded:
        await self._staging.copy("staged_masters", masters, StagedMaster)
        unchanged = await self._staging.run(_SAME_MASTERS)
        await self._staging.run(_TOUCH_OF_MASTERS)
        await self._staging.analyse("touched_albums", "album_id")
        imported = await self._staging.run(_SAVE_MASTERS)
        await self._staging.run(_MERGE_INTO_MASTERS)
        await self.derive()
        return Loaded(imported, unchanged)

    async def derive(self) -> None:
        for statement in (
            _DERIVE,
            _COUNT_TAGS,
            _LEAVE_UNTOLD,
            _FORGET_MERGED,
        ):
            await self._staging.run(statement)

"""Batches of artists and labels, and of names that others mention before a record of them comes."""

from collections.abc import Sequence
from uuid import UUID

from vinyl_catalog.store.staged import ARTIST, LABEL, Loaded, StagedName
from vinyl_catalog.store.staging import Staging

# A name that is only mentioned has the least of its spellings, so that the order of files does not matter.
_MENTIONED = """
insert into {table} as known (id, {key}, name, sort_name, {search}version, created_at, updated_at)
select candidate_id, discogs_id, name, sort_name, {search}1, now(), now()
from staged_names staged
where kind = '{kind}' and document is null and not exists (
    select from {table} other
    where other.{key} = staged.discogs_id
        and (other.document is not null or other.name <= staged.name collate "C")
)
order by candidate_id
on conflict ({key}) do update set name = excluded.name, sort_name = excluded.sort_name,
    {set_search}version = known.version + 1, updated_at = now()
where known.document is null and excluded.name < known.name collate "C"
"""
_SAME = """
with same as (
    update {table} known set source_hash = staged.source_hash from staged_names staged
    where staged.kind = '{kind}' and staged.document is not null
        and known.{key} = staged.discogs_id and known.document = staged.document
    returning staged.discogs_id
)
delete from staged_names using same
where kind = '{kind}' and document is not null and staged_names.discogs_id = same.discogs_id
"""
_RECORDS = """
insert into {table} as known (
    id, {key}, name, sort_name, {search}document, source_hash, version, created_at, updated_at{parent}
)
select candidate_id, discogs_id, name, sort_name, {search}document, source_hash, 1, now(),
    now(){staged_parent}
from staged_names
where kind = '{kind}' and document is not null
order by candidate_id
on conflict ({key}) do update set name = excluded.name, sort_name = excluded.sort_name,
    {set_search}document = excluded.document, source_hash = excluded.source_hash,
    version = known.version + 1, updated_at = now(){set_parent}
"""
_OUTDATED = """
with changed as (
    select {key} number, id, version{parent} from {table} where {key} = any(:numbers) and updated_at = now()
)
select id from changed where version > 1
"""
_OUTDATED_AROUND = """
union select above.id from changed join labels above
    on above.discogs_label_id = changed.parent_discogs_label_id
union select below.id from changed join labels below
    on below.parent_discogs_label_id = changed.number where changed.version > 1
"""
_WORDS = {
    ARTIST: {
        "table": "artists",
        "key": "discogs_artist_id",
        "kind": ARTIST,
        "search": "search_text, ",
        "set_search": "search_text = excluded.search_text, ",
        "parent": "",
        "staged_parent": "",
        "set_parent": "",
    },
    LABEL: {
        "table": "labels",
        "key": "discogs_label_id",
        "kind": LABEL,
        "search": "",
        "set_search": "",
        "parent": ", parent_discogs_label_id",
        "staged_parent": ", parent_discogs_id",
        "set_parent": ", parent_discogs_label_id = excluded.parent_discogs_label_id",
    },
}


class NameLoading:
    """`staging` is open, and empty of names."""

    def __init__(self, staging: Staging) -> None:
        self._staging = staging

    async def mention(self, names: Sequence[StagedName]) -> None:
        """Artists and labels come to be where others name them, each name once at most in `names`."""
        if not names:
            return
        await self._staging.copy("staged_names", names, StagedName)
        for words in _WORDS.values():
            await self._staging.run(_MENTIONED.format(**words))

    async def load(self, kind: str, records: Sequence[StagedName]) -> Loaded:
        """Records of one kind, each id once at most."""
        await self._staging.copy("staged_names", records, StagedName)
        unchanged = await self._staging.run(_SAME.format(**_WORDS[kind]))
        return Loaded(await self._staging.run(_RECORDS.format(**_WORDS[kind])), unchanged)

    async def list_outdated(self, kind: str, discogs_ids: Sequence[int]) -> list[UUID]:
        """Those that were shown, and are shown otherwise after this transaction; with labels also the ones
        above and below them, which show their names."""
        statement = _OUTDATED + (_OUTDATED_AROUND if kind == LABEL else "")
        rows = await self._staging.fetch(statement.format(**_WORDS[kind]), numbers=discogs_ids)
        return [row.id for row in rows]

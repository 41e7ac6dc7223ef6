"""What is gone from a whole dump goes from the catalogue too, unless that is suspiciously much."""

import msgspec

from vinyl_catalog.domain.imports import FileProgress, Withdrawal
from vinyl_catalog.imports.kinds import RecordKind
from vinyl_catalog.imports.parsing import ParsedFile
from vinyl_catalog.imports.telling import tell_of_names
from vinyl_catalog.store.unit_of_work import Store
from vinyl_contracts.events.catalog import AlbumWithdrawn
from vinyl_contracts.ids import AlbumId

_MOST_GONE = 1000
_MOST_PER_CENT = 1
_LISTED_AT_ONCE = 50_000
_AT_ONCE = 500


async def withdraw_gone(
    store: Store, file: ParsedFile, progress: FileProgress, withdrawal: Withdrawal
) -> FileProgress:
    """The file was read to its end. With FEW, more than 1,000 or 1 % of the kind's records stay."""
    if withdrawal is Withdrawal.NEVER or file.is_single:
        return progress
    gone = await _gone_from(store, file)
    async with store.begin() as unit:
        count = await unit.loading.count(file.kind)
    if withdrawal is Withdrawal.FEW and (len(gone) > _MOST_GONE or len(gone) * 100 > count * _MOST_PER_CENT):
        return msgspec.structs.replace(progress, spared=len(gone))
    for start in range(0, len(gone), _AT_ONCE):
        await _withdraw(store, file.kind, gone[start : start + _AT_ONCE])
    return msgspec.structs.replace(progress, withdrawn=len(gone))


async def _gone_from(store: Store, file: ParsedFile) -> list[int]:
    gone: list[int] = []
    after = 0
    while True:
        async with store.begin() as unit:
            ids = await unit.loading.list_ids(file.kind, after, _LISTED_AT_ONCE)
        if not ids:
            return gone
        gone += await file.missing(ids)
        after = ids[-1]


async def _withdraw(store: Store, kind: RecordKind, ids: list[int]) -> None:
    async with store.begin() as unit:
        albums = await unit.loading.withdraw(kind, ids)
        events = [
            (AlbumWithdrawn(AlbumId(album.album_id)), album.album_id, album.version) for album in albums
        ]
        await unit.outbox.add_all(events)
        await tell_of_names(unit, kind, ids)

"""Telling other services of the albums that changed, in batches that fit an event."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from vinyl_catalog.imports.kinds import RecordKind
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork
from vinyl_contracts.changes import MOST_NAMES
from vinyl_contracts.events.catalog import (
    MOST_ALBUMS,
    MOST_BYTES,
    AlbumsImported,
    AlbumState,
    AnswersOutdated,
)
from vinyl_contracts.ids import new_id

_AT_ONCE = 1000
_POLL_SECONDS = 1.0
# Labels are listed with their counts of albums.
_LISTS = {RecordKind.ARTIST: "artists", RecordKind.LABEL: "albums"}
_ROOM = MOST_BYTES - 4096  # for what is around the albums


async def tell_of_albums(store: Store) -> None:
    """Every change that is not told yet, each batch in a transaction of its own."""
    while await tell_of_some(store, _AT_ONCE) == _AT_ONCE:
        pass


async def tell_of_some(store: Store, most: int) -> int:
    """Those that came first; gives how many."""
    if not most:
        return 0
    async with store.begin() as unit:
        taken = await unit.untold_albums.take(most)
        batches = batches_of(await unit.untold_albums.states(taken))
        await unit.outbox.add_all([(AlbumsImported(batch), new_id(), 1) for batch in batches])
    return len(taken)


async def tell_of_artists(store: Store) -> int:
    """Up to a thousand albums of an artist that shows otherwise now; gives how many."""
    async with store.begin() as unit:
        touched = await unit.untold_artists.touch_albums(_AT_ONCE)
    await tell_of_albums(store)
    return touched


async def tell_of_names(unit: UnitOfWork, kind: RecordKind, discogs_ids: Sequence[int]) -> None:
    """Of artists or labels among them that are shown otherwise now; albums are told of by themselves."""
    if kind not in _LISTS:
        return
    names = [f"{kind.value}-{each}" for each in await unit.loading.list_outdated(kind, discogs_ids)]
    if names:
        names.append(_LISTS[kind])
    for start in range(0, len(names), MOST_NAMES):
        await unit.outbox.add(AnswersOutdated(names[start : start + MOST_NAMES]), new_id(), 1)


async def keep_telling_of_artists(store: Store) -> None:
    """A job: their other albums, for which no curator should wait."""
    while True:
        while await tell_of_artists(store):
            pass
        await asyncio.sleep(_POLL_SECONDS)


def batches_of(states: Iterable[AlbumState]) -> Iterator[list[AlbumState]]:
    """In order, at most MOST_ALBUMS albums and MOST_BYTES bytes each."""
    batch: list[AlbumState] = []
    size = 0
    for state in states:
        fitting, length = fitted(state)
        if batch and (len(batch) == MOST_ALBUMS or size + length > _ROOM):
            yield batch
            batch, size = [], 0
        batch.append(fitting)
        size += length
    if batch:
        yield batch


def fitted(state: AlbumState) -> tuple[AlbumState, int]:
    """The state with as many releases as fit, and its length in bytes."""
    while (length := len(msgspec.json.encode(state)) + 1) > _ROOM and state.releases:
        kept = state.releases[: len(state.releases) // 2]
        state = msgspec.structs.replace(state, releases=kept, releases_complete=False)
    return state, length

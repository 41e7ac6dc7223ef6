"""A process that reads the tables and makes documents, so that the one that writes has a core for itself.

Run as `python -m vinyl_catalog.index.reading_process`, told by its standard input what to read. It waits
where nobody takes what it made, and ends where nobody can, as when the process that started it was killed.
"""

import asyncio
import fcntl
import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from typing import BinaryIO
from uuid import UUID

import msgspec

from vinyl_catalog.index.entries import document_of
from vinyl_catalog.index.kinds import KINDS
from vinyl_catalog.store.unit_of_work import Store, UnitOfWork
from vinyl_chassis.absence import AWAY
from vinyl_chassis.database import Database

LENGTH_BYTES = 8
_PAGE = 1_000
_READERS = 3
_PIPE_BYTES = 1 << 20
# So few that one album's are in the processor's cache until it is a document: twice as fast as a thousand.
_AT_ONCE = 100
_FEW_COLLECTIONS = 200_000
_STATEMENT_SECONDS = 900.0


class Asked(msgspec.Struct, frozen=True):
    """`snapshot` names what a transaction sees that waits for the end of the reading."""

    database_url: str
    snapshot: str


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one that started us
    gc.freeze()
    gc.set_threshold(_FEW_COLLECTIONS)
    taker, sys.stdout = sys.stdout.buffer, sys.stderr
    if sys.platform == "linux":
        with suppress(OSError):  # of the service's own event loop it is a socket, and holds enough
            fcntl.fcntl(taker, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)
    try:
        asyncio.run(_hand_over_all(asked, taker))
    except AWAY:
        sys.exit(1)


async def _hand_over_all(asked: Asked, taker: BinaryIO) -> None:
    database = Database(asked.database_url, pool_size=_READERS, statement_timeout_seconds=_STATEMENT_SECONDS)
    async with AsyncExitStack() as ending:
        readers = [await ending.enter_async_context(Store(database).begin()) for _ in range(_READERS)]
        for reader in readers:
            await reader.unindexed.see_by(asked.snapshot)
            reader.index_names.remember_with(readers[0].index_names)
        first, *others = readers
        await asyncio.gather(_read_names(first, taker), _read_albums(others, taker))
    await database.close()
    _hand_over(b"", taker)


async def _read_names(unit: UnitOfWork, taker: BinaryIO) -> None:
    await unit.index_rows.count_all_albums()
    for kind in KINDS:
        if kind != "album":
            await _read_all(kind, kind, [unit], taker)


async def _read_albums(readers: Sequence[UnitOfWork], taker: BinaryIO) -> None:
    """The best known first, for many questions are asked of those alone: they are found as quickly then as if
    there were no others."""
    for part in ("best known album", "known album", "other album"):
        await _read_all("album", part, readers, taker)


async def _read_all(kind: str, part: str, readers: Sequence[UnitOfWork], taker: BinaryIO) -> None:
    """Postgres looks for the next while one is seen to."""
    last = UUID(int=0)
    turn = asyncio.Lock()

    async def read(unit: UnitOfWork) -> None:
        nonlocal last
        while True:
            async with turn:
                ids = await unit.index_rows.list_ids(part, last, _PAGE)
                last = ids[-1] if ids else last
            if not ids:
                return
            for at in range(0, len(ids), _AT_ONCE):
                entries = await KINDS[kind](unit, ids[at : at + _AT_ONCE])
                if entries:
                    _hand_over(b"\n".join(map(document_of, entries)), taker)

    await asyncio.gather(*map(read, readers))


def _hand_over(documents: bytes, taker: BinaryIO) -> None:
    """Nothing says that it was the last."""
    try:
        taker.write(len(documents).to_bytes(LENGTH_BYTES) + documents)
        taker.flush()
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more, and ending in order would try to flush once more


if __name__ == "__main__":
    main()

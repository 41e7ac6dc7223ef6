"""Identifiers: UUIDs of version 7, whose order is the order of their making (RFC 9562)."""

import os
import threading
import time
from typing import NewType
from uuid import UUID

UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)
CollectionItemId = NewType("CollectionItemId", UUID)
WantId = NewType("WantId", UUID)
AlbumId = NewType("AlbumId", UUID)
ReleaseId = NewType("ReleaseId", UUID)
ArtistId = NewType("ArtistId", UUID)
LabelId = NewType("LabelId", UUID)
SongId = NewType("SongId", UUID)
ImportId = NewType("ImportId", UUID)
RatingId = NewType("RatingId", UUID)
SearchId = NewType("SearchId", UUID)
RunId = NewType("RunId", UUID)
SellerId = NewType("SellerId", UUID)
ListingId = NewType("ListingId", UUID)
MediaId = NewType("MediaId", UUID)
ProductId = NewType("ProductId", UUID)
CategoryId = NewType("CategoryId", UUID)
CommentId = NewType("CommentId", UUID)

_lock = threading.Lock()
_last_tick = 0


def new_id() -> UUID:
    """A new id, greater than every one this process made before."""
    return UUID(int=_compose(_next_tick(), int.from_bytes(os.urandom(8), "big")))


def _next_tick() -> int:
    """Milliseconds and a 12-bit fraction in one number, never the same twice."""
    global _last_tick  # noqa: PLW0603 - one counter per process keeps ids in order across threads
    tick = time.time_ns() * 4096 // 1_000_000
    with _lock:
        _last_tick = tick if tick > _last_tick else _last_tick + 1
        return _last_tick


def _compose(tick: int, randomness: int) -> int:
    milliseconds, fraction = divmod(tick, 4096)
    tail = randomness & ((1 << 62) - 1)
    return (milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | tail

"""Lists by words: the index says what fits and in which order, the tables what it is."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from uuid import UUID

from vinyl_catalog.domain.lists import Place, Placed
from vinyl_catalog.index.asked import Asked
from vinyl_catalog.index.search_index import SearchIndex

ItemT = TypeVar("ItemT")
# Further than anybody reads; each page has to find again all those before it.
DEEPEST = 10_000


async def list_best(
    index: SearchIndex,
    asked: Asked,
    after: Place | None,
    limit: int,
    read: Callable[[Sequence[UUID]], Awaitable[dict[UUID, ItemT]]],
) -> list[Placed[ItemT]]:
    """What fits best first, without what the tables have no more. A place is how many were before it."""
    rows: list[Placed[ItemT]] = []
    at = after[0] if after else 0
    while asked.words and len(rows) < limit and at < DEEPEST:
        ids = [found.shown.id for found in index.list_best(asked, at, limit - len(rows))]
        if not ids:
            break
        items = await read(ids)
        rows += [Placed(items[id_], [place]) for place, id_ in enumerate(ids, at + 1) if id_ in items]
        at += len(ids)
    return rows

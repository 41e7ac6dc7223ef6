"""The kinds of records that the index holds, by the words of its queue."""

from collections.abc import Awaitable, Callable, Collection
from uuid import UUID

from vinyl_catalog.index.album_entries import read_albums
from vinyl_catalog.index.entries import Entry
from vinyl_catalog.index.name_entries import read_artists, read_labels
from vinyl_catalog.index.product_entries import read_products
from vinyl_catalog.store.unit_of_work import UnitOfWork

Read = Callable[[UnitOfWork, Collection[UUID]], Awaitable[list[Entry]]]
KINDS: dict[str, Read] = {
    "album": read_albums,
    "artist": read_artists,
    "label": read_labels,
    "product": read_products,
}

"""What the catalog service tells."""

from datetime import datetime
from typing import ClassVar

import msgspec

from vinyl_contracts.envelope import Event
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, ArtistId, ProductId, ReleaseId, UserId
from vinyl_contracts.money import Money

MOST_ALBUMS = 200
MOST_BYTES = 512 * 1024


class ReleaseState(msgspec.Struct, frozen=True):
    """A pressing of an album, as far as matching a copy for sale needs it.

    `formats` are the source's words ("Vinyl", "LP", "Album"); `barcodes` digits only, normalised.
    """

    release_id: ReleaseId
    title: str
    year: int | None
    country: str | None
    formats: list[str]
    catalog_numbers: list[str]
    barcodes: list[str]
    discogs_release_id: int | None


class AlbumIds(msgspec.Struct, frozen=True):
    """What an AlbumState is about, for who reads no more of it."""

    album_id: AlbumId
    replaces: list[AlbumId]

    def outdated(self) -> list[str]:
        return [f"album-{album_id}" for album_id in (self.album_id, *self.replaces)]


class AlbumState(msgspec.Struct, frozen=True):
    """An album as it is now; `version` rises with every change and the higher one is kept.

    `artist` is the whole credit as printed, joins included. `releases` are all of its pressings that are
    known, or, where they are too many for one event (`releases_complete` false), a part of them.
    `replaces` are albums that were merged into this one: whatever named them now names this.
    """

    album_id: AlbumId
    version: int
    title: str
    artist: str
    artist_ids: list[ArtistId]
    artist_names: list[str]
    year: int | None
    genres: list[str]
    styles: list[str]
    discogs_master_id: int | None
    releases: list[ReleaseState]
    releases_complete: bool
    replaces: list[AlbumId]

    @property
    def ids(self) -> AlbumIds:
        return AlbumIds(self.album_id, self.replaces)


class ImportedIds(msgspec.Struct, frozen=True):
    """An AlbumsImported, for who only wants to know which."""

    albums: list[AlbumIds]

    def outdated(self) -> list[str]:
        return ["albums", *(name for album in self.albums for name in album.outdated())]


class AlbumsImported(Event, frozen=True):
    """Aggregate: the batch, version 1. At most MOST_ALBUMS albums and MOST_BYTES bytes."""

    service: ClassVar[str] = "catalog"
    name: ClassVar[str] = "albums_imported"

    albums: list[AlbumState]

    def outdated(self) -> list[str]:
        return ImportedIds([album.ids for album in self.albums]).outdated()


class AlbumChanged(Event, frozen=True):
    """A curator changed, made or restored the album. Aggregate: the album.

    `is_parted` where it had been merged into another by mistake: its id means itself again.
    """

    service: ClassVar[str] = "catalog"
    name: ClassVar[str] = "album_changed"

    album: AlbumState
    is_parted: bool = False

    def outdated(self) -> list[str]:
        return ["albums", *self.album.ids.outdated()]


class AlbumWithdrawn(Event, frozen=True):
    """The album is gone, until an event with a higher version says otherwise. Aggregate: the album."""

    service: ClassVar[str] = "catalog"
    name: ClassVar[str] = "album_withdrawn"

    album_id: AlbumId

    def outdated(self) -> list[str]:
        return ["albums", f"album-{self.album_id}"]


class AnswersOutdated(Event, frozen=True):
    """A curator changed what no other event tells of, such as an artist or a category. Aggregate: the change,
    version 1. `names` are those of answers that show something else since."""

    service: ClassVar[str] = "catalog"
    name: ClassVar[str] = "answers_outdated"

    names: list[str]

    def outdated(self) -> list[str]:
        return self.names


class ProductChanged(Event, frozen=True):
    """A product that everybody may see: published, or edited since. Aggregate: the product.

    With a `price` it is for sale. The conditions are those of the owned copy that it shows, None where it
    shows none.
    """

    service: ClassVar[str] = "catalog"
    name: ClassVar[str] = "product_changed"

    product_id: ProductId
    owner_id: UserId
    title: str
    album_id: AlbumId | None
    release_id: ReleaseId | None
    category: str | None
    tags: list[str]
    price: Money | None
    media_condition: Grade | None
    sleeve_condition: Grade | None
    published_at: datetime


class ProductWithdrawn(Event, frozen=True):
    """The product was archived, taken back or deleted, until a higher version says otherwise."""

    service: ClassVar[str] = "catalog"
    name: ClassVar[str] = "product_withdrawn"

    product_id: ProductId
    owner_id: UserId

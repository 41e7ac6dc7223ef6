"""/collection"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from vinyl_chassis.identity import Listener
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import ExpectedVersion, created, versioned
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, CollectionItemId, ReleaseId
from vinyl_contracts.money import Money
from vinyl_user.api.albums import AlbumSummaryView
from vinyl_user.domain.collection import CollectionFilter, CopyEdit, OwnedCopy
from vinyl_user.service.collection import CollectionService

_Words = Annotated[str | None, QueryParameter(min_length=1, max_length=200)]
_Year = Annotated[int | None, QueryParameter(ge=1, le=9999)]


class CollectionItemView(msgspec.Struct, frozen=True):
    id: CollectionItemId
    album_id: AlbumId
    release_id: ReleaseId | None
    album: AlbumSummaryView
    media_condition: Grade | None
    sleeve_condition: Grade | None
    notes: str | None
    purchase_price: Money | None
    acquired_on: date | None
    storage_place: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, owned: OwnedCopy) -> "CollectionItemView":
        item = owned.item
        return cls(
            item.id,
            item.album_id,
            item.release_id,
            AlbumSummaryView.of(owned.album),
            item.media_condition,
            item.sleeve_condition,
            item.notes,
            item.purchase_price,
            item.acquired_on,
            item.storage_place,
            item.created_at,
            item.updated_at,
        )


class CollectionController(Controller):
    path = "/collection"
    tags = ("collection",)

    @get(summary="Copies you own, the newest first")
    async def list_collection(
        self,
        collection: NamedDependency[CollectionService],
        listener: NamedDependency[Listener],
        cursors: NamedDependency[Cursors],
        album_id: FromQuery[UUID | None] = None,
        artist: _Words = None,
        genre: _Words = None,
        year: _Year = None,
        condition: FromQuery[Grade | None] = None,
        text: _Words = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[CollectionItemView]:
        album = AlbumId(album_id) if album_id else None
        wanted = CollectionFilter(album, artist, genre, year, condition, text)
        scope = ("collection", listener.id, wanted)
        place = cursors.read(cursor, tuple[CollectionItemId], *scope)
        found = await collection.list_copies(listener, wanted, place[0] if place else None, limit + 1)
        return cursors.page(found, limit, CollectionItemView.of, lambda owned: [owned.item.id], *scope)

    @post(summary="Add a copy that you own")
    async def add_collection_item(
        self,
        collection: NamedDependency[CollectionService],
        listener: NamedDependency[Listener],
        data: JSONBody[CopyEdit],
    ) -> Response[CollectionItemView]:
        return own(await collection.add_copy(listener, data))

    @get("/{collection_item_id:str}", summary="One copy that you own")
    async def read_collection_item(
        self,
        collection: NamedDependency[CollectionService],
        listener: NamedDependency[Listener],
        collection_item_id: FromPath[UUID],
    ) -> Response[CollectionItemView]:
        owned = await collection.read_copy(listener, CollectionItemId(collection_item_id))
        return versioned(CollectionItemView.of(owned), owned.version)

    @patch("/{collection_item_id:str}", summary="Edit a copy that you own")
    async def edit_collection_item(
        self,
        collection: NamedDependency[CollectionService],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        collection_item_id: FromPath[UUID],
        data: JSONBody[CopyEdit],
    ) -> Response[CollectionItemView]:
        owned = await collection.edit_copy(listener, CollectionItemId(collection_item_id), data, expected)
        return versioned(CollectionItemView.of(owned), owned.version)

    @delete("/{collection_item_id:str}", summary="Take a copy out of your collection")
    async def remove_collection_item(
        self,
        collection: NamedDependency[CollectionService],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        collection_item_id: FromPath[UUID],
    ) -> None:
        await collection.remove_copy(listener, CollectionItemId(collection_item_id), expected)


def own(owned: OwnedCopy) -> Response[CollectionItemView]:
    """201 with a copy that is new in the collection."""
    return created(CollectionItemView.of(owned), owned.version, f"/api/v1/collection/{owned.item.id}")

"""/wants"""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from vinyl_chassis.identity import Listener
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import ExpectedVersion, created, versioned
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, ReleaseId, WantId
from vinyl_contracts.money import Money
from vinyl_user.api.albums import AlbumSummaryView
from vinyl_user.api.collection import CollectionItemView, own
from vinyl_user.domain.collection import CopyDescription
from vinyl_user.domain.wants import WantedAlbum, WantEdit
from vinyl_user.service.wants import WantService

_UNDESCRIBED = CopyDescription()


class WantView(msgspec.Struct, frozen=True):
    id: WantId
    album_id: AlbumId
    release_id: ReleaseId | None
    album: AlbumSummaryView
    max_price: Money | None
    min_media_condition: Grade | None
    formats: list[str]
    notes: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, wanted: WantedAlbum) -> "WantView":
        want = wanted.want
        return cls(
            want.id,
            want.album_id,
            want.release_id,
            AlbumSummaryView.of(wanted.album),
            want.max_price,
            want.min_media_condition,
            want.formats,
            want.notes,
            want.created_at,
            want.updated_at,
        )


class WantController(Controller):
    path = "/wants"
    tags = ("wants",)

    @get(summary="Copies you look for, the newest first")
    async def list_wants(
        self,
        wants: NamedDependency[WantService],
        listener: NamedDependency[Listener],
        cursors: NamedDependency[Cursors],
        album_id: FromQuery[UUID | None] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[WantView]:
        album = AlbumId(album_id) if album_id else None
        scope = ("wants", listener.id, album)
        place = cursors.read(cursor, tuple[WantId], *scope)
        found = await wants.list_wants(listener, album, place[0] if place else None, limit + 1)
        return cursors.page(found, limit, WantView.of, lambda wanted: [wanted.want.id], *scope)

    @post(summary="Want an album or one release of it")
    async def add_want(
        self,
        wants: NamedDependency[WantService],
        listener: NamedDependency[Listener],
        data: JSONBody[WantEdit],
    ) -> Response[WantView]:
        wanted = await wants.add_want(listener, data)
        return created(WantView.of(wanted), wanted.version, f"/api/v1/wants/{wanted.want.id}")

    @get("/{want_id:str}", summary="One of your wants")
    async def read_want(
        self,
        wants: NamedDependency[WantService],
        listener: NamedDependency[Listener],
        want_id: FromPath[UUID],
    ) -> Response[WantView]:
        wanted = await wants.read_want(listener, WantId(want_id))
        return versioned(WantView.of(wanted), wanted.version)

    @patch("/{want_id:str}", summary="Edit one of your wants")
    async def edit_want(
        self,
        wants: NamedDependency[WantService],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        want_id: FromPath[UUID],
        data: JSONBody[WantEdit],
    ) -> Response[WantView]:
        wanted = await wants.edit_want(listener, WantId(want_id), data, expected)
        return versioned(WantView.of(wanted), wanted.version)

    @delete("/{want_id:str}", summary="Want it no more")
    async def remove_want(
        self,
        wants: NamedDependency[WantService],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        want_id: FromPath[UUID],
    ) -> None:
        await wants.remove_want(listener, WantId(want_id), expected)

    @post("/{want_id:str}/acquire", summary="It is yours now: move the want to your collection")
    async def acquire_want(
        self,
        wants: NamedDependency[WantService],
        listener: NamedDependency[Listener],
        want_id: FromPath[UUID],
        data: JSONBody[CopyDescription | None] = None,
    ) -> Response[CollectionItemView]:
        return own(await wants.acquire_copy(listener, WantId(want_id), data or _UNDESCRIBED))

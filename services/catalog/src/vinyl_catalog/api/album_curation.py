"""/albums, as curators change them"""

from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from vinyl_catalog.api.albums import PATH
from vinyl_catalog.api.shown import editor_of, made, shown_record
from vinyl_catalog.domain.albums import Album
from vinyl_catalog.domain.drafts import AlbumChanges, AlbumDraft, Comment
from vinyl_catalog.domain.revisions import Revision, SourceRecord, Subject
from vinyl_catalog.service.album_curation import AlbumCuration
from vinyl_catalog.service.curating import HistoryService
from vinyl_chassis.identity import Listener, requires
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.claims import Role


class Merge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    into: UUID
    comment: Comment | None = None


class AlbumCurationController(Controller):
    path = "/albums"
    tags = ("curation",)
    guards = (requires(Role.CURATOR),)

    @post(summary="Add an album that no source has")
    async def add_album(
        self,
        album_curation: NamedDependency[AlbumCuration],
        listener: NamedDependency[Listener],
        data: JSONBody[AlbumDraft],
    ) -> Response[Album]:
        album = await album_curation.add_album(editor_of(listener), data)
        return made(album, f"{PATH}/{album.item.id}")

    @put("/{album_id:str}", summary="Say of an album how it is, whole; needs If-Match")
    async def replace_album(
        self,
        album_curation: NamedDependency[AlbumCuration],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        album_id: FromPath[UUID],
        data: JSONBody[AlbumDraft],
    ) -> Response[Album]:
        return shown_record(
            await album_curation.change_album(editor_of(listener), album_id, expected, data.changes)
        )

    @patch("/{album_id:str}", summary="Change some of an album; needs If-Match")
    async def change_album(
        self,
        album_curation: NamedDependency[AlbumCuration],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        album_id: FromPath[UUID],
        data: JSONBody[AlbumChanges],
    ) -> Response[Album]:
        return shown_record(await album_curation.change_album(editor_of(listener), album_id, expected, data))

    @delete("/{album_id:str}", summary="Withdraw an album; needs If-Match, and can be undone")
    async def withdraw_album(
        self,
        album_curation: NamedDependency[AlbumCuration],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        album_id: FromPath[UUID],
    ) -> None:
        await album_curation.withdraw_album(editor_of(listener), album_id, expected)

    @post(
        "/{album_id:str}/merge", status_code=200, summary="Merge an album into another, which is the answer"
    )
    async def merge_album(
        self,
        album_curation: NamedDependency[AlbumCuration],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        album_id: FromPath[UUID],
        data: JSONBody[Merge],
    ) -> Response[Album]:
        return shown_record(
            await album_curation.merge_album(editor_of(listener), album_id, data.into, expected, data.comment)
        )

    @get("/{album_id:str}/revisions", summary="What curators did with an album, the newest first")
    async def list_album_revisions(
        self,
        history: NamedDependency[HistoryService],
        cursors: NamedDependency[Cursors],
        album_id: FromPath[UUID],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[Revision]:
        place = cursors.read(cursor, tuple[int], "album revisions", album_id)
        before = place[0] if place else None
        found = await history.list_revisions(Subject.ALBUM, album_id, before, limit + 1)
        return cursors.page(
            found, limit, lambda each: each, lambda each: [each.number], "album revisions", album_id
        )

    @post("/{album_id:str}/revisions/{number:int}/undo", status_code=200, summary="Take a revision back")
    async def undo_album_revision(
        self,
        album_curation: NamedDependency[AlbumCuration],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        album_id: FromPath[UUID],
        number: FromPath[int],
    ) -> Response[Album]:
        return shown_record(
            await album_curation.undo_album_revision(editor_of(listener), album_id, number, expected)
        )

    @get("/{album_id:str}/sources", summary="What each source says of an album, word for word")
    async def list_album_sources(
        self, history: NamedDependency[HistoryService], album_id: FromPath[UUID]
    ) -> Page[SourceRecord]:
        return Page(await history.list_sources(Subject.ALBUM, album_id), None)

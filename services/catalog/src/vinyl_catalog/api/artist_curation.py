"""/artists, as curators change them"""

from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from vinyl_catalog.api.album_curation import Merge
from vinyl_catalog.api.artists import PATH
from vinyl_catalog.api.shown import editor_of, made, shown_record
from vinyl_catalog.domain.artists import Artist
from vinyl_catalog.domain.drafts import ArtistChanges, ArtistDraft
from vinyl_catalog.domain.revisions import Revision, SourceRecord, Subject
from vinyl_catalog.service.artist_curation import ArtistCuration
from vinyl_catalog.service.curating import HistoryService
from vinyl_chassis.identity import Listener, requires
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.claims import Role


class ArtistCurationController(Controller):
    path = "/artists"
    tags = ("curation",)
    guards = (requires(Role.CURATOR),)

    @post(summary="Add an artist that no source has")
    async def add_artist(
        self,
        artist_curation: NamedDependency[ArtistCuration],
        listener: NamedDependency[Listener],
        data: JSONBody[ArtistDraft],
    ) -> Response[Artist]:
        artist = await artist_curation.add_artist(editor_of(listener), data)
        return made(artist, f"{PATH}/{artist.item.id}")

    @put("/{artist_id:str}", summary="Say of an artist how it is, whole; needs If-Match")
    async def replace_artist(
        self,
        artist_curation: NamedDependency[ArtistCuration],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        artist_id: FromPath[UUID],
        data: JSONBody[ArtistDraft],
    ) -> Response[Artist]:
        return shown_record(
            await artist_curation.change_artist(editor_of(listener), artist_id, expected, data.changes)
        )

    @patch("/{artist_id:str}", summary="Change some of an artist; needs If-Match")
    async def change_artist(
        self,
        artist_curation: NamedDependency[ArtistCuration],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        artist_id: FromPath[UUID],
        data: JSONBody[ArtistChanges],
    ) -> Response[Artist]:
        return shown_record(
            await artist_curation.change_artist(editor_of(listener), artist_id, expected, data)
        )

    @delete("/{artist_id:str}", summary="Withdraw an artist; needs If-Match, and can be undone")
    async def withdraw_artist(
        self,
        artist_curation: NamedDependency[ArtistCuration],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        artist_id: FromPath[UUID],
    ) -> None:
        await artist_curation.withdraw_artist(editor_of(listener), artist_id, expected)

    @post(
        "/{artist_id:str}/merge", status_code=200, summary="Merge an artist into another, which is the answer"
    )
    async def merge_artist(
        self,
        artist_curation: NamedDependency[ArtistCuration],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        artist_id: FromPath[UUID],
        data: JSONBody[Merge],
    ) -> Response[Artist]:
        return shown_record(
            await artist_curation.merge_artist(
                editor_of(listener), artist_id, data.into, expected, data.comment
            )
        )

    @get("/{artist_id:str}/revisions", summary="What curators did with an artist, the newest first")
    async def list_artist_revisions(
        self,
        history: NamedDependency[HistoryService],
        cursors: NamedDependency[Cursors],
        artist_id: FromPath[UUID],
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Page[Revision]:
        place = cursors.read(cursor, tuple[int], "artist revisions", artist_id)
        before = place[0] if place else None
        found = await history.list_revisions(Subject.ARTIST, artist_id, before, limit + 1)
        return cursors.page(
            found, limit, lambda each: each, lambda each: [each.number], "artist revisions", artist_id
        )

    @post("/{artist_id:str}/revisions/{number:int}/undo", status_code=200, summary="Take a revision back")
    async def undo_artist_revision(
        self,
        artist_curation: NamedDependency[ArtistCuration],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        artist_id: FromPath[UUID],
        number: FromPath[int],
    ) -> Response[Artist]:
        return shown_record(
            await artist_curation.undo_artist_revision(editor_of(listener), artist_id, number, expected)
        )

    @get("/{artist_id:str}/sources", summary="What each source says of an artist, word for word")
    async def list_artist_sources(
        self, history: NamedDependency[HistoryService], artist_id: FromPath[UUID]
    ) -> Page[SourceRecord]:
        return Page(await history.list_sources(Subject.ARTIST, artist_id), None)

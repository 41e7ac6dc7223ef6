"""/songs, as curators change them"""

from uuid import UUID

from litestar import Controller, Response, delete, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from vinyl_catalog.api.shown import editor_of, made, shown_record
from vinyl_catalog.domain.drafts import SongChanges, SongDraft
from vinyl_catalog.domain.songs import Song
from vinyl_catalog.service.song_curation import SongCuration
from vinyl_chassis.identity import Listener, requires
from vinyl_chassis.versions import ExpectedVersion
from vinyl_contracts.claims import Role


class SongCurationController(Controller):
    path = "/songs"
    tags = ("curation",)
    guards = (requires(Role.CURATOR),)

    @post(summary="Add a song at the end of an album")
    async def add_song(
        self,
        song_curation: NamedDependency[SongCuration],
        listener: NamedDependency[Listener],
        data: JSONBody[SongDraft],
    ) -> Response[Song]:
        song = await song_curation.add_song(editor_of(listener), data)
        return made(song, f"/api/v1/songs/{song.item.id}")

    @put("/{song_id:str}", summary="Say of a song how it is, whole; needs If-Match")
    async def replace_song(
        self,
        song_curation: NamedDependency[SongCuration],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        song_id: FromPath[UUID],
        data: JSONBody[SongDraft],
    ) -> Response[Song]:
        return shown_record(await song_curation.replace_song(editor_of(listener), song_id, expected, data))

    @patch("/{song_id:str}", summary="Change some of a song; needs If-Match")
    async def change_song(
        self,
        song_curation: NamedDependency[SongCuration],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        song_id: FromPath[UUID],
        data: JSONBody[SongChanges],
    ) -> Response[Song]:
        return shown_record(await song_curation.change_song(editor_of(listener), song_id, expected, data))

    @delete("/{song_id:str}", summary="Take a song off its album; needs If-Match")
    async def remove_song(
        self,
        song_curation: NamedDependency[SongCuration],
        listener: NamedDependency[Listener],
        expected: NamedDependency[ExpectedVersion],
        song_id: FromPath[UUID],
    ) -> None:
        await song_curation.remove_song(editor_of(listener), song_id, expected)

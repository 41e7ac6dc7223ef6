"""/songs"""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from vinyl_catalog.api.albums import Word
from vinyl_catalog.api.shown import found_by, item_of, keyed_by, place_of, shown_record
from vinyl_catalog.domain.songs import Song
from vinyl_catalog.service.songs import SongService
from vinyl_chassis.paging import Cursor, Cursors, Limit, Page
from vinyl_chassis.versions import may_be_kept


class SongController(Controller):
    path = "/songs"
    tags = ("songs",)

    @get(
        summary="Songs; an album's in the order of its tracks, with `q` the best fit first",
        response_headers=may_be_kept("albums"),
    )
    async def list_songs(
        self,
        songs: NamedDependency[SongService],
        cursors: NamedDependency[Cursors],
        album_id: FromQuery[UUID | None] = None,
        q: Word = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> Response[Page[Song]]:
        after = cursors.read(cursor, keyed_by(q, tuple[UUID, int]), "songs", album_id, q)
        found = await songs.list_songs(album_id, q, after, limit + 1)
        return found_by(q, cursors.page(found, limit, item_of, place_of, "songs", album_id, q))

    @get("/{song_id:str}", summary="One song")
    async def read_song(self, songs: NamedDependency[SongService], song_id: FromPath[UUID]) -> Response[Song]:
        song = await songs.read_song(song_id)
        return shown_record(song, f"album-{song.item.album_id}")

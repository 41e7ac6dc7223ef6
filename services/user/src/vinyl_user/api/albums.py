"""The album beside what names it, so that a list can be shown without asking for each."""

import msgspec

from vinyl_contracts.ids import AlbumId
from vinyl_user.domain.pressings import KnownAlbum


class AlbumSummaryView(msgspec.Struct, frozen=True):
    """`artist` is the whole credit as printed."""

    id: AlbumId
    title: str
    artist: str
    year: int | None
    genres: list[str]

    @classmethod
    def of(cls, album: KnownAlbum) -> "AlbumSummaryView":
        return cls(album.album_id, album.title, album.artist, album.year, album.genres)

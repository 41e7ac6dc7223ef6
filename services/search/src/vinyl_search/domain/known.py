"""What other services told, as far as it is needed here."""

import msgspec

from vinyl_contracts.ids import AlbumId, ReleaseId, UserId


class AlbumText(msgspec.Struct, frozen=True):
    """An album as it is written."""

    album_id: AlbumId
    artist: str
    title: str
    year: int | None = None
    catalog_numbers: tuple[str, ...] = ()


class KnownAlbum(msgspec.Struct, frozen=True):
    """`match_key` is equal for two spellings of one album, and empty where that cannot be said."""

    album_id: AlbumId
    version: int
    artist: str
    title: str
    year: int | None
    match_key: str


class KnownRelease(msgspec.Struct, frozen=True):
    """A pressing; `version` is its album's."""

    release_id: ReleaseId
    album_id: AlbumId
    version: int
    discogs_release_id: int | None
    catalog_numbers: tuple[str, ...]


class KnownListener(msgspec.Struct, frozen=True):
    """Where the listener lives and what they reckon in, as their profile says."""

    user_id: UserId
    version: int
    username: str
    country: str | None
    currency: str | None

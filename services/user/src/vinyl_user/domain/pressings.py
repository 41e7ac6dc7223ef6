"""Which album and which pressing of it a copy or a want is about."""

import msgspec
from msgspec import UNSET, UnsetType

from vinyl_contracts.errors import Invalid
from vinyl_contracts.ids import AlbumId, ReleaseId
from vinyl_user.domain.refusals import AlbumNotFound, ReleaseNotFound, ReleaseOfAnotherAlbum


class Pressing(msgspec.Struct, frozen=True):
    """An album, and the release of it where one is named."""

    album_id: AlbumId
    release_id: ReleaseId | None


class NamedPressing(msgspec.Struct, frozen=True):
    """What a listener named: the album, the release, or both."""

    album_id: AlbumId | None
    release_id: ReleaseId | None


class KnownAlbum(msgspec.Struct, frozen=True, kw_only=True):
    """What the catalogue told of an album; where not `releases_complete`, it has more releases."""

    album_id: AlbumId
    version: int
    title: str
    artist: str
    year: int | None
    genres: list[str]
    releases_complete: bool


def named_first(
    album_id: AlbumId | UnsetType | None, release_id: ReleaseId | UnsetType | None
) -> NamedPressing:
    """What a new copy or want names. Raises Invalid where it names nothing."""
    named = NamedPressing(album_id or None, release_id or None)
    if named.album_id is None and named.release_id is None:
        raise Invalid.field("album_id", "name an album or a release")
    return named


def named_next(
    present: Pressing, album_id: AlbumId | UnsetType | None, release_id: ReleaseId | UnsetType | None
) -> NamedPressing:
    """What an edit makes of the present pressing: a newly named release brings its own album with it."""
    release = present.release_id if release_id is UNSET else release_id
    kept = None if release_id else present.album_id
    return named_first(kept if album_id is UNSET else album_id, release)


def settle(named: NamedPressing, album: KnownAlbum | None, album_of_release: AlbumId | None) -> KnownAlbum:
    """The album that was named, given what is known of it and of the release.

    Raises AlbumNotFound, ReleaseNotFound, or ReleaseOfAnotherAlbum where the two contradict each other.
    """
    if album is None:
        raise ReleaseNotFound if named.album_id is None else AlbumNotFound
    if named.release_id is not None and album_of_release != album.album_id:
        if album_of_release is not None:
            raise ReleaseOfAnotherAlbum
        if album.releases_complete:
            raise ReleaseNotFound
    return album

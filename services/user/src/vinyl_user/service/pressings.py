"""Finding the album that somebody named."""

from vinyl_user.domain.pressings import KnownAlbum, NamedPressing, settle
from vinyl_user.store.unit_of_work import UnitOfWork


async def hold_album(unit: UnitOfWork, named: NamedPressing) -> KnownAlbum:
    """The named album, which is not merged into another before the unit ends.

    Take it before you lock what names it: a merge locks in this order too. Raises AlbumNotFound,
    ReleaseNotFound and ReleaseOfAnotherAlbum.
    """
    album_of_release = (
        await unit.known_albums.find_album_of(named.release_id) if named.release_id is not None else None
    )
    album_id = named.album_id or album_of_release
    album = await unit.known_albums.hold(album_id) if album_id is not None else None
    return settle(named, album, album_of_release)

from uuid import UUID

import pytest
from msgspec import UNSET

from vinyl_contracts.errors import Invalid
from vinyl_contracts.ids import AlbumId, ReleaseId, new_id
from vinyl_user.domain.pressings import (
    KnownAlbum,
    NamedPressing,
    Pressing,
    named_first,
    named_next,
    settle,
)
from vinyl_user.domain.refusals import AlbumNotFound, ReleaseNotFound, ReleaseOfAnotherAlbum

ALBUM, OTHER = AlbumId(new_id()), AlbumId(new_id())
RELEASE, SECOND = ReleaseId(new_id()), ReleaseId(new_id())


def known(album_id: UUID = ALBUM, *, complete: bool = True) -> KnownAlbum:
    return KnownAlbum(
        album_id=AlbumId(album_id),
        version=1,
        title="Blue Train",
        artist="John Coltrane",
        year=1957,
        genres=["Jazz"],
        releases_complete=complete,
    )


@pytest.mark.parametrize(("album", "release"), [(None, None), (UNSET, UNSET), (None, UNSET)])
def test_naming_nothing_is_refused(album: None, release: None) -> None:
    with pytest.raises(Invalid, match="name an album or a release"):
        named_first(album, release)


def test_a_release_brings_its_album() -> None:
    assert settle(NamedPressing(None, RELEASE), known(), ALBUM) == known()


def test_an_album_alone_has_no_release() -> None:
    assert settle(NamedPressing(ALBUM, None), known(), None) == known()


def test_a_merged_album_becomes_its_survivor() -> None:
    assert settle(NamedPressing(OTHER, None), known(ALBUM), None).album_id == ALBUM


def test_unknown_albums_and_releases_are_not_found() -> None:
    with pytest.raises(AlbumNotFound):
        settle(NamedPressing(ALBUM, None), None, None)
    with pytest.raises(AlbumNotFound):
        settle(NamedPressing(ALBUM, RELEASE), None, OTHER)
    with pytest.raises(ReleaseNotFound):
        settle(NamedPressing(None, RELEASE), None, None)
    with pytest.raises(ReleaseNotFound):
        settle(NamedPressing(ALBUM, RELEASE), known(), None)


def test_a_release_of_another_album_is_refused() -> None:
    with pytest.raises(ReleaseOfAnotherAlbum) as refused:
        settle(NamedPressing(ALBUM, RELEASE), known(), OTHER)
    assert [error.field for error in refused.value.errors] == ["release_id"]


def test_an_album_with_more_releases_than_were_told_may_have_this_one() -> None:
    assert settle(NamedPressing(ALBUM, RELEASE), known(complete=False), None).album_id == ALBUM


def test_edits_keep_what_they_do_not_name() -> None:
    present = Pressing(ALBUM, RELEASE)
    assert named_next(present, UNSET, UNSET) == NamedPressing(ALBUM, RELEASE)
    assert named_next(present, UNSET, None) == NamedPressing(ALBUM, None)
    assert named_next(present, UNSET, SECOND) == NamedPressing(None, SECOND)
    assert named_next(present, OTHER, UNSET) == NamedPressing(OTHER, RELEASE)
    assert named_next(present, None, UNSET) == NamedPressing(None, RELEASE)
    with pytest.raises(Invalid):
        named_next(present, None, None)

import pytest

from vinyl_contracts.ids import AlbumId, ReleaseId, WantId, new_id
from vinyl_search.domain.formats import format_words, medium_of
from vinyl_search.domain.listing import FoundListing, Match, Medium
from vinyl_search.domain.money import Amount
from vinyl_search.domain.provider import Provider
from vinyl_search.domain.wishes import Want, Wishes

ALBUM, OTHER_ALBUM = AlbumId(new_id()), AlbumId(new_id())
PRESSING, OTHER_PRESSING = ReleaseId(new_id()), ReleaseId(new_id())


def copy(formats: str = "LP, Album") -> FoundListing:
    words = format_words(formats)
    return FoundListing(
        provider=Provider.DISCOGS,
        provider_listing_id="1",
        title="x",
        artist=None,
        album_title=None,
        format_words=words,
        medium=medium_of(words),
        media_condition=None,
        sleeve_condition=None,
        price=Amount(1000, "EUR"),
        stated_postage=None,
        ships_from=None,
        url="",
    )


def want(release_id: ReleaseId | None = None, formats: tuple[str, ...] = ()) -> Want:
    return Want(WantId(new_id()), ALBUM, release_id, None, None, formats)


def test_any_pressing_of_a_wanted_album_is_wanted() -> None:
    wishes = Wishes([want()])
    assert wishes.wants_for(Match.of_pressing(PRESSING, ALBUM), copy())
    assert wishes.wants_for(Match.of_names(ALBUM), copy())
    assert not wishes.wants_for(Match.of_pressing(PRESSING, OTHER_ALBUM), copy())
    assert not wishes.wants_for(Match(), copy())


def test_a_wanted_pressing_is_no_other_pressing() -> None:
    wishes = Wishes([want(PRESSING)])
    assert wishes.wants_for(Match.of_pressing(PRESSING, ALBUM), copy())
    assert not wishes.wants_for(Match.of_pressing(OTHER_PRESSING, ALBUM), copy())
    assert not wishes.wants_for(Match.of_names(ALBUM), copy())


def test_a_want_means_a_record_unless_it_names_formats() -> None:
    of_album = Match.of_pressing(PRESSING, ALBUM)
    assert not Wishes([want()]).wants_for(of_album, copy("CD, Album"))
    assert Wishes([want()]).wants_for(of_album, copy(""))
    assert Wishes([want(formats=("cd",))]).wants_for(of_album, copy("CD, Album"))
    assert not Wishes([want(formats=('7"',))]).wants_for(of_album, copy("LP, Album"))
    assert Wishes([want(formats=("Vinyl",))]).wants_for(of_album, copy("LP, Album"))
    assert Wishes([want(PRESSING)]).wants_for(of_album, copy("CD, Album"))


def test_owning_is_by_album_or_pressing() -> None:
    wishes = Wishes([], frozenset({ALBUM}), frozenset({OTHER_PRESSING}))
    assert wishes.owns(Match.of_pressing(PRESSING, ALBUM))
    assert wishes.owns(Match.of_pressing(OTHER_PRESSING, OTHER_ALBUM))
    assert not wishes.owns(Match.of_pressing(PRESSING, OTHER_ALBUM))
    assert not wishes.owns(Match())


@pytest.mark.parametrize(
    ("text", "medium"),
    [
        ("LP, Album", Medium.VINYL),
        ("2xLP, Album, RE", Medium.VINYL),
        ('12"', Medium.VINYL),
        ('7", Single', Medium.VINYL),
        ("Box, Ltd + 4xLP, Album, Sil + 3xCD, Album", Medium.VINYL),
        ("CD, Maxi", Medium.DISC),
        ("2xCD, Album", Medium.DISC),
        ("Cass, Album", Medium.TAPE),
        ("DVD, PAL", Medium.OTHER),
        ("Box, Comp", Medium.UNKNOWN),
        ("", Medium.UNKNOWN),
    ],
)
def test_the_medium_of_a_format(text: str, medium: Medium) -> None:
    assert medium_of(format_words(text)) is medium

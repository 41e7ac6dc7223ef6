import msgspec
import pytest

from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, ReleaseId, WantId, new_id
from vinyl_search.domain.listing import FoundListing, Match, Medium
from vinyl_search.domain.money import Amount
from vinyl_search.domain.provider import Provider
from vinyl_search.domain.saved_search import Criteria
from vinyl_search.domain.wishes import Want, Wishes
from vinyl_search.matching.criteria import answered_wants, asks_for

ALBUM = AlbumId(new_id())
MATCH = Match.of_pressing(ReleaseId(new_id()), ALBUM)
COPY = FoundListing(
    provider=Provider.DISCOGS,
    provider_listing_id="1",
    title="Björk - Début (LP)",
    artist="Björk",
    album_title="Début",
    format_words=("LP",),
    medium=Medium.VINYL,
    media_condition=Grade.VERY_GOOD_PLUS,
    sleeve_condition=None,
    price=Amount(1000, "EUR"),
    stated_postage=None,
    ships_from="DE",
    url="",
)


@pytest.mark.parametrize(
    ("criteria", "asked"),
    [
        (Criteria(), True),
        (Criteria(query="bjork lp"), True),
        (Criteria(query="bjork cd"), False),
        (Criteria(album_ids=(ALBUM,)), True),
        (Criteria(album_ids=(AlbumId(new_id()),)), False),
        (Criteria(providers=(Provider.EBAY,)), False),
        (Criteria(min_media_condition=Grade.VERY_GOOD_PLUS), True),
        (Criteria(min_media_condition=Grade.NEAR_MINT), False),
        (Criteria(min_sleeve_condition=Grade.POOR), False),
        (Criteria(seller_countries=("DE", "FR")), True),
        (Criteria(seller_countries=("US",)), False),
        (Criteria(query="bjork", seller_countries=("US",)), False),
    ],
)
def test_all_that_is_given_has_to_hold(criteria: Criteria, asked: bool) -> None:
    assert asks_for(criteria, COPY, MATCH) is asked


def test_a_copy_from_nowhere_is_in_no_country() -> None:
    nowhere = msgspec.structs.replace(COPY, ships_from=None)
    assert not asks_for(Criteria(seller_countries=("DE",)), nowhere, MATCH)


def test_a_want_may_ask_for_a_better_grade() -> None:
    picky = Want(WantId(new_id()), ALBUM, None, None, Grade.NEAR_MINT, ())
    content = Want(WantId(new_id()), ALBUM, None, None, Grade.VERY_GOOD, ())
    assert answered_wants(Wishes([picky, content]), COPY, MATCH) == [content]

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinyl_contracts.ids import AlbumId, new_id
from vinyl_search.domain.known import AlbumText
from vinyl_search.matching.titles import match_title, objection

ALBUM = AlbumText(AlbumId(new_id()), "The Velvet Lantern", "Harbour Songs", 1971, ("TIN-4401",))


@pytest.mark.parametrize(
    ("title", "least"),
    [
        ("Velvet Lantern - Harbour Songs LP 1971 TIN 4401 VG+", 0.95),
        ("THE VELVET LANTERN Harbour Songs vinyl record", 0.75),
        ("Velvet Lantern: Harbour Songs", 0.6),
        ('Harbour Songs by Velvet Lantern 12" first pressing', 0.75),
    ],
)
def test_a_copy_is_found_by_its_title(title: str, least: float) -> None:
    match = match_title(title, ALBUM)
    assert match is not None
    assert match.album_id == ALBUM.album_id
    assert match.release_id is None
    assert least <= match.confidence < 1
    assert match.reasons


@pytest.mark.parametrize(
    "title",
    [
        "Velvet Lantern Harbour Songs CD",
        "Velvet Lantern Harbour Songs cassette tape",
        "Velvet Lantern Harbour Songs LP cover only",
        "Velvet Lantern Harbour Songs LP - NO VINYL sleeve",
        "Velvet Lantern Harbour Songs poster 24x36",
        "Lot of 5 LPs Velvet Lantern Harbour Songs",
        "Tribute to Velvet Lantern Harbour Songs LP",
        "Velvet Lantern Greatest Hits LP",
        "Harbour Songs LP various artists",
        "",
    ],
)
def test_what_is_no_copy_is_not_taken_for_one(title: str) -> None:
    assert match_title(title, ALBUM) is None


def test_an_albums_own_words_are_no_objection() -> None:
    album = AlbumText(AlbumId(new_id()), "The Tape Decks", "Book of Stickers")
    assert match_title("Tape Decks - Book Of Stickers LP", album) is not None
    assert objection("Tape Decks - Book Of Stickers LP cover only", album) == "only a part"


def test_a_self_titled_album_needs_more_than_its_name() -> None:
    album = AlbumText(AlbumId(new_id()), "Velvet Lantern", "Velvet Lantern", 1969, ("TIN-4400",))
    assert match_title("Velvet Lantern live in Oslo LP", album) is None
    assert match_title("Velvet Lantern LP 1969 TIN 4400", album) is not None


@given(st.text(max_size=300))
def test_no_title_breaks_it(title: str) -> None:
    match = match_title(title, ALBUM)
    assert match is None or 0.6 <= match.confidence <= 1

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinyl_search.matching.words import album_key, artist_words, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Björk", "Début"), ("BJORK", "Debut")),
        (("The Beatles", "Help!"), ("Beatles", "Help")),
        (("Beatles, The", "Help!"), ("The Beatles", "HELP")),
        (("Nirvana (2)", "All Of Us"), ("Nirvana", "All of us")),
        (("Simon & Garfunkel", "Bookends"), ("Simon And Garfunkel", "Bookends")),
        (("Guns N' Roses", "Lies"), ("Guns N’ Roses", "Lies")),
        (("D'Angelo", "Voodoo"), ("D’Angelo", "Voodoo")),
    ],
)
def test_spellings_of_one_album_share_a_key(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert album_key(*one) == album_key(*other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Yes", "Fragile"), ("Yes", "Relayer")),
        (("A B", "C"), ("A", "B C")),
        (("The The", "Infected"), ("Infected", "The The")),
    ],
)
def test_different_albums_do_not(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert album_key(*one) != album_key(*other)


def test_an_article_may_be_all_of_a_name() -> None:
    assert artist_words("The The")
    assert artist_words("The")


def test_nothing_to_go_by_is_no_key() -> None:
    assert album_key("???", "!!!") == album_key("", "Help") == ""


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    again = words(" ".join(words(text)))
    assert again == words(text)
    album_key(text, text)

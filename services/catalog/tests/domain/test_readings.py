"""How a source's words are read: durations, dates, countries, numbers, names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinyl_catalog.domain.codes import barcode_of, catalog_number_of, folded_catalog_number
from vinyl_catalog.domain.countries import country_code_of
from vinyl_catalog.domain.durations import seconds_of
from vinyl_catalog.domain.folding import MOST_LETTERS, MOST_WORD_LETTERS, folded, words_of
from vinyl_catalog.domain.released import released_of, year_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4:05", 245),
        ("0:59", 59),
        ("74:12", 4452),
        ("113:10", 6790),
        ("1:02:03", 3723),
        (" 3:20 ", 200),
        ("", None),
        (None, None),
        ("4:75", None),
        ("1:75:00", None),
        ("?", None),
        ("4.05", None),
        ("4:", None),
        ("-1:00", None),
        ("٤:٠٥", None),
    ],
)
def test_a_duration_is_read_in_seconds(text: str | None, seconds: int | None) -> None:
    assert seconds_of(text) == seconds


@given(st.integers(0, 59), st.integers(0, 59), st.integers(0, 99))
def test_every_length_is_read_back(seconds: int, minutes: int, hours: int) -> None:
    assert seconds_of(f"{hours}:{minutes:02}:{seconds:02}") == hours * 3600 + minutes * 60 + seconds
    assert seconds_of(f"{minutes}:{seconds:02}") == minutes * 60 + seconds


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1999-07-13", (1999, 7, 13)),
        ("1999-03-00", (1999, 3, None)),
        ("1999-00-00", (1999, None, None)),
        ("1999", (1999, None, None)),
        ("1999-02-30", (1999, 2, None)),
        ("1999-13-01", (1999, None, None)),
        ("0", (None, None, None)),
        ("0000-00-00", (None, None, None)),
        ("19??", (None, None, None)),
        ("Sept 1977", (None, None, None)),
    ],
)
def test_a_date_is_read_as_far_as_it_is_known(text: str, parts: tuple[int | None, ...]) -> None:
    released = released_of(text)
    assert released.text == text
    assert (released.year, released.month, released.day) == parts


@pytest.mark.parametrize("text", ["", None])
def test_an_unknown_date_is_an_object_of_nulls(text: str | None) -> None:
    released = released_of(text)
    assert (released.text, released.year, released.month, released.day) == (None, None, None, None)


def test_the_less_is_known_of_a_date_the_later_it_sorts() -> None:
    texts = ["1999-01-31", "1999-02-01", "1999-02-00", "1999-00-00", "2000-01-01", "0"]
    orders = [released_of(text).order for text in texts]
    assert orders == sorted(orders)
    assert len(set(orders)) == len(orders)


@given(st.text(max_size=20))
def test_any_text_is_read_as_some_date(text: str) -> None:
    released = released_of(text)
    assert released.year is None or 1000 <= released.year <= 9999
    assert released.day is None or released.month is not None
    assert 0 < released.order < 2**31


@pytest.mark.parametrize(
    ("text", "year"), [("1971", 1971), ("0", None), (None, None), ("19??", None), ("71", None)]
)
def test_a_masters_year_zero_is_unknown(text: str | None, year: int | None) -> None:
    assert year_of(text) == year


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("UK", "GB"),
        ("US", "US"),
        ("Germany", "DE"),
        ("Czech Republic", "CZ"),
        ("Trinidad & Tobago", "TT"),
        ("Burma", "MM"),
        ("UK & Europe", None),
        ("USSR", None),
        ("Yugoslavia", None),
        ("German Democratic Republic (GDR)", None),
        ("Europe", None),
        ("Scandinavia", None),
        ("Unknown", None),
        (None, None),
    ],
)
def test_only_a_country_of_today_has_a_code(name: str | None, code: str | None) -> None:
    assert country_code_of(name) == code


def test_upc_and_ean_are_one_number() -> None:
    assert barcode_of("074646362822") == barcode_of("0074646362822") == barcode_of("0 74646 36282 2")
    assert barcode_of("5 012394 144777") == "5012394144777"
    assert barcode_of("4006381333931") != barcode_of("4006381333948")


@pytest.mark.parametrize(
    "text", [None, "", "none", "B00005", "123", "1" * 20, "0000000000", "074646362822 / 1234567890123"]
)
def test_what_is_no_barcode_is_none(text: str | None) -> None:
    assert barcode_of(text) is None


@given(st.integers(10**10, 10**13 - 1), st.integers(0, 3), st.lists(st.integers(0, 12), max_size=4))
def test_a_barcode_is_itself_in_any_spelling(number: int, zeros: int, breaks: list[int]) -> None:
    spelt = str(number)
    for place in breaks:
        spelt = spelt[:place] + " " + spelt[place:]
    assert barcode_of("0" * zeros + spelt) == str(number).zfill(13)


def test_catalogue_numbers_are_alike_in_any_spelling() -> None:
    assert (
        folded_catalog_number("SK 032") == folded_catalog_number("sk-032") == folded_catalog_number("SK032")
    )
    assert folded_catalog_number("MÚ-1") == "mu1"


@pytest.mark.parametrize("text", ["none", "None", " NONE ", "", None])
def test_a_catalogue_number_none_is_none(text: str | None) -> None:
    assert catalog_number_of(text) is None


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("Östermalm", "ostermalm"),
        ("BJÖRK", "bjork"),
        ("Sigur Rós – ( )", "sigur ros"),
        ("Don't Stop", "dont stop"),
        ("R.E.M.", "rem"),
        ("Simon & Garfunkel", "simon and garfunkel"),
        ("Mötley   Crüe!", "motley crue"),
        ("Straße", "strasse"),
        ("Đorđe Ładny Øre Æon", "dorde ladny ore aeon"),
        ("Кино", "кино"),
        ("ЁЛКА", "елка"),
        ("!!!", "!!!"),
        ("  ", ""),
    ],
)
def test_case_accents_and_punctuation_do_not_matter(text: str, result: str) -> None:
    assert folded(text) == result


@given(st.text(max_size=300))
def test_folding_is_stable_and_bounded(text: str) -> None:
    once = folded(text)
    assert len(once) <= MOST_LETTERS
    assert all(0 < len(word) <= MOST_WORD_LETTERS for word in words_of(text))
    assert "  " not in once
    assert once == once.strip()
    assert folded(text.upper()) == folded(text.upper().lower().upper())

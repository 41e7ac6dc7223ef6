import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinyl_contracts.errors import Invalid
from vinyl_user.domain.passwords import acceptable_password, is_common

GOOD = "seven turning tables"


def test_a_good_password_is_accepted_as_it_is() -> None:
    assert acceptable_password(GOOD, "ada") == GOOD


@pytest.mark.parametrize("length", [0, 7, 257])
def test_length_is_bounded(length: int) -> None:
    with pytest.raises(Invalid, match="8 to 256"):
        acceptable_password(("xq7" * 100)[:length], "ada")


@pytest.mark.parametrize("length", [8, 256])
def test_the_bounds_are_allowed(length: int) -> None:
    assert acceptable_password(("xq7hv" * 100)[:length], "ada")


@pytest.mark.parametrize(
    "typed",
    [
        "password",
        "Password1!",
        "P@ssw0rd",
        "passwordpassword",
        "12345678",
        "11111111",
        "!!!!!!!!",
        "abcdefgh",
        "87654321",
        "qwertyui",
        "QwErTy123",
        "letmein!!",
        "iloveyou2",
        "vinylhound",
        "admin1234",
        "abababab",
        "correcthorsebatterystaple",
    ],
)
def test_what_is_guessed_first_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="common"):
        acceptable_password(typed, "ada")


@pytest.mark.parametrize("typed", ["cratedigger", "CrateDigger"])
def test_the_username_is_no_password(typed: str) -> None:
    with pytest.raises(Invalid, match="username"):
        acceptable_password(typed, "cratedigger")


def test_the_same_signs_composed_otherwise_are_the_same_password() -> None:
    composed = unicodedata.normalize("NFC", "schöne Töne hören")
    decomposed = unicodedata.normalize("NFD", composed)
    assert acceptable_password(composed, "ada") == acceptable_password(decomposed, "ada")


@given(st.text(max_size=300))
def test_any_text_is_judged(typed: str) -> None:
    try:
        accepted = acceptable_password(typed, "ada")
    except Invalid:
        return
    assert 8 <= len(accepted) <= 256
    assert not is_common(accepted)

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinyl_contracts.errors import Invalid
from vinyl_user.domain.usernames import RESERVED, canonical_username, is_reserved


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ada", "ada"),
        ("ADA", "ada"),
        ("ａｄａ", "ada"),
        ("Ada_Lovelace-2", "ada_lovelace-2"),
        ("user5", "user5"),
    ],
)
def test_spellings_of_one_name_are_one(typed: str, kept: str) -> None:
    assert canonical_username(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ab",
        "a" * 33,
        "ada lovelace",
        "ada.l",
        "ada@home",
        "ädä",
        "рrofile",
        "ada\n",
        "ada\0",
        "ａ b",
        "名前名前",
    ],
)
def test_other_signs_and_lengths_are_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        canonical_username(typed)
    assert [error.field for error in refused.value.errors] == ["username"]


@pytest.mark.parametrize("typed", "profile content admin api ADMIN moderator curator webhooks".split())
def test_names_of_routes_and_roles_are_reserved(typed: str) -> None:
    with pytest.raises(Invalid, match="reserved"):
        canonical_username(typed)


@pytest.mark.parametrize(
    "typed",
    ["adm1n", "аdmin", "a-d-m-i-n", "admln", "_admin_", "r00t", "prof1le", "c0ntent", "rnoderator", "ap1"],
)
def test_look_alikes_of_reserved_names_are_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        canonical_username(typed)


@pytest.mark.parametrize("typed", "adamina admina cratedigger user1 user15 mina demo minna".split())
def test_names_that_only_resemble_are_free(typed: str) -> None:
    assert canonical_username(typed) == typed


@given(st.text(max_size=40))
def test_what_is_accepted_is_stable_ascii_and_free(typed: str) -> None:
    try:
        name = canonical_username(typed)
    except Invalid:
        return
    assert canonical_username(name) == name
    assert name.isascii()
    assert 3 <= len(name) <= 32
    assert unicodedata.normalize("NFKC", name).casefold() == name


@given(st.sampled_from(sorted(RESERVED)), st.data())
def test_no_exchange_of_similar_signs_frees_a_reserved_name(name: str, data: st.DataObject) -> None:
    disguises = {"o": "0", "i": "1l", "l": "1i", "e": "3", "a": "4", "t": "7"}
    disguised = "".join(data.draw(st.sampled_from(sign + disguises.get(sign, ""))) for sign in name)
    assert is_reserved(disguised)

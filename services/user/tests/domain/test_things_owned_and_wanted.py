from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinyl_contracts.errors import Invalid
from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import AlbumId, CollectionItemId, UserId, WantId, new_id
from vinyl_contracts.money import Money
from vinyl_user.domain.collection import CollectionItem, CopyEdit
from vinyl_user.domain.content import checked_entries
from vinyl_user.domain.pressings import Pressing
from vinyl_user.domain.profiles import Profile, ProfileEdit
from vinyl_user.domain.wants import Want, WantEdit

BEGUN = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = BEGUN + timedelta(hours=1)
PRESSING = Pressing(AlbumId(new_id()), None)
PROFILE = Profile(
    id=UserId(new_id()), username="ada", email="ada@example.org", created_at=BEGUN, updated_at=BEGUN
)
ITEM = CollectionItem(
    id=CollectionItemId(new_id()),
    user_id=PROFILE.id,
    album_id=PRESSING.album_id,
    release_id=None,
    created_at=BEGUN,
    updated_at=BEGUN,
)
WANT = Want(
    id=WantId(new_id()),
    user_id=PROFILE.id,
    album_id=PRESSING.album_id,
    release_id=None,
    created_at=BEGUN,
    updated_at=BEGUN,
)


def test_an_edit_changes_what_it_names_and_raises_the_version() -> None:
    edited = PROFILE.edited(ProfileEdit(display_name="  Ada  ", country="GB", bio=""), LATER)
    assert (edited.display_name, edited.country, edited.bio) == ("Ada", "GB", None)
    assert (edited.currency, edited.is_public) == (PROFILE.currency, PROFILE.is_public)
    assert (edited.version, edited.updated_at) == (2, LATER)


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (ProfileEdit(country="de"), "country"),
        (ProfileEdit(country="UK"), "country"),
        (ProfileEdit(currency="eur"), "currency"),
        (ProfileEdit(display_name="Ada\n"), "display_name"),
        (ProfileEdit(bio="bell\a"), "bio"),
    ],
)
def test_impossible_profiles_are_refused(edit: ProfileEdit, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        PROFILE.edited(edit, LATER)
    assert [error.field for error in refused.value.errors] == [field]


def test_a_copy_is_described_and_emptied() -> None:
    described = ITEM.described(
        CopyEdit(media_condition=Grade.NEAR_MINT, purchase_price=Money("12.50", "EUR"), notes=" a\nb "),
        PRESSING,
        LATER,
    )
    assert (described.media_condition, described.notes, described.version) == (Grade.NEAR_MINT, "a\nb", 1)
    emptied = described.described(CopyEdit(media_condition=None, notes=None), PRESSING, LATER)
    assert (emptied.media_condition, emptied.notes) == (None, None)
    assert emptied.purchase_price == Money("12.50", "EUR")


@given(st.dates())
def test_copies_were_acquired_on_days_that_have_come(day: date) -> None:
    edit = CopyEdit(acquired_on=day)
    if date(1877, 1, 1) <= day <= date(2026, 5, 2):
        assert ITEM.described(edit, PRESSING, BEGUN).acquired_on == day
    else:
        with pytest.raises(Invalid, match="acquired_on"):
            ITEM.described(edit, PRESSING, BEGUN)


def test_formats_lose_doubles_and_keep_their_order() -> None:
    described = WANT.described(WantEdit(formats=["LP", ' 7" ', "LP"]), PRESSING, LATER)
    assert described.formats == ["LP", '7"']
    assert described.described(WantEdit(formats=None), PRESSING, LATER).formats == []
    with pytest.raises(Invalid, match="formats"):
        WANT.described(WantEdit(formats=["LP", "  "]), PRESSING, LATER)


def test_entries_keep_their_order_and_may_repeat() -> None:
    assert checked_entries(["b", " a ", "b"]) == ["b", "a", "b"]
    with pytest.raises(Invalid, match=r"entries\.1"):
        checked_entries(["a", " "])

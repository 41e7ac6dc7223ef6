import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinyl_chassis.paging import Cursors
from vinyl_contracts.errors import Invalid

PLACES = st.tuples(st.text(), st.integers(-(2**53), 2**53))


@given(PLACES, st.lists(st.text(), max_size=4))
def test_a_cursor_reads_back_where_it_belongs(place: tuple[str, int], scope: list[str]) -> None:
    cursors = Cursors("secret")
    assert cursors.read(cursors.write(place, *scope), tuple[str, int], *scope) == place


@given(PLACES, st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_and_nowhere_else(place: tuple[str, int], scope: list[str], other: list[str]) -> None:
    cursor = Cursors("secret").write(place, *scope)
    with pytest.raises(Invalid):
        Cursors("another secret").read(cursor, tuple[str, int], *scope)
    if other != scope:
        with pytest.raises(Invalid):
            Cursors("secret").read(cursor, tuple[str, int], *other)


@given(st.text())
def test_rubbish_is_refused(rubbish: str) -> None:
    with pytest.raises(Invalid):
        Cursors("secret").read(rubbish, tuple[str, int], "list")


@given(PLACES)
def test_a_cursor_has_one_spelling(place: tuple[str, int]) -> None:
    cursors = Cursors("secret")
    cursor = cursors.write(place, "list")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for other in [f"{cursor}=", f"{cursor}==", *(cursor[:-1] + letter for letter in letters)]:
        if other != cursor:
            with pytest.raises(Invalid):
                cursors.read(other, tuple[str, int], "list")

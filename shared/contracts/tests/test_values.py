import threading
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinyl_contracts.grades import Grade
from vinyl_contracts.ids import new_id
from vinyl_contracts.money import CURRENCIES, Money


def test_ids_are_version_7_and_rise() -> None:
    ids = [new_id() for _ in range(5000)]
    assert ids == sorted(set(ids))
    assert {(each.version, each.variant) for each in ids} == {(7, "specified in RFC 4122")}


def test_ids_of_several_threads_are_distinct() -> None:
    made: list[UUID] = []
    threads = [threading.Thread(target=lambda: made.extend(new_id() for _ in range(2000))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 8000


@given(st.integers(0, 10**11), st.sampled_from(sorted(CURRENCIES)))
def test_money_keeps_its_minor_units(minor: int, currency: str) -> None:
    money = Money.of_minor(minor, currency)
    assert money.minor == minor
    assert msgspec.json.decode(msgspec.json.encode(money), type=Money) == money


@pytest.mark.parametrize(
    ("typed", "currency", "kept"),
    [("12.5", "EUR", "12.50"), ("012", "EUR", "12.00"), ("5", "JPY", "5"), ("1.2", "KWD", "1.200")],
)
def test_an_amount_has_one_spelling(typed: str, currency: str, kept: str) -> None:
    assert Money(typed, currency).amount == kept


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("12.345", "EUR"),
        ("1.5", "JPY"),
        ("-1", "EUR"),
        ("1e3", "EUR"),
        ("", "EUR"),
        ("1", "eur"),
        ("1", "XXX"),
        ("١", "EUR"),
    ],
)
def test_what_is_no_amount_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"amount|currency"):
        Money(amount, currency)


def test_grades_are_ordered_best_first() -> None:
    assert Grade.MINT.is_at_least(Grade.POOR)
    assert Grade.VERY_GOOD_PLUS.is_at_least(Grade.VERY_GOOD_PLUS)
    assert not Grade.GOOD_PLUS.is_at_least(Grade.VERY_GOOD)

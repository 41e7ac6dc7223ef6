from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinyl_contracts.money import CURRENCIES, exponent_of
from vinyl_search.domain.money import MOST_MINOR, Amount, UnreadableMoney, nearest_amount

currencies = st.sampled_from(sorted(CURRENCIES))


@given(st.integers(0, MOST_MINOR), currencies)
def test_what_crosses_the_wire_comes_back_the_same(minor: int, currency: str) -> None:
    amount = Amount(minor, currency)
    assert Amount.of(amount.money) == amount
    assert nearest_amount(amount.money.amount, currency) == amount


@given(st.decimals(0, 10_000_000, allow_nan=False, allow_infinity=False, places=9), currencies)
def test_a_long_number_becomes_the_nearest_amount_half_to_even(value: Decimal, currency: str) -> None:
    exact = value.scaleb(exponent_of(currency))
    assert nearest_amount(str(value), currency).minor == int(exact.to_integral_value(ROUND_HALF_EVEN))


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        (89.34117647058824, "USD", 8934),
        (2.675, "EUR", 268),
        (2.665, "EUR", 266),
        (1999.5, "JPY", 2000),
        (1998.5, "JPY", 1998),
        (12.3456, "KWD", 12346),
        ("0.00", "USD", 0),
        (120, "USD", 12000),
    ],
)
def test_providers_numbers(value: float | str, currency: str, minor: int) -> None:
    assert nearest_amount(value, currency) == Amount(minor, currency)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.01, 1e30, "1e999999", "", "free", "1,50"])
def test_what_is_no_amount_is_refused(value: float | str) -> None:
    with pytest.raises(UnreadableMoney):
        nearest_amount(value, "EUR")


@pytest.mark.parametrize("currency", ["", "eur", "XXX", "€", "EURO"])
def test_an_unknown_currency_is_refused(currency: str) -> None:
    with pytest.raises(UnreadableMoney):
        nearest_amount(1.0, currency)


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError, match="cannot be added"):
        Amount(1, "EUR").plus(Amount(1, "USD"))

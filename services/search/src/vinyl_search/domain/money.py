"""Amounts of money as whole minor units, for reckoning."""

from decimal import ROUND_HALF_EVEN, Decimal

import msgspec

from vinyl_contracts.money import CURRENCIES, Money, exponent_of

MOST_MINOR = 10**12 - 1


class UnreadableMoney(ValueError):
    """Not an amount in a currency known here."""


class Amount(msgspec.Struct, frozen=True):
    """1250 EUR is 12.50, 1250 JPY is 1250."""

    minor: int
    currency: str

    @classmethod
    def of(cls, money: Money) -> "Amount":
        return cls(money.minor, money.currency)

    @property
    def money(self) -> Money:
        """As it crosses a wire."""
        return Money.of_minor(self.minor, self.currency)

    def plus(self, other: "Amount") -> "Amount":
        if other.currency != self.currency:
            raise ValueError(f"{other.currency} cannot be added to {self.currency}")
        return Amount(self.minor + other.minor, self.currency)


def nearest_amount(value: float | str, currency: str) -> Amount:
    """The amount nearest to a provider's number such as 89.34117647058824, half to even.

    Raises UnreadableMoney for what is no number, negative, beyond reason or in an unknown currency.
    """
    if currency not in CURRENCIES:
        raise UnreadableMoney("the currency is not known here")
    try:
        scaled = Decimal(str(value)).scaleb(exponent_of(currency))
        minor = scaled.to_integral_value(ROUND_HALF_EVEN)
    except ArithmeticError:
        raise UnreadableMoney("the amount is not a number") from None
    if not (minor.is_finite() and 0 <= minor <= MOST_MINOR):
        raise UnreadableMoney("the amount is out of range")
    return Amount(int(minor), currency)

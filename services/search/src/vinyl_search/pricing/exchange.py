"""Converting amounts by a snapshot of rates."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import msgspec

from vinyl_contracts.money import exponent_of
from vinyl_search.domain.money import Amount


class ExchangeRates(msgspec.Struct, frozen=True):
    """`per_euro` is how much of each currency one euro is, as decimal text; `source` says whose rates."""

    as_of: date
    source: str
    per_euro: Mapping[str, str]

    def convert(self, amount: Amount, currency: str) -> Amount | None:
        """The nearest whole minor unit, half to even; None where a rate is missing."""
        if amount.currency == currency:
            return amount
        one, other = self._rate(amount.currency), self._rate(currency)
        if one is None or other is None:
            return None
        exact = Fraction(amount.minor) * other / one
        scale = Fraction(10) ** (exponent_of(currency) - exponent_of(amount.currency))
        return Amount(round(exact * scale), currency)

    def _rate(self, currency: str) -> Fraction | None:
        if currency == "EUR":
            return Fraction(1)
        text = self.per_euro.get(currency)
        return None if text is None else Fraction(text)

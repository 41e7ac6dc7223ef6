"""Exchange rates as others publish them, in JSON."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import msgspec

from vinyl_contracts.money import CURRENCIES
from vinyl_search.pricing.exchange import ExchangeRates


class UnreadableRates(ValueError):
    """Not a table of exchange rates."""


class _Published(msgspec.Struct, frozen=True):
    rates: dict[str, Decimal]
    base: str = "EUR"
    dated: date | None = msgspec.field(default=None, name="date")


def read_rates(content: bytes, source: str, today: date) -> ExchangeRates:
    """`{"USD": 1.08, …}` against the euro, or `{"base", "date", "rates": {…}}` against any base.

    `today` dates a table that does not. Raises UnreadableRates.
    """
    published = _decode(content)
    per_base = {code: Fraction(rate) for code, rate in published.rates.items() if _is_sane(code, rate)}
    euro = Fraction(1) if published.base == "EUR" else per_base.get("EUR")
    if euro is None or len(per_base) < 2:
        raise UnreadableRates("the table has no rates against the euro")
    per_base[published.base] = Fraction(1)
    per_euro = {code: _text(rate / euro) for code, rate in per_base.items() if code in CURRENCIES}
    return ExchangeRates(published.dated or today, source, per_euro)


def _decode(content: bytes) -> _Published:
    try:
        fields = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
        if "rates" in fields:
            return msgspec.json.decode(content, type=_Published)
        return _Published(msgspec.json.decode(content, type=dict[str, Decimal]))
    except msgspec.DecodeError as error:
        raise UnreadableRates(str(error)) from None


def _is_sane(code: str, rate: Decimal) -> bool:
    return code in CURRENCIES and rate.is_finite() and Decimal("1e-6") < rate < Decimal("1e9")


def _text(rate: Fraction) -> str:
    """Twelve digits are far more than any table has."""
    return format(Decimal(rate.numerator) / Decimal(rate.denominator), ".12g")

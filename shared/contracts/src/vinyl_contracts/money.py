"""Amounts of money as they cross a wire."""

import re
from decimal import Decimal

import msgspec

# ISO 4217 exponents that differ from 2, of currencies that marketplaces and collectors use.
_EXPONENTS = {
    "JPY": 0,
    "KRW": 0,
    "CLP": 0,
    "ISK": 0,
    "VND": 0,
    "KWD": 3,
    "BHD": 3,
    "TND": 3,
    "JOD": 3,
    "OMR": 3,
}
CURRENCIES = frozenset(
    "AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL HKD HUF IDR ILS INR ISK JOD JPY KES"
    " KRW KWD MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RSD SAR SEK SGD THB TND TRY TWD UAH USD UYU"
    " VND ZAR".split()
)
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,3})?", re.ASCII)
_TOO_PRECISE = "has more decimals than the currency"


class Money(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`amount` is a decimal string such as "12.50", `currency` an ISO 4217 code."""

    amount: str
    currency: str

    def __post_init__(self) -> None:
        if not _AMOUNT.fullmatch(self.amount):
            raise ValueError('amount must be a decimal string such as "12.50"')
        if self.currency not in CURRENCIES:
            raise ValueError("currency must be an ISO 4217 code in capitals, such as EUR")
        self.minor  # noqa: B018 - refuses an amount finer than the currency

    @property
    def minor(self) -> int:
        """The amount in the currency's smallest unit: 1250 for 12.50 EUR, 1250 for 1250 JPY."""
        scaled = Decimal(self.amount).scaleb(exponent_of(self.currency))
        if scaled != scaled.to_integral_value():
            raise ValueError(f"amount {_TOO_PRECISE}")
        return int(scaled)

    @classmethod
    def of_minor(cls, minor: int, currency: str) -> "Money":
        exponent = exponent_of(currency)
        return cls(amount=f"{Decimal(minor).scaleb(-exponent):.{exponent}f}", currency=currency)


def exponent_of(currency: str) -> int:
    """How many decimals the currency has."""
    return _EXPONENTS.get(currency, 2)

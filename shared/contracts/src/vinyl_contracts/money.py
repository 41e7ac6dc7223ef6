"""Amounts of money as they cross a wire."""

import re
from decimal import Decimal

import msgspec

_EXPONENTS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
# ISO 4217's national currencies: no funds, metals or codes for testing.
CURRENCIES = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD"
    " CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ"
    " GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR"
    " LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN"
    " PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB"
    " TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW"
    " ZWG".split()
)
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,3})?", re.ASCII)
_TOO_PRECISE = "has more decimals than the currency"


class Money(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`amount` is a decimal string such as "12.50", `currency` an ISO 4217 code.

    An amount has one spelling, with all of the currency's decimals: 12.5 EUR becomes 12.50.
    """

    amount: str
    currency: str

    def __post_init__(self) -> None:
        if not _AMOUNT.fullmatch(self.amount):
            raise ValueError('amount must be a decimal string such as "12.50"')
        if self.currency not in CURRENCIES:
            raise ValueError("currency must be an ISO 4217 code in capitals, such as EUR")
        msgspec.structs.force_setattr(self, "amount", _spelled(self.minor, self.currency))

    @property
    def minor(self) -> int:
        """The amount in the currency's smallest unit: 1250 for 12.50 EUR, 1250 for 1250 JPY."""
        scaled = Decimal(self.amount).scaleb(exponent_of(self.currency))
        if scaled != scaled.to_integral_value():
            raise ValueError(f"amount {_TOO_PRECISE}")
        return int(scaled)

    @classmethod
    def of_minor(cls, minor: int, currency: str) -> "Money":
        return cls(amount=_spelled(minor, currency), currency=currency)


def exponent_of(currency: str) -> int:
    """How many decimals the currency has."""
    return _EXPONENTS.get(currency, 2)


def _spelled(minor: int, currency: str) -> str:
    exponent = exponent_of(currency)
    return f"{Decimal(minor).scaleb(-exponent):.{exponent}f}"

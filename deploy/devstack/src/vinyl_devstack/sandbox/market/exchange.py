"""Money: minor units, and the rates of one made-up banking day against the euro."""

RATES = {
    "EUR": 1.0,
    "USD": 1.08,
    "GBP": 0.86,
    "CAD": 1.47,
    "AUD": 1.65,
    "JPY": 163.0,
    "CHF": 0.97,
    "MXN": 18.1,
    "BRL": 5.45,
    "NZD": 1.8,
    "SEK": 11.5,
    "ZAR": 20.2,
    "DKK": 7.46,
    "NOK": 11.6,
    "PLN": 4.3,
    "CZK": 25.1,
    "HUF": 392.0,
}
WITHOUT_CENTS = frozenset({"JPY"})
SYMBOLS = {
    "EUR": "€",
    "USD": "$",
    "GBP": "£",
    "CAD": "CA$",
    "AUD": "A$",
    "JPY": "¥",
    "BRL": "R$",
    "NZD": "NZ$",
}
DISCOGS_CURRENCIES = ("USD", "GBP", "EUR", "CAD", "AUD", "JPY", "CHF", "MXN", "BRL", "NZD", "SEK", "ZAR")


def minor_per_unit(currency: str) -> int:
    return 1 if currency in WITHOUT_CENTS else 100


def major(minor: int, currency: str) -> float:
    return minor / minor_per_unit(currency)


def converted(minor: int, currency: str, into: str) -> float:
    """In whole units of the other currency, not rounded."""
    return major(minor, currency) * RATES[into] / RATES[currency]


def written(amount: float, currency: str) -> str:
    """As a decimal string with the currency's own number of places."""
    return f"{amount:.0f}" if currency in WITHOUT_CENTS else f"{amount:.2f}"


def formatted(amount: float, currency: str) -> str:
    """As people read it: `€75.94`."""
    return f"{SYMBOLS.get(currency, currency + ' ')}{written(amount, currency)}"

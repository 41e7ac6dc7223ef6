"""What sending records probably costs, where the seller does not say."""

import enum

import msgspec

from vinyl_search.domain.money import Amount

_EUROPEAN_UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)
_EUROPE = _EUROPEAN_UNION | frozenset(
    "AD AL BA CH FO GB GG GI IM IS JE LI MC MD ME MK NO RS SM TR UA VA".split()
)
_NORTH_AMERICA = frozenset("US CA MX PR".split())
_EAST_ASIA_PACIFIC = frozenset("AU NZ JP KR CN HK TW SG MO MY TH ID PH VN".split())


class Zone(enum.IntEnum):
    HOME = 0
    UNION = 1
    REGION = 2
    WORLD = 3


class Tariff(msgspec.Struct, frozen=True):
    """Minor units by zone: for the first LP in its mailer, and for each further one in the same parcel."""

    currency: str
    first: tuple[int, int, int, int]
    further: tuple[int, int, int, int]


# Tracked parcels of up to 2 kg at list prices, rounded; estimates, and shown as such.
_TARIFFS = {
    "DE": Tariff("EUR", (549, 1149, 1399, 2299), (50, 150, 200, 500)),
    "FR": Tariff("EUR", (890, 1450, 1700, 2800), (100, 200, 250, 550)),
    "NL": Tariff("EUR", (695, 1300, 1550, 2600), (50, 150, 200, 500)),
    "BE": Tariff("EUR", (650, 1500, 1700, 2900), (50, 150, 200, 550)),
    "AT": Tariff("EUR", (620, 1400, 1600, 2700), (50, 150, 200, 500)),
    "IT": Tariff("EUR", (890, 1500, 1800, 3000), (100, 200, 250, 600)),
    "ES": Tariff("EUR", (750, 1450, 1700, 2900), (100, 200, 250, 550)),
    "PT": Tariff("EUR", (650, 1350, 1600, 2700), (100, 200, 250, 550)),
    "IE": Tariff("EUR", (900, 1500, 1600, 2800), (100, 200, 200, 500)),
    "GR": Tariff("EUR", (500, 1300, 1600, 2600), (50, 200, 250, 500)),
    "FI": Tariff("EUR", (790, 1500, 1750, 2900), (50, 200, 250, 550)),
    "SE": Tariff("SEK", (8900, 17900, 19900, 29900), (1000, 2000, 2500, 6000)),
    "DK": Tariff("DKK", (6500, 13000, 15000, 24000), (500, 1500, 2000, 4500)),
    "NO": Tariff("NOK", (9900, 19900, 19900, 29900), (1000, 2500, 2500, 6000)),
    "PL": Tariff("PLN", (1800, 5500, 6500, 11000), (200, 800, 1000, 2500)),
    "CH": Tariff("CHF", (950, 2000, 2000, 3500), (100, 300, 300, 700)),
    "GB": Tariff("GBP", (450, 1250, 1250, 1950), (50, 200, 200, 450)),
    "US": Tariff("USD", (550, 2300, 1800, 2600), (75, 600, 500, 700)),
    "CA": Tariff("CAD", (1500, 3200, 1900, 3800), (150, 700, 400, 900)),
    "MX": Tariff("MXN", (18000, 60000, 48000, 70000), (2000, 12000, 10000, 15000)),
    "BR": Tariff("BRL", (3000, 16000, 14000, 20000), (400, 3500, 3000, 4500)),
    "AU": Tariff("AUD", (1100, 3500, 2800, 4000), (100, 700, 600, 900)),
    "NZ": Tariff("NZD", (900, 3600, 2800, 4200), (100, 700, 600, 900)),
    "JP": Tariff("JPY", (900, 2800, 2000, 3200), (100, 500, 350, 600)),
    "KR": Tariff("KRW", (4500, 27000, 18000, 32000), (500, 5000, 3500, 6500)),
    "ZA": Tariff("ZAR", (12000, 55000, 45000, 60000), (1500, 10000, 8000, 12000)),
}
_ELSEWHERE = Tariff("EUR", (700, 1800, 1800, 2800), (100, 300, 300, 600))


def estimate_postage(origin: str | None, destination: str, copies: int = 1) -> Amount:
    """Of `copies` LPs in one parcel, in the currency of the country they leave.

    An unknown origin is taken to be far away.
    """
    tariff = _TARIFFS.get(origin or "", _ELSEWHERE)
    zone = Zone.WORLD if origin is None else zone_between(origin, destination)
    return Amount(tariff.first[zone] + (copies - 1) * tariff.further[zone], tariff.currency)


def zone_between(origin: str, destination: str) -> Zone:
    if origin == destination:
        return Zone.HOME
    if {origin, destination} <= _EUROPEAN_UNION:
        return Zone.UNION
    for region in (_EUROPE, _NORTH_AMERICA, _EAST_ASIA_PACIFIC):
        if {origin, destination} <= region:
            return Zone.REGION
    return Zone.WORLD

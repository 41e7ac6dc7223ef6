"""The sellers of the sandbox and what they charge for postage."""

from enum import StrEnum

from msgspec import Struct


class Provider(StrEnum):
    DISCOGS = "discogs"
    EBAY = "ebay"


class Shop(Struct, frozen=True):
    """`depth` is the share of pressings carried beyond the guarantee; postage and minimum in minor units."""

    id: int
    provider: Provider
    username: str
    country: str
    country_name: str
    city: str
    currency: str
    home_postage: int
    abroad_postage: int
    further_postage: int
    depth: float
    stocks_every_album: bool = False
    at_least: int = 20
    minimum_order: int = 0
    price_level: float = 1.0
    rating: str = "99.6"
    rated_by: int = 800
    quotes_postage: bool = False
    ships_abroad: bool = True


def _shop(id_: int, name: str, place: str, money: str, postage: tuple[int, int, int], depth: float) -> Shop:
    country, country_name, city = place.split("/")
    home, abroad, further = postage
    return Shop(id_, Provider.DISCOGS, name, country, country_name, city, money, home, abroad, further, depth)


DISCOGS_SHOPS = (
    Shop(
        id=910001,
        provider=Provider.DISCOGS,
        username="second-spin",
        country="DE",
        country_name="Germany",
        city="Leipzig",
        currency="EUR",
        home_postage=590,
        abroad_postage=1390,
        further_postage=150,
        depth=0.5,
        stocks_every_album=True,
        at_least=120,
        rating="99.8",
        rated_by=15571,
    ),
    Shop(
        id=910002,
        provider=Provider.DISCOGS,
        username="needle-drop",
        country="US",
        country_name="United States",
        city="Portland",
        currency="USD",
        home_postage=650,
        abroad_postage=2490,
        further_postage=100,
        depth=0.5,
        stocks_every_album=True,
        at_least=120,
        price_level=0.92,
        rating="99.4",
        rated_by=8210,
    ),
    Shop(
        id=910003,
        provider=Provider.DISCOGS,
        username="crate-digger",
        country="GB",
        country_name="United Kingdom",
        city="Bristol",
        currency="GBP",
        home_postage=490,
        abroad_postage=1650,
        further_postage=120,
        depth=0.5,
        stocks_every_album=True,
        at_least=120,
        minimum_order=1000,
        price_level=1.06,
        rating="100.0",
        rated_by=2304,
        quotes_postage=True,
    ),
    _shop(910004, "mado-records", "JP/Japan/Osaka", "JPY", (700, 2600, 200), 0.15),
    _shop(910005, "vinyle-minuit", "FR/France/Lyon", "EUR", (680, 1500, 180), 0.12),
    _shop(910006, "polder-platen", "NL/Netherlands/Utrecht", "EUR", (550, 1320, 100), 0.12),
    _shop(910007, "prairie-spins", "CA/Canada/Winnipeg", "CAD", (1200, 2950, 200), 0.1),
    _shop(910008, "granskog-skivor", "SE/Sweden/Uppsala", "SEK", (6900, 18900, 1500), 0.1),
)

EBAY_SHOPS = (
    Shop(
        id=920001,
        provider=Provider.EBAY,
        username="attic_wax_us",
        country="US",
        country_name="United States",
        city="Columbus",
        currency="USD",
        home_postage=595,
        abroad_postage=2600,
        further_postage=150,
        depth=0.1,
        stocks_every_album=True,
        at_least=60,
        rating="99.7",
        rated_by=12044,
    ),
    Shop(
        id=920002,
        provider=Provider.EBAY,
        username="northern-grooves-uk",
        country="GB",
        country_name="United Kingdom",
        city="Leeds",
        currency="GBP",
        home_postage=399,
        abroad_postage=1500,
        further_postage=100,
        depth=0.3,
        rating="99.9",
        rated_by=5410,
    ),
    Shop(
        id=920003,
        provider=Provider.EBAY,
        username="plattenkeller_koeln",
        country="DE",
        country_name="Germany",
        city="Köln",
        currency="EUR",
        home_postage=549,
        abroad_postage=1400,
        further_postage=120,
        depth=0.3,
        rating="100.0",
        rated_by=981,
    ),
    Shop(
        id=920004,
        provider=Provider.EBAY,
        username="garage.sale.vinyl",
        country="US",
        country_name="United States",
        city="Tucson",
        currency="USD",
        home_postage=450,
        abroad_postage=0,
        further_postage=100,
        depth=0.15,
        price_level=0.8,
        rating="97.2",
        rated_by=143,
        ships_abroad=False,
    ),
)

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinyl_contracts.money import CURRENCIES, exponent_of
from vinyl_search.domain.countries import COUNTRIES
from vinyl_search.domain.listing import Basis, FoundListing, Medium
from vinyl_search.domain.money import Amount
from vinyl_search.domain.provider import Provider
from vinyl_search.pricing.built_in_rates import BUILT_IN_RATES
from vinyl_search.pricing.exchange import ExchangeRates
from vinyl_search.pricing.landing import land
from vinyl_search.pricing.postage import estimate_postage, zone_between
from vinyl_search.pricing.rates_file import UnreadableRates, read_rates

REAL_RATES = Path(__file__).parents[5] / "shared" / "real" / "fx" / "currency_rates.json"
TODAY = date(2026, 3, 1)
rated = st.sampled_from(sorted({*BUILT_IN_RATES.per_euro, "EUR"}))
amounts = st.builds(Amount, st.integers(0, 10**9), rated)
countries = st.sampled_from(sorted(COUNTRIES))


def copy(price: Amount, ships_from: str | None = "DE", postage: Amount | None = None) -> FoundListing:
    return FoundListing(
        provider=Provider.DISCOGS,
        provider_listing_id="1",
        title="x",
        artist=None,
        album_title=None,
        format_words=(),
        medium=Medium.VINYL,
        media_condition=None,
        sleeve_condition=None,
        price=price,
        stated_postage=postage,
        ships_from=ships_from,
        url="",
    )


@given(amounts, rated)
def test_conversion_is_the_nearest_unit_half_to_even(amount: Amount, currency: str) -> None:
    converted = BUILT_IN_RATES.convert(amount, currency)
    assert converted is not None
    assert converted.currency == currency
    if currency == amount.currency:
        assert converted == amount
        return
    one = Decimal(BUILT_IN_RATES.per_euro.get(amount.currency, "1"))
    other = Decimal(BUILT_IN_RATES.per_euro.get(currency, "1"))
    exact = Decimal(amount.minor) * other / one
    exact = exact.scaleb(exponent_of(currency) - exponent_of(amount.currency))
    assert abs(exact - converted.minor) <= Decimal("0.5") + Decimal("1e-12")


@given(st.integers(0, 10**6))
def test_halves_go_to_the_even_side(minor: int) -> None:
    half = ExchangeRates(TODAY, "test", {"USD": "0.5"})
    exact = Decimal(minor) / 2
    expected = int(exact.to_integral_value(ROUND_HALF_EVEN))
    assert half.convert(Amount(minor, "EUR"), "USD") == Amount(expected, "USD")


def test_yen_have_no_cents() -> None:
    rates = ExchangeRates(TODAY, "test", {"JPY": "160", "USD": "1.10"})
    assert rates.convert(Amount(1000, "EUR"), "JPY") == Amount(1600, "JPY")
    assert rates.convert(Amount(1600, "JPY"), "EUR") == Amount(1000, "EUR")
    assert rates.convert(Amount(1600, "JPY"), "USD") == Amount(1100, "USD")


def test_a_missing_rate_is_said() -> None:
    assert BUILT_IN_RATES.convert(Amount(100, "KES"), "EUR") is None
    assert land(copy(Amount(100, "KES")), "DE", "EUR", BUILT_IN_RATES).landed is None


@given(amounts, countries, countries, rated)
def test_landed_is_price_and_postage_each_converted_by_itself(
    price: Amount, origin: str, destination: str, currency: str
) -> None:
    landing = land(copy(price, origin), destination, currency, BUILT_IN_RATES)
    assert landing.basis is Basis.ESTIMATE
    assert landing.postage == estimate_postage(origin, destination)
    one = BUILT_IN_RATES.convert(price, currency)
    other = BUILT_IN_RATES.convert(landing.postage, currency)
    assert one is not None
    assert other is not None
    assert landing.landed == Amount(one.minor + other.minor, currency)


def test_what_the_seller_states_comes_first() -> None:
    stated = Amount(250, "USD")
    landing = land(copy(Amount(12000, "USD"), "US", stated), "DE", "USD", BUILT_IN_RATES)
    assert (landing.basis, landing.postage, landing.landed) == (Basis.SELLER, stated, Amount(12250, "USD"))


def test_postage_stated_for_elsewhere_is_not_taken() -> None:
    found = msgspec.structs.replace(copy(Amount(100, "EUR"), "DE", Amount(500, "EUR")), postage_to="US")
    assert land(found, "US", "EUR", BUILT_IN_RATES).basis is Basis.SELLER
    assert land(found, "DE", "EUR", BUILT_IN_RATES).basis is Basis.ESTIMATE


def test_free_postage_is_stated_postage() -> None:
    landing = land(copy(Amount(100, "EUR"), "DE", Amount(0, "EUR")), "DE", "EUR", BUILT_IN_RATES)
    assert (landing.basis, landing.landed) == (Basis.SELLER, Amount(100, "EUR"))


def test_without_a_destination_postage_is_unknown_and_left_out() -> None:
    landing = land(copy(Amount(100, "EUR")), None, "EUR", BUILT_IN_RATES)
    assert (landing.basis, landing.postage, landing.landed) == (Basis.UNKNOWN, None, Amount(100, "EUR"))


@given(countries, countries, st.integers(1, 20))
def test_every_pair_of_countries_has_an_estimate(origin: str, destination: str, copies: int) -> None:
    postage = estimate_postage(origin, destination, copies)
    assert postage.minor > 0
    assert postage.currency in CURRENCIES
    assert postage.currency == "EUR" or postage.currency in BUILT_IN_RATES.per_euro
    more = estimate_postage(origin, destination, copies + 1)
    assert postage.minor < more.minor < 2 * estimate_postage(origin, destination).minor + postage.minor
    assert zone_between(origin, destination) == zone_between(destination, origin)


def test_an_unknown_origin_is_far_away() -> None:
    assert estimate_postage(None, "DE") == estimate_postage("KE", "DE")
    assert estimate_postage("DE", "DE").minor < estimate_postage("DE", "FR").minor
    assert estimate_postage("DE", "FR").minor < estimate_postage("DE", "US").minor


@pytest.mark.parametrize(
    "content",
    [
        b'{"USD": 1.08, "GBP": 0.85, "EUR": 1}',
        b'{"base": "EUR", "date": "2026-02-27", "rates": {"USD": 1.08, "GBP": 0.85}}',
        b'{"base": "USD", "rates": {"EUR": 0.925925925926, "GBP": 0.787037037037}, "extra": [1]}',
    ],
)
def test_tables_of_rates(content: bytes) -> None:
    rates = read_rates(content, "test", TODAY)
    assert rates.convert(Amount(10000, "EUR"), "USD") == Amount(10800, "USD")
    assert rates.convert(Amount(10000, "EUR"), "GBP") == Amount(8500, "GBP")
    assert rates.as_of == (date(2026, 2, 27) if b"date" in content else TODAY)


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"[]", b"{}", b'{"USD": "x"}', b'{"USD": 1.1}', b'{"base":"USD","rates":{"GBP":0.8}}'],
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableRates):
        read_rates(content, "test", TODAY)


def test_absurd_rates_and_unknown_codes_are_left_out() -> None:
    rates = read_rates(b'{"USD": 0, "GBP": 0.85, "JPY": -1, "XXX": 2, "CHF": 0.95}', "test", TODAY)
    assert set(rates.per_euro) == {"EUR", "GBP", "CHF"}


@pytest.mark.skipif(not REAL_RATES.exists(), reason="the folder of real data is not here")
def test_the_real_table_of_rates() -> None:
    rates = read_rates(REAL_RATES.read_bytes(), "real", TODAY)
    published = msgspec.json.decode(REAL_RATES.read_bytes(), type=dict[str, float])
    assert set(published) - set(rates.per_euro) <= {"EUR"}
    assert rates.convert(Amount(100_00, "EUR"), "USD") == Amount(107_70, "USD")

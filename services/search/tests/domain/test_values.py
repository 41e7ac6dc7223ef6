import pytest

from vinyl_contracts.errors import Invalid
from vinyl_search.domain.countries import COUNTRIES, country_code
from vinyl_search.domain.provider import Provider
from vinyl_search.domain.run import Coverage, ProviderRun, ProviderState, RunState, outcome
from vinyl_search.domain.saved_search import check_countries, check_name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("United States", "US"),
        ("Germany", "DE"),
        ("UK", "GB"),
        ("  united   kingdom ", "GB"),
        ("Korea, Republic of", "KR"),
        ("Türkiye", "TR"),
        ("UK & Europe", None),
        ("", None),
        ("Atlantis", None),
    ],
)
def test_names_of_countries(name: str, code: str | None) -> None:
    assert country_code(name) == code


def test_every_country_has_one_code_and_is_found_by_its_name() -> None:
    assert len(COUNTRIES) == 249
    assert {country_code(name) for name in COUNTRIES.values()} == set(COUNTRIES)


def test_countries_of_a_search() -> None:
    assert check_countries("seller_countries", ["DE", "FR", "DE"]) == ("DE", "FR")
    for wrong in ("de", "XX", "D", "DEU"):
        with pytest.raises(Invalid):
            check_countries("seller_countries", [wrong])


def test_a_name_has_more_than_blanks() -> None:
    assert check_name("  soul ") == "soul"
    with pytest.raises(Invalid):
        check_name("   ")


def test_coverage_adds_up_what_is_known() -> None:
    assert Coverage(10, 20).plus(Coverage(5, None)) == Coverage(15, 20)
    assert Coverage().plus(Coverage()) == Coverage(0, None)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([ProviderState.DONE, ProviderState.FAILED], RunState.DONE),
        ([ProviderState.FAILED, ProviderState.SKIPPED], RunState.FAILED),
        ([ProviderState.SKIPPED], RunState.DONE),
        ([ProviderState.DONE], RunState.DONE),
    ],
)
def test_a_run_fails_where_all_that_was_asked_failed(states: list[ProviderState], expected: RunState) -> None:
    runs = [ProviderRun(provider, state) for provider, state in zip(Provider, states, strict=False)]
    assert outcome(runs) is expected

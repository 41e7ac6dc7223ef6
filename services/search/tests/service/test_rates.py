"""Exchange rates from an address, a file, or what is built in."""

from pathlib import Path

import httpx
import pytest

from vinyl_search.pricing.built_in_rates import BUILT_IN_RATES
from vinyl_search.service.rates import RatesService, current_rates, source_of
from vinyl_search.store.unit_of_work import Store


async def refreshed(store: Store, url: str = "", file: str = "") -> tuple[str, dict[str, str]]:
    """Where the rates are from after a refresh, and what they are."""
    await RatesService(store, source_of(url, file)).refresh()
    async with store.begin() as unit:
        rates = await current_rates(unit)
    return rates.source, dict(rates.per_euro)


async def test_without_a_source_the_built_in_rates_hold(store: Store) -> None:
    assert await refreshed(store) == (BUILT_IN_RATES.source, dict(BUILT_IN_RATES.per_euro))


async def test_rates_from_an_address(store: Store, sandbox: str, switches: httpx.AsyncClient) -> None:
    source, rates = await refreshed(store, url=f"{sandbox}/fx/latest")
    published = (await switches.get("/fx/latest")).json()
    assert source == "127.0.0.1"
    assert float(rates["USD"]) == pytest.approx(published["USD"])
    assert await refreshed(store, url="http://127.0.0.1:9/away") == (source, rates), "fresh ones are kept"


async def test_rates_from_a_file(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "rates.json"
    file.write_text('{"base": "EUR", "date": "2026-02-27", "rates": {"USD": 1.25, "GBP": 0.5}}')
    source, rates = await refreshed(store, file=str(file))
    assert source == "file rates.json"
    assert (rates["USD"], rates["GBP"]) == ("1.25", "0.5")


@pytest.mark.parametrize("content", ["", "<html>", '{"USD": "much"}'])
async def test_a_bad_source_leaves_the_built_in_rates(store: Store, tmp_path: Path, content: str) -> None:
    file = tmp_path / "rates.json"
    file.write_text(content)
    assert (await refreshed(store, file=str(file)))[0] == BUILT_IN_RATES.source
    assert (await refreshed(store, file=str(tmp_path / "none.json")))[0] == BUILT_IN_RATES.source
    assert (await refreshed(store, url="http://127.0.0.1:9/away"))[0] == BUILT_IN_RATES.source

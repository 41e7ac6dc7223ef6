"""Sign up, find, want, follow, search, find a copy for sale, rate: through the gateway, for real."""

import os
import signal
import time
from contextlib import suppress
from decimal import Decimal

import httpx
import pytest
from journey import DUMP, Journey, import_dump

from vinyl_devstack.stack import Stack


async def test_the_main_job(journey: Journey) -> None:
    await journey.want_it()
    await journey.follow_seller()
    await journey.save_search()
    await journey.run_search()
    results = await journey.read_results()
    assert {result["match"]["album_id"] for result in results} == {journey.album_id}
    for result in results:
        assert result["seller"]["username"] == "second-spin"
        assert result["wanted"] is True
        assert result["owned"] is False
        assert result["media_condition"] in ("M", "NM", "VG+", "VG", "G+", "G", "F", "P")
        assert result["landed_price"]["currency"] == "EUR"
        assert Decimal(result["landed_price"]["amount"]) >= Decimal(result["price"]["amount"]) > 0
    before = await journey.ratings_on_album()
    await journey.rate_it()
    rated_at = time.monotonic()

    async def is_shown() -> bool:
        return await journey.ratings_on_album() == before + 1

    await journey.until(is_shown, seconds=5)
    assert time.monotonic() - rated_at < 1.0


KILLED = ["user", "catalog", "rating", "search"]
PROCESSES = [f"{service}-{kind}" for service in KILLED for kind in ("serve", "work")]


def kill(stack: Stack, name: str) -> None:
    with suppress(ProcessLookupError):  # it may not be back from the last time
        os.kill(stack.process(name).pid, signal.SIGKILL)


@pytest.mark.parametrize("name", [*PROCESSES, "gateway", "sandbox", "postgres", "nats"])
async def test_no_process_is_missed_when_it_is_killed(stocked: Stack, journey: Journey, name: str) -> None:
    """`kill -9` before the want, before the run and before the rating: what was acknowledged stays."""
    kill(stocked, name)
    await journey.want_it()
    await journey.follow_seller()
    await journey.save_search()
    kill(stocked, name)
    await journey.run_search()
    results = await journey.read_results()
    assert {result["match"]["album_id"] for result in results} == {journey.album_id}
    before = await journey.ratings_on_album()
    kill(stocked, name)
    await journey.rate_it()

    async def is_shown() -> bool:
        return await journey.ratings_on_album() == before + 1

    await journey.until(is_shown)
    wants = (await journey.call("GET", "/wants"))["items"]
    assert [want["id"] for want in wants] == [journey.acknowledged["want"]]
    sellers = (await journey.call("GET", "/sellers"))["items"]
    assert [seller["id"] for seller in sellers] == [journey.acknowledged["seller"]]
    ratings = (await journey.call("GET", "/ratings", params={"user": journey.username}))["items"]
    assert [rating["id"] for rating in ratings] == [journey.acknowledged["rating"]]


async def test_the_same_files_again_change_nothing(stocked: Stack) -> None:
    printed = import_dump(stocked.home, DUMP / "masters.xml", DUMP / "releases.xml")
    assert "2 unchanged" in printed
    assert "4 unchanged" in printed


async def test_services_trust_nothing_but_tokens(stocked: Stack) -> None:
    private = {"user": "/users/profile", "search": "/searches", "catalog": "/admin/imports"}
    for service, path in private.items():
        async with httpx.AsyncClient(base_url=stocked.service_url(service)) as client:
            assert (await client.get(f"/api/v1{path}")).status_code == 401
            forged = {"X-Vinyl-User": "ada", "X-User-Id": "1"}
            assert (await client.get(f"/api/v1{path}", headers=forged)).status_code == 401

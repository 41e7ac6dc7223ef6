"""Who may ask the sandbox's Discogs, and how often."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from vinyl_devstack.sandbox.discogs.accounts import COLLECTOR, KEY, SECRET, TOKEN

Connect = Callable[..., httpx.AsyncClient]
Start = Callable[..., Awaitable[str]]

PREFIX = "x-discogs-ratelimit"


def budget(answer: httpx.Response) -> tuple[int, ...]:
    return tuple(int(answer.headers[name]) for name in (PREFIX, f"{PREFIX}-used", f"{PREFIX}-remaining"))


async def test_the_token_speaks_for_the_collector(discogs: httpx.AsyncClient) -> None:
    identity = (await discogs.get("/oauth/identity")).json()
    assert identity["username"] == COLLECTOR
    profile = (await discogs.get(identity["resource_url"])).json()
    assert profile["id"] == identity["id"]


async def test_the_token_goes_in_the_query_too(sandbox: str, connect: Connect) -> None:
    stranger = connect(f"{sandbox}/discogs")
    assert (await stranger.get(f"/oauth/identity?token={TOKEN}")).json()["username"] == COLLECTOR


async def test_a_key_and_secret_authenticate_but_are_nobody(sandbox: str, connect: Connect) -> None:
    client = connect(f"{sandbox}/discogs")
    client.headers["Authorization"] = f"Discogs key={KEY}, secret={SECRET}"
    assert (await client.get("/database/search?q=quiet")).status_code == 200
    assert (await client.get("/oauth/identity")).status_code == 401


@pytest.mark.parametrize(
    "authorization",
    [
        "Discogs token=wrong",
        f"Bearer {TOKEN}",
        f"Discogs key={KEY}, secret=wrong",
        f"Discogs token={TOKEN}:a/b",
    ],
)
async def test_bad_credentials_are_refused(sandbox: str, connect: Connect, authorization: str) -> None:
    client = connect(f"{sandbox}/discogs")
    answer = await client.get("/oauth/identity", headers={"Authorization": authorization})
    assert answer.status_code in (401, 403)
    assert list(answer.json()) == ["message"]


async def test_nameless_clients_are_refused(sandbox: str, connect: Connect) -> None:
    client = connect(f"{sandbox}/discogs")
    client.headers["User-Agent"] = ""
    answer = await client.get("/releases/1001")
    assert answer.status_code == 403
    assert PREFIX not in answer.headers


@pytest.mark.parametrize(
    "path", ["/database/search?q=quiet", "/oauth/identity", "/marketplace/price_suggestions/1001"]
)
async def test_some_routes_need_a_sign_in(sandbox: str, connect: Connect, path: str) -> None:
    answer = await connect(f"{sandbox}/discogs").get(path)
    assert answer.status_code == 401
    assert list(answer.json()) == ["message"]


async def test_every_answer_tells_the_budget(discogs: httpx.AsyncClient) -> None:
    first = await discogs.get("/releases/1001")
    second = await discogs.get("/no/such/route")
    limit, used, remaining = budget(first)
    assert (limit, used + remaining) == (10_000, 10_000)
    assert budget(second) == (limit, used + 1, remaining - 1)


async def test_strangers_get_twenty_five(start: Start, connect: Connect) -> None:
    client = connect(f"{await start(limit=240)}/discogs")
    answers = await asyncio.gather(*(client.get("/marketplace/stats/1001") for _ in range(40)))
    assert sorted(answer.status_code for answer in answers) == [200] * 25 + [429] * 15
    assert {answer.headers[PREFIX] for answer in answers} == {"25"}


async def test_too_many_requests_are_refused_without_advice(start: Start, connect: Connect) -> None:
    client = connect(f"{await start(limit=3)}/discogs", signed_in=True)
    answers = [await client.get("/releases/1001") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [budget(answer) for answer in answers] == [(3, 1, 2), (3, 2, 1), (3, 3, 0), (3, 3, 0)]
    assert "retry-after" not in answers[-1].headers
    assert list(answers[-1].json()) == ["message"]


async def test_the_budget_is_the_addresss_not_the_tokens(start: Start, connect: Connect) -> None:
    address = await start(limit=2)
    ada = connect(f"{address}/discogs", signed_in=True, token=f"{TOKEN}:ada")
    bob = connect(f"{address}/discogs", signed_in=True, token=f"{TOKEN}:bob")
    answers = [
        await ada.get("/releases/1001"),
        await bob.get("/releases/1001"),
        await bob.get("/releases/1001"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def test_the_window_slides(start: Start, connect: Connect) -> None:
    client = connect(f"{await start(limit=2, window_seconds=0.5)}/discogs", signed_in=True)
    assert (await client.get("/releases/1001")).status_code == 200
    await asyncio.sleep(0.3)
    assert (await client.get("/releases/1001")).status_code == 200
    assert (await client.get("/releases/1001")).status_code == 429
    await asyncio.sleep(0.3)
    assert (await client.get("/releases/1001")).status_code == 200
    assert (await client.get("/releases/1001")).status_code == 429


async def test_ebay_and_the_switches_cost_nothing(start: Start, connect: Connect) -> None:
    address = await start(limit=1)
    client = connect(address)
    for path in ("/sandbox", "/fx/latest", "/ebay/itm/1", "/sandbox"):
        assert (await client.get(path)).status_code in (200, 404)
    assert (await client.get("/discogs/releases/1001")).status_code == 200

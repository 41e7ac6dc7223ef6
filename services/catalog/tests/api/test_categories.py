"""/categories: curators keep them, everybody reads them."""

import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest

from vinyl_contracts.envelope import Envelope

CATEGORIES, PRODUCTS = "/api/v1/categories", "/api/v1/products"
Headers = dict[str, str]
JAZZ = {"name": "Jazz", "slug": "jazz", "description": "Blue notes", "icon": "sax", "color": "#1a2b3c"}


@pytest.fixture
def as_carl(token_for: Callable[..., str]) -> Headers:
    """A curator."""
    return {"Authorization": f"Bearer {token_for('carl', roles=('listener', 'curator'))}"}


@pytest.fixture
def as_ada(token_for: Callable[..., str]) -> Headers:
    return {"Authorization": f"Bearer {token_for('ada')}"}


async def add(client: httpx.AsyncClient, headers: Headers, **fields: object) -> httpx.Response:
    return await client.post(CATEGORIES, json=fields, headers=headers)


async def test_a_curator_keeps_categories(client: httpx.AsyncClient, as_carl: Headers) -> None:
    made = await add(client, as_carl, **JAZZ)
    assert made.status_code == 201, made.text
    assert {name: made.json()[name] for name in JAZZ} == JAZZ
    path, tag = made.headers["location"], made.headers["etag"]
    assert (await client.get(path)).json() == made.json()
    unconditional = await client.patch(path, json={"name": "Hot jazz"}, headers=as_carl)
    assert (unconditional.status_code, unconditional.json()["code"]) == (428, "version_required")
    edited = await client.patch(
        path,
        json={"name": "Hot jazz", "icon": None, "slug": "hot-jazz"},
        headers=as_carl | {"If-Match": tag},
    )
    assert (edited.json()["name"], edited.json()["icon"], edited.json()["slug"]) == (
        "Hot jazz",
        None,
        "hot-jazz",
    )
    assert (await client.get(path)).json()["code"] == "category_not_found"
    path = f"{CATEGORIES}/hot-jazz"
    stale = await client.delete(path, headers=as_carl | {"If-Match": tag})
    assert stale.status_code == 412
    assert (await client.delete(path, headers=as_carl)).status_code == 428
    gone = await client.delete(path, headers=as_carl | {"If-Match": edited.headers["etag"]})
    assert gone.status_code == 204
    assert (await client.get(f"{path}/products")).json()["code"] == "category_not_found"


async def test_nobody_else_keeps_them(client: httpx.AsyncClient, as_carl: Headers, as_ada: Headers) -> None:
    path = (await add(client, as_carl, **JAZZ)).headers["location"]
    for headers, status in ((as_ada, 403), ({}, 401)):
        answers = [
            await add(client, headers, name="Mine", slug="mine"),
            await client.patch(path, json={}, headers=headers | {"If-Match": "*"}),
            await client.delete(path, headers=headers | {"If-Match": "*"}),
        ]
        assert [answer.status_code for answer in answers] == [status] * 3


async def test_one_of_a_slug(client: httpx.AsyncClient, as_carl: Headers) -> None:
    racing = await asyncio.gather(*(add(client, as_carl, **JAZZ) for _ in range(5)))
    assert sorted(answer.status_code for answer in racing) == [201, 409, 409, 409, 409]
    await add(client, as_carl, name="Soul", slug="soul")
    taken = await client.patch(
        f"{CATEGORIES}/soul", json={"slug": "jazz"}, headers=as_carl | {"If-Match": "*"}
    )
    assert taken.json()["code"] == "category_exists"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": "No slug"},
        {"slug": "no-name"},
        {"name": " ", "slug": "blank"},
        {"name": "x", "slug": "Not A Slug"},
        {"name": "x", "slug": "x\n"},
        {"name": "x", "slug": "x" * 41},
        {"name": "x", "slug": "x", "color": "red"},
        {"name": "x", "slug": "x", "icon": "\u0000"},
        {"name": "x", "slug": "x", "product_count": 9},
    ],
    ids=range(10),
)
async def test_what_is_no_category(
    client: httpx.AsyncClient, as_carl: Headers, fields: dict[str, Any]
) -> None:
    assert (await add(client, as_carl, **fields)).json()["code"] == "invalid_input"


async def test_they_are_listed_by_name(client: httpx.AsyncClient, as_carl: Headers) -> None:
    for number, name in enumerate(("Rock", "Dub", "Jazz", "Dub")):
        await add(client, as_carl, name=name, slug=f"c{number}")
    names: list[str] = []
    asked: dict[str, Any] = {"limit": 2}
    while "cursor" not in asked or asked["cursor"]:
        page = (await client.get(CATEGORIES, params=asked)).json()
        names += [each["name"] for each in page["items"]]
        asked["cursor"] = page["next_cursor"]
    assert names == ["Dub", "Dub", "Jazz", "Rock"]


async def test_products_stay_when_their_category_goes(
    client: httpx.AsyncClient, as_carl: Headers, as_ada: Headers, connection: asyncpg.Connection
) -> None:
    await add(client, as_carl, **JAZZ)
    body = {"title": "A copy", "category": "jazz", "status": "published"}
    product = (await client.post(PRODUCTS, json=body, headers=as_ada)).headers["location"]
    putting = [client.post(PRODUCTS, json=body, headers=as_ada) for _ in range(4)]
    removing = client.delete(f"{CATEGORIES}/jazz", headers=as_carl | {"If-Match": "*"})
    *put, removed = await asyncio.gather(*putting, removing)
    assert removed.status_code == 204
    assert {answer.status_code for answer in put} <= {201, 404}
    assert (await client.get(product)).json()["category"] is None
    told = await connection.fetch(
        "select envelope from outbox where aggregate_id = $1 order by id", product[-36:]
    )
    last = msgspec.json.decode(told[-1]["envelope"], type=Envelope)
    assert (last.aggregateversion, msgspec.json.decode(last.data)["category"]) == (2, None)


async def test_the_new_slug_of_a_category_is_told_for_its_products(
    client: httpx.AsyncClient, as_carl: Headers, as_ada: Headers, connection: asyncpg.Connection
) -> None:
    await add(client, as_carl, **JAZZ)
    body = {"title": "A copy", "category": "jazz", "status": "published"}
    product = (await client.post(PRODUCTS, json=body, headers=as_ada)).headers["location"]
    for change in ({"name": "Hot jazz"}, {"slug": "hot-jazz"}):
        edited = await client.patch(f"{CATEGORIES}/jazz", json=change, headers=as_carl | {"If-Match": "*"})
        assert edited.status_code == 200
    assert (await client.get(product)).json()["category"] == "hot-jazz"
    told = await connection.fetch(
        "select envelope from outbox where aggregate_id = $1 order by id", product[-36:]
    )
    envelopes = [msgspec.json.decode(row["envelope"], type=Envelope) for row in told]
    said = [(each.aggregateversion, msgspec.json.decode(each.data)["category"]) for each in envelopes]
    assert said == [(1, "jazz"), (2, "hot-jazz")]

"""The demo in a stack of its own: loaded, loaded again, and loaded after somebody broke it off."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from vinyl_devstack.demo import ids
from vinyl_devstack.demo.categories import read_categories
from vinyl_devstack.demo.facts import Catalogue
from vinyl_devstack.demo.filling import STATUSES
from vinyl_devstack.demo.gateway import Gateway, GatewayRefused
from vinyl_devstack.demo.listeners import DemoListener, read_listeners
from vinyl_devstack.demo.load import DemoNotLoaded, load_demo
from vinyl_devstack.stack import Stack

TAKEN = "piotr77"


@pytest.fixture(scope="module")
def listeners(catalogue: Catalogue) -> tuple[DemoListener, ...]:
    return read_listeners(catalogue)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with the demo, in which somebody else had one of the names before."""
    with Stack(tmp_path_factory.mktemp("demo-home")) as stack:
        other = {"username": TAKEN, "email": "other@example.org", "password": "something of my own"}
        httpx.post(f"{stack.gateway_url}/api/v1/auth/signup", json=other, timeout=10.0).raise_for_status()
        asyncio.run(load_demo(stack.gateway_url, stack.home))
        yield stack


@pytest.fixture
async def gateway(loaded: Stack) -> AsyncIterator[Gateway]:
    async with Gateway(loaded.gateway_url, within_seconds=30.0) as gateway:
        yield gateway


async def token_of(gateway: Gateway, listener: DemoListener) -> str:
    credentials = {"login": listener.username, "password": listener.password}
    return str((await gateway.post("/auth/login", credentials))["access_token"])


async def belongings(gateway: Gateway, listener: DemoListener) -> dict[str, list[dict[str, Any]]]:
    token = await token_of(gateway, listener)
    paths = ("/collection", "/wants", "/sellers", "/searches")
    held = {path: [item async for item in gateway.items(path, token=token)] for path in paths}
    held["/products"] = [
        product
        for status in STATUSES
        async for product in gateway.items(
            "/products", {"user": listener.username, "status": status}, token=token
        )
    ]
    held["/ratings"] = [item async for item in gateway.items("/ratings", {"user": listener.username})]
    return held


def changes(held: dict[str, list[dict[str, Any]]]) -> set[tuple[str, str]]:
    return {(item["id"], item.get("updated_at", "")) for items in held.values() for item in items}


async def test_the_catalogue_has_every_record(gateway: Gateway, catalogue: Catalogue) -> None:
    albums = [item async for item in gateway.items("/albums")]
    assert len(albums) == len(catalogue.albums)
    query = {"discogs_release_id": ids.release_id(101, 4)}
    [release] = (await gateway.get("/releases", query))["items"]
    assert release["identifiers"][0]["value"] == "074646493526"


async def test_every_listener_has_what_is_written(
    gateway: Gateway, listeners: tuple[DemoListener, ...]
) -> None:
    for listener in listeners:
        if listener.username == TAKEN:
            continue
        held = await belongings(gateway, listener)
        assert len(held["/collection"]) == len(listener.shelf)
        assert len(held["/wants"]) == len(listener.wants)
        assert len(held["/ratings"]) == len(listener.ratings)
        assert len(held["/sellers"]) == len(listener.sellers)
        assert len(held["/searches"]) == len(listener.searches)
        assert len(held["/products"]) == len(listener.products)
        shown = await gateway.get(f"/users/{listener.username}")
        assert shown["display_name"] == listener.profile["display_name"]


async def test_the_showcase_is_not_empty(
    gateway: Gateway, listeners: tuple[DemoListener, ...], catalogue: Catalogue
) -> None:
    categories = [category["slug"] async for category in gateway.items("/categories")]
    assert sorted(categories) == sorted(category["slug"] for category in read_categories())
    products = {product["title"]: product async for product in gateway.items("/products")}
    published = [each for one in listeners for each in one.products if each.details["status"] == "published"]
    assert len(products) == len(published)
    for slug in categories:
        assert [product async for product in gateway.items(f"/categories/{slug}/products")]
    offered = products["Closer, one too many"]
    assert (offered["user"]["username"], offered["price"]) == (
        "fintan",
        {"amount": "28.00", "currency": "EUR"},
    )
    album = await gateway.get(f"/albums/{offered['album_id']}")
    assert album["title"] == "Closer"
    assert offered["release_id"] is not None


async def test_a_taken_name_stays_with_its_owner(gateway: Gateway) -> None:
    assert [item async for item in gateway.items("/ratings", {"user": TAKEN})] == []


async def test_what_was_loaded_is_not_loaded_again(loaded: Stack) -> None:
    began = time.monotonic()
    again = await load_demo(loaded.gateway_url, loaded.home)
    assert (again.username, again.is_new) == ("demo", False)
    assert time.monotonic() - began < 3


async def test_a_run_that_was_broken_off_is_completed(
    gateway: Gateway, loaded: Stack, listeners: tuple[DemoListener, ...]
) -> None:
    demo = listeners[0]
    before = await belongings(gateway, demo)
    lost = {path: items[-1]["id"] for path, items in before.items()}
    headers = {"Authorization": f"Bearer {await token_of(gateway, demo)}"}
    async with httpx.AsyncClient(base_url=f"{loaded.gateway_url}/api/v1", headers=headers) as client:
        for path, number in lost.items():
            (await client.delete(f"{path}/{number}")).raise_for_status()
    (loaded.home / "demo-loaded").unlink()
    assert (await load_demo(loaded.gateway_url, loaded.home)).is_new
    after = await belongings(gateway, demo)
    assert {path: len(items) for path, items in after.items()} == {
        path: len(items) for path, items in before.items()
    }
    touched = {item["id"] for item in before["/products"] if item["collection_item_id"] in lost.values()}
    kept = {change for change in changes(before) if change[0] not in {*lost.values(), *touched}}
    assert kept <= changes(after)


async def test_a_second_run_changes_nothing(
    gateway: Gateway, loaded: Stack, listeners: tuple[DemoListener, ...]
) -> None:
    before = [changes(await belongings(gateway, listener)) for listener in listeners[:3]]
    (loaded.home / "demo-loaded").unlink()
    assert (await load_demo(loaded.gateway_url, loaded.home)).is_new
    assert [changes(await belongings(gateway, listener)) for listener in listeners[:3]] == before


async def test_an_answer_that_waiting_does_not_mend_is_told(gateway: Gateway) -> None:
    with pytest.raises(GatewayRefused) as refused:
        await gateway.get("/albums/00000000-0000-7000-8000-000000000000/nothing")
    assert refused.value.code == "route_not_found"


async def test_a_gateway_that_is_not_there_is_waited_for_and_told(tmp_path: Path) -> None:
    with pytest.raises(DemoNotLoaded):
        await load_demo("http://127.0.0.1:9", tmp_path, within_seconds=1.0)
    assert not (tmp_path / "demo-loaded").exists()

"""What a listener has, wants, rates, follows and shows: what is missing is added, nothing is changed."""

import asyncio
from typing import Any, NamedTuple

from vinyl_devstack.demo.gateway import Gateway
from vinyl_devstack.demo.listeners import DemoListener
from vinyl_devstack.demo.looking_up import Known

PROVIDER = "discogs"
STATUSES = ("published", "draft", "archived")


class SignedIn(NamedTuple):
    """`user` is the listener's own profile as the API tells it."""

    token: str
    user: dict[str, Any]


async def fill(gateway: Gateway, listener: DemoListener, signed_in: SignedIn, known: Known) -> None:
    """Raises GatewayRefused."""
    token = signed_in.token
    await asyncio.gather(
        add_profile(gateway, listener, signed_in),
        add_shelf_and_showcase(gateway, listener, token, known),
        add_wants(gateway, listener, token, known),
        add_ratings(gateway, listener, token, known),
        add_sellers(gateway, listener, token),
        add_searches(gateway, listener, token),
    )


async def add_profile(gateway: Gateway, listener: DemoListener, signed_in: SignedIn) -> None:
    if signed_in.user["display_name"] is None:
        await gateway.patch("/users/profile", listener.profile, token=signed_in.token)


async def add_shelf_and_showcase(gateway: Gateway, listener: DemoListener, token: str, known: Known) -> None:
    """Products are about copies, so these come first."""
    await add_shelf(gateway, listener, token, known)
    await add_products(gateway, listener, token, known)


async def add_products(gateway: Gateway, listener: DemoListener, token: str, known: Known) -> None:
    shown = set()
    for status in STATUSES:
        query = {"user": listener.username, "status": status}
        shown |= {product["title"] async for product in gateway.items("/products", query, token=token)}
    items = {item["release_id"]: item["id"] async for item in gateway.items("/collection", token=token)}
    missing = []
    for product in listener.products:
        one = dict(product.details)
        if product.discogs_release_id:
            one["collection_item_id"] = items[known.releases[product.discogs_release_id]]
        if product.album:
            one["album_id"] = known.albums[product.album]
        if product.details["title"] not in shown:
            missing.append(one)
    await add(gateway, "/products", missing, token)


async def add_shelf(gateway: Gateway, listener: DemoListener, token: str, known: Known) -> None:
    owned = {item["release_id"] async for item in gateway.items("/collection", token=token)}
    copies = [
        {"release_id": known.releases[copy.discogs_release_id], **copy.details} for copy in listener.shelf
    ]
    missing = [copy for copy in copies if copy["release_id"] not in owned]
    await add(gateway, "/collection", missing, token)


async def add_wants(gateway: Gateway, listener: DemoListener, token: str, known: Known) -> None:
    wanted = {item["album_id"] async for item in gateway.items("/wants", token=token)}
    missing = []
    for wish in listener.wants:
        album_id = known.albums[wish.album]
        one = {"album_id": album_id, **wish.details}
        if wish.discogs_release_id:
            one["release_id"] = known.releases[wish.discogs_release_id]
        if album_id not in wanted:
            missing.append(one)
    await add(gateway, "/wants", missing, token)


async def add_ratings(gateway: Gateway, listener: DemoListener, token: str, known: Known) -> None:
    rated = {item["album_id"] async for item in gateway.items("/ratings", {"user": listener.username})}
    ratings = [
        {"album_id": known.albums[number], "rating": stars} for number, stars in listener.ratings.items()
    ]
    missing = [rating for rating in ratings if rating["album_id"] not in rated]
    await add(gateway, "/ratings", missing, token)


async def add_sellers(gateway: Gateway, listener: DemoListener, token: str) -> None:
    followed = {item["username"] async for item in gateway.items("/sellers", token=token)}
    sellers = [{"provider": PROVIDER, "username": name} for name in listener.sellers if name not in followed]
    await add(gateway, "/sellers", sellers, token)


async def add_searches(gateway: Gateway, listener: DemoListener, token: str) -> None:
    saved = {item["name"] async for item in gateway.items("/searches", token=token)}
    missing = [search for search in listener.searches if search["name"] not in saved]
    await add(gateway, "/searches", missing, token)


async def add(gateway: Gateway, path: str, bodies: list[dict[str, Any]], token: str) -> None:
    await asyncio.gather(*(gateway.post(path, body, token=token) for body in bodies))

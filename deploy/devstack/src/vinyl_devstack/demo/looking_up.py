"""What the catalogue calls the albums and pressings that the listeners speak of."""

import asyncio
from typing import Any, NamedTuple

from vinyl_devstack.demo import ids
from vinyl_devstack.demo.facts import Catalogue
from vinyl_devstack.demo.gateway import Gateway
from vinyl_devstack.demo.listeners import DemoListener


class NotInCatalogue(Exception):
    """A record that was imported is not found by its id at Discogs."""


class Known(NamedTuple):
    """The catalogue's ids: of albums by the demo's number, of releases by Discogs' id."""

    albums: dict[int, str]
    releases: dict[int, str]


async def look_up(gateway: Gateway, catalogue: Catalogue, listeners: tuple[DemoListener, ...]) -> Known:
    """Raises NotInCatalogue and GatewayRefused."""
    albums = {number for each in listeners for number in each.albums}
    copies = {copy.discogs_release_id for each in listeners for copy in each.shelf}
    wanted = {want.discogs_release_id for each in listeners for want in each.wants if want.discogs_release_id}
    releases = sorted(copies | wanted)
    album_ids, found = await asyncio.gather(
        asyncio.gather(*(_album_id(gateway, catalogue, number) for number in albums)),
        asyncio.gather(*(_release(gateway, number) for number in releases)),
    )
    return Known(
        dict(zip(albums, album_ids, strict=True)),
        {number: release["id"] for number, release in zip(releases, found, strict=True)},
    )


async def _album_id(gateway: Gateway, catalogue: Catalogue, number: int) -> str:
    album = catalogue.albums_by_number[number]
    if album.has_master:
        return str((await _only(gateway, "/albums", discogs_master_id=ids.master_id(number)))["id"])
    release = await _release(gateway, ids.release_id(number, album.pressings[0].number))
    return str(release["album_id"])


async def _release(gateway: Gateway, discogs_id: int) -> dict[str, Any]:
    return await _only(gateway, "/releases", discogs_release_id=discogs_id)


async def _only(gateway: Gateway, path: str, **by: int) -> dict[str, Any]:
    items: list[dict[str, Any]] = (await gateway.get(path, by))["items"]
    if not items:
        raise NotInCatalogue(f"The catalogue has nothing at {path} by {by}.")
    return items[0]

"""What holds after any fault: nothing acknowledged is lost or doubled, every copy equals its source."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from listener import Listener


async def find_albums(gateway_url: str, most: int = 100) -> list[str]:
    """`most` in whole hundreds."""
    albums: list[str] = []
    query = {"limit": "100"}
    async with httpx.AsyncClient(base_url=f"{gateway_url}/api/v1") as client:
        while len(albums) < most:
            page = (await client.get("/albums", params=query)).raise_for_status().json()
            albums += [item["id"] for item in page["items"]]
            query["cursor"] = page["next_cursor"]
    return albums


async def count_lost_and_doubled(listeners: Sequence[Listener]) -> tuple[int, int]:
    lost = doubled = 0
    for listener in listeners:
        rated = await listener.list_all("/ratings", user=listener.username)
        stars = {rating["album_id"]: rating["rating"] for rating in rated}
        lost += sum(stars.get(album) != given for album, given in listener.ratings.items())
        doubled += len(rated) - len(stars)
        wanted = await listener.list_all("/wants")
        ids = {want["notes"]: want["id"] for want in wanted}
        lost += sum(ids.get(note) != given for note, given in listener.wants.items())
        doubled += sum(count - 1 for count in Counter(want["notes"] for want in wanted).values())
    return lost, doubled


async def settle(home: Path, gateway_url: str, albums: Sequence[str], *, within_seconds: float) -> float:
    """Seconds until the catalogue's summaries equal rating's, and search's wants user's."""
    began = time.monotonic()
    while True:
        differing = await differing_summaries(gateway_url, albums) + await differing_wants(home)
        if not differing:
            return time.monotonic() - began
        assert time.monotonic() - began < within_seconds, differing[:5]
        await asyncio.sleep(0.2)


async def differing_summaries(gateway_url: str, albums: Sequence[str]) -> list[Any]:
    differing = []
    async with httpx.AsyncClient(base_url=f"{gateway_url}/api/v1", timeout=10.0) as client:
        for album in albums:
            source = (await client.get("/ratings/summary", params={"album_id": album})).json()
            copy = (await client.get(f"/albums/{album}")).json()["rating"]
            if any(copy[field] != source[field] for field in ("count", "average", "bayesian_average")):
                differing.append((album, source, copy))
    return differing


async def differing_wants(home: Path) -> list[Any]:
    source = await read(home, "user", "select id, version from wants")
    copy = await read(home, "search", "select want_id, version from known_wants where not removed")
    return sorted(source ^ copy, key=str)


async def read(home: Path, service: str, statement: str) -> set[tuple[Any, ...]]:
    connection = await asyncpg.connect(database_url(home, service))
    try:
        return {tuple(row) for row in await connection.fetch(statement)}
    finally:
        await connection.close()


def database_url(home: Path, service: str) -> str:
    name = f"VINYL_{service.upper()}_DATABASE_URL="
    lines = (home / "settings" / f"{service}.env").read_text().splitlines()
    [url] = [line.removeprefix(name) for line in lines if line.startswith(name)]
    return url

"""Promise 21: new signing keys turn nobody away, a retired one ends, and invented ones cost nothing."""

import asyncio
import base64
import json
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from listener import Listener
from prometheus_client.parser import text_string_to_metric_families

from vinyl_devstack.stack import Stack

ROTATIONS = int(os.environ.get("VINYL_DRILL_ROTATIONS", "20"))
BETWEEN_SECONDS = 2.5
# How long a key is published before it signs: the user service's own setting.
ANNOUNCED_SECONDS = 45.0
PER_SECOND, PEOPLE, REFRESHED_SECONDS = 200, 20, 2.0
RETIRED_SECONDS = 300.0
INVENTED = 10_000
# Verified by the gateway, and by each service again.
PATHS = ("/searches?limit=1", "/wants?limit=1", "/ratings?limit=1", "/albums?limit=1")
JWKS = "/.well-known/jwks.json"


def key_id(token: str) -> str:
    head = token.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"])


def claimed_by(kid: str, token: str) -> str:
    head = json.dumps({"alg": "EdDSA", "typ": "at+jwt", "kid": kid}).encode()
    return base64.urlsafe_b64encode(head).rstrip(b"=").decode() + token[token.index(".") :]


class Person:
    """Has a token that is never old: refreshed again and again, so that the newest key has signed it."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.headers: dict[str, str] = {}
        self.key_ids: set[str] = set()

    async def sign_up(self, name: str) -> None:
        password = "dead wax and run-outs"
        account = {"username": name, "email": f"{name}@example.org", "password": password}
        self._take((await self._client.post("/auth/signup", json=account)).raise_for_status().json())

    async def keep_fresh(self, until: asyncio.Event) -> None:
        while not until.is_set():
            answer = await self._client.post("/auth/refresh", json={"refresh_token": self._refresh_token})
            self._take(answer.raise_for_status().json())
            await asyncio.sleep(REFRESHED_SECONDS)

    def _take(self, tokens: dict[str, Any]) -> None:
        self._refresh_token = tokens["refresh_token"]
        self.headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        self.key_ids.add(key_id(tokens["access_token"]))


async def ask_at_rate(
    client: httpx.AsyncClient, people: list[Person], until: asyncio.Event
) -> Counter[tuple[str, int]]:
    """How often each path was answered with which status, 0 where it was not."""
    seen: Counter[tuple[str, int]] = Counter()

    async def ask(person: Person, path: str) -> None:
        try:
            status = (await client.get(path, headers=person.headers)).status_code
        except httpx.TransportError:
            status = 0
        seen[path, status] += 1

    began_at, number = time.perf_counter(), 0
    async with asyncio.TaskGroup() as asking:
        while not until.is_set():
            asking.create_task(ask(people[number % PEOPLE], PATHS[number // PEOPLE % len(PATHS)]))
            number += 1
            await asyncio.sleep(began_at + number / PER_SECOND - time.perf_counter())
    return seen


async def key_sets_fetched(stack: Stack) -> int:
    async with httpx.AsyncClient(base_url=stack.service_url("user")) as client:
        exposed = (await client.get("/metrics")).text
    samples = (sample for family in text_string_to_metric_families(exposed) for sample in family.samples)
    return sum(
        int(each.value)
        for each in samples
        if each.name == "http_server_duration_count" and each.labels["route"] == JWKS
    )


class Keys:
    """The folder of a stack's signing keys, whose first is made when it is needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, number: int) -> None:
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        draft = self._folder / f"{number}.draft"
        draft.write_bytes(pem)
        draft.rename(self._folder / f"rotated-{number}.pem")

    def retire_first(self) -> None:
        [first] = [file for file in self._folder.glob("*.pem") if not file.name.startswith("rotated-")]
        first.unlink()


@pytest.fixture
def keys(drilled: Stack) -> Keys:
    return Keys(drilled.home / "signing-keys")


async def test_invented_keys_fetch_nothing(
    drilled: Stack, sign_up: Callable[[], Awaitable[Listener]], figure: Callable[[str], None]
) -> None:
    token = (await sign_up()).headers["Authorization"].removeprefix("Bearer ")
    numbers = iter(range(INVENTED))
    statuses: Counter[int] = Counter()

    async def invent(client: httpx.AsyncClient) -> None:
        for number in numbers:
            headers = {"Authorization": f"Bearer {claimed_by(f'invented-{number}', token)}"}
            statuses[(await client.get("/wants", headers=headers)).status_code] += 1

    before, began_at = await key_sets_fetched(drilled), time.monotonic()
    async with httpx.AsyncClient(base_url=f"{drilled.gateway_url}/api/v1") as client:
        await asyncio.gather(*(invent(client) for _ in range(16)))
    took, fetched = time.monotonic() - began_at, await key_sets_fetched(drilled) - before
    figure(
        f"{INVENTED} invented keys in {took:.0f} s: {dict(statuses)}, published keys fetched {fetched} times"
    )
    assert set(statuses) == {401}
    assert fetched <= 1 + took / 30


async def test_rotation_turns_nobody_away(drilled: Stack, keys: Keys, figure: Callable[[str], None]) -> None:
    over = asyncio.Event()
    async with httpx.AsyncClient(base_url=f"{drilled.gateway_url}/api/v1", timeout=10.0) as client:
        people = [Person(client) for _ in range(PEOPLE)]
        for place, person in enumerate(people):
            await person.sign_up(f"rotated-{os.getpid()}-{place}")
        oldest = people[0].headers
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(ask_at_rate(client, people, over))
            for person in people:
                group.create_task(person.keep_fresh(over))
            for number in range(ROTATIONS):
                await asyncio.sleep(BETWEEN_SECONDS)
                keys.add(number)
            await asyncio.sleep(ANNOUNCED_SECONDS + 2 * REFRESHED_SECONDS)
            over.set()
        refused = {each: count for each, count in asking.result().items() if each[1] != 200}
        signed_by = set[str]().union(*(person.key_ids for person in people))
        figure(
            f"{ROTATIONS} rotations at {PER_SECOND} requests/s: {asking.result().total()} requests with "
            f"tokens of {len(signed_by)} keys, not answered with 200: {refused}"
        )
        assert len(signed_by) > 0.8 * ROTATIONS
        assert not [status for _, status in refused if status in {401, 403}]
        keys.retire_first()
        seconds = await ended(drilled, oldest)
        figure(f"A retired key was refused after {seconds:.0f} s")
        assert seconds < RETIRED_SECONDS
        assert (await client.get("/wants", headers=people[0].headers)).status_code == 200


async def ended(stack: Stack, headers: dict[str, str]) -> float:
    """Seconds until the gateway and a service of its own refuse the token."""
    began_at = time.monotonic()
    urls = [f"{at}/api/v1/searches" for at in (stack.gateway_url, stack.service_url("search"))]
    async with httpx.AsyncClient() as client, asyncio.timeout(2 * RETIRED_SECONDS):
        while {(await client.get(url, headers=headers)).status_code for url in urls} != {401}:
            await asyncio.sleep(0.5)
    return time.monotonic() - began_at

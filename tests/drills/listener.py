"""A listener who writes without pause, and remembers exactly what was acknowledged."""

import asyncio
import itertools
import os
import random
import time
from typing import Any

import httpx

_people = itertools.count(1)
RETRIED_SECONDS = 120.0


class Listener:
    """`ratings` holds the acknowledged stars by album, `wants` the acknowledged id by note."""

    def __init__(self, gateway_url: str) -> None:
        self.client = httpx.AsyncClient(base_url=f"{gateway_url}/api/v1", timeout=10.0)
        self.username = f"driller-{os.getpid()}-{next(_people)}"
        self.headers: dict[str, str] = {}
        self.ratings: dict[str, int] = {}
        self.wants: dict[str, str] = {}
        self.unanswered = 0
        self._numbers = itertools.count(1)

    @property
    def written(self) -> int:
        return next(self._numbers) - 1

    async def sign_up(self) -> None:
        account = {
            "username": self.username,
            "email": f"{self.username}@example.org",
            "password": "dead wax and run-outs",
        }
        answer = await self._answered("/auth/signup", account)
        self.headers = {"Authorization": f"Bearer {answer['access_token']}"}

    async def write(self, albums: list[str], until: asyncio.Event, pause_seconds: float = 0.02) -> None:
        while not until.is_set():
            album = random.choice(albums)
            if random.random() < 0.5:
                await self.rate(album, random.randint(1, 5))
            else:
                await self.want(album)
            await asyncio.sleep(pause_seconds)

    async def rate(self, album: str, stars: int) -> None:
        answer = await self._answered("/ratings", {"album_id": album, "rating": stars})
        assert answer["rating"] == stars
        self.ratings[album] = stars

    async def want(self, album: str) -> None:
        note = f"{self.username} {len(self.wants)}"
        answer = await self._answered("/wants", {"album_id": album, "notes": note})
        assert answer["notes"] == note
        self.wants[note] = answer["id"]

    async def list_all(self, path: str, **query: str) -> list[Any]:
        items: list[Any] = []
        cursor: dict[str, str] = {}
        while True:
            answer = await self.client.get(
                path, params={"limit": "100", **query, **cursor}, headers=self.headers
            )
            page = answer.raise_for_status().json()
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = {"cursor": page["next_cursor"]}

    async def _answered(self, path: str, body: dict[str, Any]) -> Any:
        """The same request with the same Idempotency-Key until it is answered."""
        headers = {**self.headers, "Idempotency-Key": f"{self.username}-{next(self._numbers)}"}
        given_up_at = time.monotonic() + RETRIED_SECONDS
        while True:
            try:
                answer = await self.client.post(path, json=body, headers=headers)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.is_success:
                return answer.json()
            retried = answer is None or answer.status_code >= 500 or is_in_flight(answer)
            assert retried, f"{path}: {answer and answer.text}"
            assert time.monotonic() < given_up_at, f"{path}: {answer and answer.text}"
            self.unanswered += 1
            await asyncio.sleep(0.1)


def is_in_flight(answer: httpx.Response) -> bool:
    return answer.status_code == 409 and answer.json()["code"] == "request_in_flight"

"""The main job, step by step, as a client that repeats what it has no answer to."""

import asyncio
import itertools
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx

DUMP = Path(__file__).parent / "dump"
NO_ANSWER = {502, 503, 504}
_people = itertools.count(1)


def import_dump(home: Path, *files: Path) -> str:
    """What the importer printed. It runs as `make import` runs it, knowing only the home."""
    command = [sys.executable, "-m", "vinyl_catalog", "import", *map(str, files)]
    environment = {**os.environ, "VINYL_HOME": str(home)}
    finished = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


class Journey:
    """A new listener on the way to a record. Every POST has its Idempotency-Key, so repeating is safe."""

    def __init__(self, gateway_url: str) -> None:
        self.client = httpx.AsyncClient(base_url=f"{gateway_url}/api/v1", timeout=10.0)
        self.username = f"traveller-{os.getpid()}-{next(_people)}"
        self.headers: dict[str, str] = {}
        self.album_id = ""
        self.search_id = ""
        self.acknowledged: dict[str, str] = {}
        self._keys = itertools.count(1)

    async def call(self, method: str, path: str, **arguments: Any) -> Any:
        """The answer's body; asks again while a process that was killed comes back."""
        headers = {**self.headers, **arguments.pop("headers", {})}
        if method == "POST":
            headers["Idempotency-Key"] = f"{self.username}-{next(self._keys)}"
        async with asyncio.timeout(30):
            while True:
                try:
                    answer = await self.client.request(method, path, headers=headers, **arguments)
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                    continue
                if answer.status_code in NO_ANSWER or answer.json().get("code") == "request_in_flight":
                    await asyncio.sleep(0.1)
                    continue
                assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
                return answer.json()

    async def until(self, condition: Callable[[], Awaitable[Any]], seconds: float = 30.0) -> Any:
        async with asyncio.timeout(seconds):
            while not (found := await condition()):
                await asyncio.sleep(0.05)
            return found

    async def sign_up(self) -> None:
        password = "dead wax and run-outs"
        account = {"username": self.username, "email": f"{self.username}@example.org", "password": password}
        answer = await self.call("POST", "/auth/signup", json=account)
        self.headers = {"Authorization": f"Bearer {answer['access_token']}"}

    async def find_album(self) -> None:
        """The search hears of an import within a second."""
        self.album_id = await self.until(self.search_album)

    async def search_album(self) -> str | None:
        found = await self.call("GET", "/search", params={"q": "ballad of the run-out", "type": "album"})
        ids = [item["id"] for item in found["items"] if item["title"] == "Ballad Of The Run-Out Groove"]
        return ids[0] if ids else None

    async def want_it(self) -> None:
        want = {"album_id": self.album_id, "min_media_condition": "F", "notes": "any pressing"}
        self.acknowledged["want"] = (await self.call("POST", "/wants", json=want))["id"]

    async def follow_seller(self) -> None:
        seller = {"provider": "discogs", "username": "second-spin"}
        self.acknowledged["seller"] = (await self.call("POST", "/sellers", json=seller))["id"]

    async def save_search(self) -> None:
        search = {"name": "What I want", "use_wants": True, "providers": ["discogs"], "ships_to": "DE"}
        self.search_id = (await self.call("POST", "/searches", json=search))["id"]

    async def run_search(self) -> None:
        run_id = (await self.call("POST", f"/searches/{self.search_id}/run"))["run_id"]

        async def run() -> Any:
            runs = (await self.call("GET", f"/searches/{self.search_id}/runs"))["items"]
            [run] = [run for run in runs if run["id"] == run_id]
            return run if run["state"] in ("done", "failed") else None

        run = await self.until(run)
        assert run["state"] == "done", run

    async def read_results(self) -> list[dict[str, Any]]:
        """Runs again where the want or the seller had not reached the search service yet."""

        async def results() -> Any:
            items = (await self.call("GET", f"/searches/{self.search_id}/results"))["items"]
            if not items:
                await self.run_search()
            return items

        return list(await self.until(results))

    async def rate_it(self) -> None:
        rating = {"album_id": self.album_id, "rating": 5}
        self.acknowledged["rating"] = (await self.call("POST", "/ratings", json=rating))["id"]

    async def ratings_on_album(self) -> int:
        return int((await self.call("GET", f"/albums/{self.album_id}"))["rating"]["count"])

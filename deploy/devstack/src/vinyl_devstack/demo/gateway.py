"""The public API as the demo's loader sees it: patient with limits, restarts and news that still travel."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Self

import httpx

NOT_THERE = frozenset({502, 503, 504})
NOT_HEARD_OF = frozenset({"album_not_found", "release_not_found", "collection_item_not_found"})
AT_ONCE = 16
PAUSE_SECONDS = 0.1
MOST_PER_PAGE = 100

Parameters = Mapping[str, str | int]
NONE: Parameters = {}


class GatewayRefused(Exception):
    """An answer that waiting does not mend, or has not mended in time."""

    def __init__(self, method: str, path: str, answer: str, code: str = "") -> None:
        super().__init__(f"{method} {path}: {answer}")
        self.code = code


class Gateway:
    """Asks again what was throttled, met a process that starts, or names something that a service has not
    heard of yet: until `within_seconds` after it was made."""

    def __init__(self, url: str, within_seconds: float) -> None:
        self._client = httpx.AsyncClient(base_url=f"{url}/api/v1", timeout=10.0)
        self._deadline = time.monotonic() + within_seconds
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get(self, path: str, params: Parameters = NONE, *, token: str = "") -> Any:
        return await self._call("GET", path, token, {"params": params})

    async def post(self, path: str, body: dict[str, Any], *, token: str = "") -> Any:
        return await self._call("POST", path, token, {"json": body})

    async def patch(self, path: str, body: dict[str, Any], *, token: str = "") -> Any:
        return await self._call("PATCH", path, token, {"json": body})

    async def items(
        self, path: str, params: Parameters = NONE, *, token: str = ""
    ) -> AsyncIterator[dict[str, Any]]:
        """A whole list, page by page."""
        more: dict[str, str] = {}
        while True:
            page = await self.get(path, {"limit": MOST_PER_PAGE, **params, **more}, token=token)
            for item in page["items"]:
                yield item
            if not page["next_cursor"]:
                return
            more = {"cursor": page["next_cursor"]}

    async def _call(self, method: str, path: str, token: str, what: dict[str, Any]) -> Any:
        """The body of a good answer. Raises GatewayRefused."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        while True:
            try:
                async with self._turns:
                    answer = await self._client.request(method, path, headers=headers, **what)
            except httpx.TransportError as error:
                pause, said, code = PAUSE_SECONDS, repr(error), ""
            else:
                if answer.is_success:
                    return answer.json()
                code = code_of(answer)
                pause, said = pause_before_again(answer, code), f"{answer.status_code} {answer.text}"
            if not pause or time.monotonic() + pause > self._deadline:
                raise GatewayRefused(method, path, said, code)
            await asyncio.sleep(pause)


def pause_before_again(answer: httpx.Response, code: str) -> float:
    """Seconds; 0 where asking again is no use."""
    if answer.status_code == 429:
        told = answer.headers.get("Retry-After", "")
        return float(told) if told.isdigit() else 1.0
    waits = answer.status_code in NOT_THERE or code in NOT_HEARD_OF or code == "request_in_flight"
    return PAUSE_SECONDS if waits else 0.0


def code_of(answer: httpx.Response) -> str:
    """The problem's slug, empty where the answer is no problem document."""
    if "json" not in answer.headers.get("Content-Type", ""):
        return ""
    return str(answer.json().get("code", ""))

"""Asking a source over HTTP: in turn, in time, within bounds, and again where that may help."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from vinyl_catalog.domain.sources import Source
from vinyl_catalog.enrichment.faults import (
    BadAnswer,
    NoSuchThing,
    RateLimited,
    Refused,
    SourceFault,
    Unreachable,
)
from vinyl_catalog.enrichment.turns import Turns
from vinyl_chassis.clock import now

AnswerT = TypeVar("AnswerT")
MOST_BYTES = 4 * 1024 * 1024
_MOST_REDIRECTS = 3
_LONGEST_BLOCK_SECONDS = 3600.0


class Credential(Protocol):
    """Who asks. `drop` forgets what was refused, and says whether another may be had."""

    async def headers(self) -> dict[str, str]: ...

    def drop(self) -> bool: ...


class NoCredential:
    async def headers(self) -> dict[str, str]:
        return {}

    def drop(self) -> bool:
        return False


class Transport:
    """`redirects_to` are the hosts, those below them included, that the source may send us on to.
    `on_headers` sees those of every answer."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        turns: Turns,
        *,
        redirects_to: tuple[str, ...] = (),
        credential: Credential | None = None,
        on_headers: Callable[[httpx.Headers], Awaitable[None]] | None = None,
    ) -> None:
        self._client = client
        self._turns = turns
        self._redirects_to = redirects_to
        self._credential = credential or NoCredential()
        self._on_headers = on_headers

    async def get(self, path: str, kind: type[AnswerT], parameters: Mapping[str, str] = {}) -> AnswerT:
        """The answer as `kind`. Raises SourceFault: what may pass is tried again first."""
        patience = self._turns.patience
        for attempt in range(1, patience.attempts + 1):
            await self._turns.take()
            try:
                return await self._ask(path, kind, parameters)
            except NoSuchThing:
                await self._turns.note_answer()
                raise
            except SourceFault as fault:
                await self._turns.note_fault(fault)
                if attempt == patience.attempts or isinstance(fault, Refused):
                    raise
            spread = random.uniform(0.5, 1.5)  # noqa: S311 - so that retries do not march in step
            await asyncio.sleep(patience.pause_seconds * 2 ** (attempt - 1) * spread)
        raise AssertionError("the last attempt returns or raises")

    async def _ask(self, path: str, kind: type[AnswerT], parameters: Mapping[str, str]) -> AnswerT:
        headers = await self._credential.headers()
        try:
            async with asyncio.timeout(self._turns.patience.answer_seconds):
                response, body = await self._send(path, parameters, headers)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.DecodingError, TimeoutError) as error:
            raise Unreachable(repr(error)) from None
        if self._on_headers is not None:
            await self._on_headers(response.headers)
        if response.status_code == 401 and self._credential.drop():
            raise Unreachable("it ended our token before its time")
        _check(self._turns.source, response)
        try:
            answer = msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, RecursionError) as error:
            raise BadAnswer(str(error)) from None
        await self._turns.note_answer()
        return answer

    async def _send(
        self, path: str, parameters: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[httpx.Response, bytes]:
        url: str | httpx.URL = path
        for _ in range(_MOST_REDIRECTS + 1):
            given = parameters if url == path else None
            async with self._client.stream("GET", url, params=given, headers=headers) as response:
                if not response.is_redirect:
                    return response, await _read(response)
                url, headers = self._next(response), {}
        raise BadAnswer("the source sends us in a circle")

    def _next(self, response: httpx.Response) -> httpx.URL:
        target = response.url.join(response.headers.get("location", ""))
        host = target.host
        known = any(host == each or host.endswith(f".{each}") for each in self._redirects_to)
        same = (target.scheme, host, target.port) == (
            self._client.base_url.scheme,
            self._client.base_url.host,
            self._client.base_url.port,
        )
        if same or (known and target.scheme in ("http", "https") and target.port is None):
            return target.copy_with(scheme="https") if known and not same else target
        raise BadAnswer(f"the source sends us to {urlsplit(str(target)).hostname}")


async def _read(response: httpx.Response) -> bytes:
    """Raises BadAnswer for more than MOST_BYTES, counted after decompression."""
    body = bytearray()
    async for part in response.aiter_bytes(65536):
        body += part
        if len(body) > MOST_BYTES:
            raise BadAnswer("the answer is larger than anything documented")
    return bytes(body)


def _check(source: Source, response: httpx.Response) -> None:
    status = response.status_code
    if status == 200:
        return
    wait = _retry_after(response.headers.get("retry-after"))
    # MusicBrainz says 503 where it means that one asks too often
    if status == 429 or (status == 503 and (wait is not None or source is Source.MUSICBRAINZ)):
        raise RateLimited(f"it answered {status}", wait)
    if status in (401, 403):
        raise Refused(f"it answered {status}")
    if status in (404, 410):
        raise NoSuchThing(f"it answered {status}")
    if status >= 500 or status == 408:
        raise Unreachable(f"it answered {status}")
    raise BadAnswer(f"it answered {status}")


def _retry_after(text: str | None) -> float | None:
    """Seconds from now, out of a number or a date; an hour at most. None where it is neither."""
    if not text:
        return None
    try:
        seconds = (
            float(text) if text.strip().isdigit() else (parsedate_to_datetime(text) - now()).total_seconds()
        )
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 1.0), _LONGEST_BLOCK_SECONDS)

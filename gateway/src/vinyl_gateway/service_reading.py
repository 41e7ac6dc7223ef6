"""What the gateway asks services on its own account: their health and their documents."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

import httpx

from vinyl_gateway.public_routes import Service


class ServiceReading:
    def __init__(self, urls: Mapping[Service, Sequence[str]]) -> None:
        self._urls = urls
        self._client: httpx.AsyncClient

    async def __aenter__(self) -> Self:
        self._client = httpx.AsyncClient(trust_env=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def read(self, service: Service, path: str, seconds: float) -> httpx.Response:
        """Of the first of its instances that answers. Raises httpx.HTTPError."""
        *others, last = self._urls[service]
        for url in others:
            with suppress(httpx.HTTPError):
                return await self._client.get(url.rstrip("/") + path, timeout=seconds)
        return await self._client.get(last.rstrip("/") + path, timeout=seconds)

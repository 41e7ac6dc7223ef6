"""What the gateway asks services on its own account: their health and their documents."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpx

from vinyl_gateway.public_routes import Service


class ServiceReading:
    def __init__(self, urls: Mapping[Service, str]) -> None:
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
        """Raises httpx.HTTPError."""
        return await self._client.get(self._urls[service].rstrip("/") + path, timeout=seconds)

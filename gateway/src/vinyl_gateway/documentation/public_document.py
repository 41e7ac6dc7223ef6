"""The merged document of the services that run, read from them when first asked for and kept a while."""

import asyncio
import time
from collections.abc import Sequence

import httpx
import msgspec
import structlog

from vinyl_contracts.errors import Unavailable
from vinyl_gateway.documentation.merging import Document, UndocumentedRoute, merge
from vinyl_gateway.public_routes import PublicRoute, Service
from vinyl_gateway.service_reading import ServiceReading

ASK_SECONDS = 10.0
FRESH_SECONDS = 30.0
_log = structlog.get_logger("documentation")


class PublicDocument:
    def __init__(self, services: ServiceReading, routes: Sequence[PublicRoute]) -> None:
        self._services = services
        self._routes = routes
        self._lock = asyncio.Lock()
        self._document: Document | None = None
        self._read_at = float("-inf")

    async def read(self) -> Document:
        """The last good one where a service is away. Raises Unavailable when there is none yet."""
        async with self._lock:
            if self._document is None or time.monotonic() - self._read_at > FRESH_SECONDS:
                await self._refresh()
            if self._document is None:
                raise Unavailable("A service is away, so its routes cannot be described; try again.", 2)
            return self._document

    async def _refresh(self) -> None:
        try:
            documents = await asyncio.gather(*(self._ask(service) for service in Service))
            self._document = merge(dict(zip(Service, documents, strict=True)), self._routes)
            self._read_at = time.monotonic()
        except (httpx.HTTPError, msgspec.DecodeError, UndocumentedRoute) as error:
            _log.warning("document_not_read", error=repr(error))

    async def _ask(self, service: Service) -> Document:
        answer = await self._services.read(service, "/openapi.json", ASK_SECONDS)
        return msgspec.json.decode(answer.raise_for_status().content, type=Document)

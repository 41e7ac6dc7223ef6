"""Where exchange rates are fetched from: an address or a file."""

import asyncio
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from vinyl_search.pricing.exchange import ExchangeRates
from vinyl_search.pricing.rates_file import UnreadableRates, read_rates

MOST_BYTES = 256 * 1024
FETCH_SECONDS = 10.0


class RatesUnavailable(Exception):
    """No usable table of rates could be had."""


class RatesSource:
    """`file` comes before `url`."""

    def __init__(self, url: str, file: Path | None) -> None:
        self._url = url
        self._file = file

    async def fetch(self, today: date) -> ExchangeRates:
        """`today` dates a table that does not date itself. Raises RatesUnavailable."""
        try:
            if self._file is not None:
                content = await asyncio.to_thread(self._file.read_bytes)
                return read_rates(content, f"file {self._file.name}", today)
            return read_rates(await self._download(), urlsplit(self._url).hostname or self._url, today)
        except (OSError, httpx.HTTPError, httpx.InvalidURL, TimeoutError, UnreadableRates) as error:
            raise RatesUnavailable(repr(error)) from None

    async def _download(self) -> bytes:
        content = bytearray()
        async with (
            asyncio.timeout(FETCH_SECONDS),
            httpx.AsyncClient(follow_redirects=True) as client,
            client.stream("GET", self._url) as response,
        ):
            response.raise_for_status()
            async for part in response.aiter_bytes():
                content += part
                if len(content) > MOST_BYTES:
                    raise UnreadableRates("the table is larger than any")
        return bytes(content)

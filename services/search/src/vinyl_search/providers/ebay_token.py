"""eBay's application token: minted by client credentials, and kept as long as it lives."""

import asyncio

import httpx
import msgspec

from vinyl_search.providers.ebay_wire import Token
from vinyl_search.providers.faults import BadAnswer, Refused, Unreachable

SCOPE = "https://api.ebay.com/oauth/api_scope"
# Minted anew this long before it ends, so that it does not end on the way.
SPARE_SECONDS = 120.0
MINT_SECONDS = 10.0


class EbayToken:
    def __init__(self, client: httpx.AsyncClient, key: str, secret: str) -> None:
        self._client = client
        self._credentials = httpx.BasicAuth(key, secret)
        self._token = ""
        self._ends_at = float("-inf")
        self._minting = asyncio.Lock()

    async def current(self) -> str:
        """Raises Refused for a wrong key, Unreachable or BadAnswer."""
        async with self._minting:
            clock = asyncio.get_running_loop().time()
            if clock >= self._ends_at - SPARE_SECONDS:
                token = await self._mint()
                self._token, self._ends_at = token.access_token, clock + token.expires_in
            return self._token

    def drop(self) -> None:
        """After it was refused before its time."""
        self._ends_at = float("-inf")

    async def _mint(self) -> Token:
        form = {"grant_type": "client_credentials", "scope": SCOPE}
        try:
            answer = await self._client.post(
                "/identity/v1/oauth2/token", data=form, auth=self._credentials, timeout=MINT_SECONDS
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unreachable(repr(error)) from None
        if answer.status_code in (400, 401, 403):
            raise Refused(f"eBay answered {answer.status_code} to its key")
        if answer.status_code != 200:
            raise Unreachable(f"eBay answered {answer.status_code}")
        try:
            return msgspec.json.decode(answer.content, type=Token)
        except msgspec.DecodeError as error:
            raise BadAnswer(str(error)) from None

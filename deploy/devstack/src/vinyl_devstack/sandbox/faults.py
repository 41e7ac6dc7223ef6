"""Trouble on demand: a provider that is slow, refuses, fails or talks rubbish."""

import asyncio
from enum import StrEnum

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import Struct

from vinyl_devstack.sandbox.answers import answer
from vinyl_devstack.sandbox.discogs.gate import TOO_QUICK
from vinyl_devstack.sandbox.market.shops import Provider

GARBAGE = b'{"pagination": {"page": 1, "items": '
BODIES = {
    (Provider.DISCOGS, 429): {"message": TOO_QUICK},
    (Provider.DISCOGS, 500): {"message": "An internal server error occurred."},
    (Provider.EBAY, 429): {
        "errors": [
            {
                "errorId": 2001,
                "domain": "ACCESS",
                "category": "REQUEST",
                "message": "Too many requests.",
                "longMessage": "The request limit has been reached for the resource.",
            }
        ]
    },
    (Provider.EBAY, 500): {
        "errors": [
            {
                "errorId": 12000,
                "domain": "API_BROWSE",
                "category": "APPLICATION",
                "message": "There was a problem with an eBay internal system or process.",
            }
        ]
    },
}


class Mode(StrEnum):
    NONE = "none"
    SLOW = "slow"
    THROTTLED = "429"
    FAILING = "500"
    GARBAGE = "garbage"


class Fault(Struct, frozen=True, forbid_unknown_fields=True):
    """`rate` is the share of requests hit, `seconds` how slow, `requests` how many hits until it ends."""

    provider: Provider
    mode: Mode
    rate: float = 1.0
    seconds: float = 3.0
    requests: int | None = None


class Faults:
    def __init__(self) -> None:
        self._faults: dict[Provider, Fault] = {}
        self._seen: dict[Provider, int] = {}

    def switch(self, fault: Fault) -> None:
        self._faults[fault.provider] = fault
        self._seen[fault.provider] = 0

    def all(self) -> list[Fault]:
        return [self._faults.get(each, Fault(each, Mode.NONE)) for each in Provider]

    def clear(self) -> None:
        self._faults.clear()

    def strike(self, provider: Provider) -> Fault | None:
        """The fault that hits this request, if one does."""
        fault = self._faults.get(provider)
        if fault is None or fault.mode is Mode.NONE:
            return None
        seen = self._seen[provider] = self._seen[provider] + 1
        hits_before, hits = int((seen - 1) * fault.rate), int(seen * fault.rate)
        spent = fault.requests is not None and hits > fault.requests
        return fault if hits > hits_before and not spent else None


class FaultyWire:
    """Stands between the gates and the routes, and lets the switched-on faults happen."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        provider = next((each for each in Provider if _is_for(scope, each)), None)
        fault = self._faults.strike(provider) if provider else None
        if fault is None or fault.mode is Mode.SLOW:
            await asyncio.sleep(fault.seconds if fault else 0)
            await self._app(scope, receive, send)
        elif fault.mode is Mode.GARBAGE:
            await answer(send, 200, GARBAGE)
        else:
            status = int(fault.mode)
            await answer(send, status, msgspec.json.encode(BODIES[fault.provider, status]))


def _is_for(scope: Scope, provider: Provider) -> bool:
    return scope["type"] == ScopeType.HTTP and scope["path"].startswith(f"/{provider}/")

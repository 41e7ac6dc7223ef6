"""Asking for a page's parts at once, each with a time-out of its own, and putting the answers together."""

import asyncio
from collections.abc import Mapping
from hashlib import blake2b
from urllib.parse import quote, unquote

import msgspec
from litestar.types import Send

from vinyl_contracts.errors import Refusal
from vinyl_gateway.answers import Added, send_empty
from vinyl_gateway.cache.kept_answers import Kept
from vinyl_gateway.cache.shared_answers import SharedAnswers
from vinyl_gateway.deadlines import in_time
from vinyl_gateway.forwarding.errands import Answer, Errand
from vinyl_gateway.forwarding.forwarding import Forwarding
from vinyl_gateway.pages.plans import PAGES, Part
from vinyl_gateway.public_routes import BASE_PATH, PUBLIC_ROUTES, PublicRoute
from vinyl_gateway.refusals import PageMoved, PartRefused, ServiceGarbled
from vinyl_gateway.upstream.canary import Asker

_MOST_BYTES = 4 * 1024 * 1024
_ROUTES = {route.path: route for route in PUBLIC_ROUTES if route.method == "GET"}
_KEEPING = [(b"cache-control", b"private, no-cache"), (b"vary", b"authorization")]


class Asking(msgspec.Struct, frozen=True):
    """Who asks for a page. `lines` are the headers that every part's service may see, `ours` those of
    them that say nothing of who asks; `me` is their name, if any, `until` when they give up, on the loop's
    clock, `asker` who they are to a canary, if there is one."""

    path: bytes
    lines: bytes
    ours: bytes
    me: str | None
    known_etags: bytes
    until: float | None
    asker: Asker | None


class Missing(msgspec.Struct, frozen=True):
    """`code` is that of the refusal that came instead."""

    part: str
    code: str
    detail: str


class _Said(msgspec.Struct, frozen=True):
    """What a service's problem document says."""

    code: str
    detail: str
    title: str


class Pages:
    def __init__(self, forwarding: Forwarding, shared: SharedAnswers) -> None:
        self._forwarding = forwarding
        self._shared = shared

    async def answer(self, route: PublicRoute, asking: Asking, send: Send, added: Added) -> int:
        """Sends the page and returns the status. Raises the Refusal of its main part."""
        values = _values_in(route.path, asking)
        parts = [part for part in PAGES[route.path] if asking.me is not None or not part.is_mine]
        try:
            async with asyncio.TaskGroup() as group:
                asked = [group.create_task(self._find(part, values, asking)) for part in parts]
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        found = [task.result() for task in asked]
        page = msgspec.json.encode(_composed(route, parts, found))
        etag = b'"%b"' % blake2b(page, digest_size=12).hexdigest().encode()
        headers = [(b"etag", etag), *_KEEPING, *added]
        if etag in asking.known_etags:
            return await send_empty(send, 304, headers)
        described = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(page))]
        await send({"type": "http.response.start", "status": 200, "headers": described + headers})
        await send({"type": "http.response.body", "body": page, "more_body": False})
        return 200

    async def _find(self, part: Part, values: Mapping[str, str], asking: Asking) -> msgspec.Raw | Missing:
        until = asyncio.get_running_loop().time() + part.seconds
        if asking.until is not None:
            until = min(until, asking.until)
        try:
            return await in_time(self._ask(part, values, asking, until), until, part.service)
        except Refusal as said:
            refusal = said
        if part.is_main:
            raise refusal
        return Missing(part.name, refusal.code, refusal.detail)

    async def _ask(self, part: Part, values: Mapping[str, str], asking: Asking, until: float) -> msgspec.Raw:
        answer = await self._answer_of(part, _target(part, values), asking, until)
        if len(answer.body) > _MOST_BYTES:
            raise ServiceGarbled(part.service)
        if answer.status == 200:
            return msgspec.Raw(answer.body)
        headers = dict(answer.headers)
        if answer.status == PageMoved.status:
            page, _, _ = asking.path.rpartition(b"/")
            raise PageMoved(page + b"/" + headers[b"location"].rpartition(b"/")[2])
        said = msgspec.json.decode(answer.body, type=_Said)
        kept = [header for header in headers.items() if header[0] == b"retry-after"]
        raise PartRefused(answer.status, said.title, said.code, said.detail, kept)

    async def _answer_of(self, part: Part, target: bytes, asking: Asking, until: float) -> Answer | Kept:
        if _ROUTES[BASE_PATH + part.path].is_alike(signed_in=asking.me is not None):
            errand = Errand(part.service, "GET", target, asking.ours, None, asking.until, part.path)
            return await self._shared.find(errand)
        return await self._forwarding.collect(
            Errand(part.service, "GET", target, asking.lines, None, until, part.path, asker=asking.asker),
            _MOST_BYTES,
        )


def _values_in(path: str, asking: Asking) -> dict[str, str]:
    segments = zip(path.split("/"), asking.path.decode().split("/"), strict=True)
    values = {name[1:-1]: unquote(value) for name, value in segments if name.startswith("{")}
    return values | {"me": asking.me or ""}


def _target(part: Part, values: Mapping[str, str]) -> bytes:
    quoted = {name: quote(value, safe="") for name, value in values.items()}
    query = "&".join(f"{name}={value.format(**quoted)}" for name, value in sorted(part.query.items()))
    path = BASE_PATH + part.path.format(**quoted)
    return (f"{path}?{query}" if query else path).encode()


def _composed(
    route: PublicRoute, parts: list[Part], found: list[msgspec.Raw | Missing]
) -> dict[str, msgspec.Raw | list[Missing] | None]:
    page: dict[str, msgspec.Raw | list[Missing] | None] = dict.fromkeys(
        part.name for part in PAGES[route.path]
    )
    missing = [each for each in found if isinstance(each, Missing)]
    page |= {
        part.name: each for part, each in zip(parts, found, strict=True) if not isinstance(each, Missing)
    }
    return page | {"missing": missing}

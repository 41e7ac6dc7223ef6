"""One request as Discogs' rooms see it."""

from collections.abc import Mapping

from litestar import Request
from litestar.datastructures import State
from msgspec import Struct

from vinyl_devstack.sandbox.discogs.accounts import Caller, caller_of
from vinyl_devstack.sandbox.discogs.links import Links
from vinyl_devstack.sandbox.discogs.paging import PageAsked


class Visit(Struct, frozen=True):
    caller: Caller
    links: Links
    address: str
    query: Mapping[str, str]

    @property
    def page(self) -> PageAsked:
        return PageAsked.of(self.address, self.query)


async def visit_of(request: Request[None, None, State]) -> Visit:
    root = str(request.base_url).rstrip("/")
    query = dict(request.query_params)
    return Visit(
        caller_of(request.headers.get("authorization"), query),
        Links(f"{root}/discogs"),
        f"{root}{request.url.path}",
        query,
    )

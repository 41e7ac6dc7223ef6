"""eBay's routes, one handler each."""

from typing import Any

from litestar import Request, Router, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.enums import MediaType
from litestar.params import FromPath

from vinyl_devstack.sandbox.ebay.browse import Browse, Call
from vinyl_devstack.sandbox.ebay.shapes import Item, SearchAnswer
from vinyl_devstack.sandbox.ebay.tokens import TokenDesk, TokenView

AnyRequest = Request[Any, Any, State]


@post("/identity/v1/oauth2/token", status_code=200)
async def token(request: AnyRequest, tokens: NamedDependency[TokenDesk]) -> TokenView:
    return tokens.issue(request.headers.get("authorization"), dict(await request.form()))


@get("/buy/browse/v1/item_summary/search")
async def search(call: NamedDependency[Call], browse: NamedDependency[Browse]) -> SearchAnswer:
    return await browse.search(call)


@get("/buy/browse/v1/item/{item_id:str}")
async def item(item_id: FromPath[str], call: NamedDependency[Call], browse: NamedDependency[Browse]) -> Item:
    return await browse.item(item_id, call)


@get("/itm/{legacy_id:str}", media_type=MediaType.TEXT)
async def item_page(legacy_id: FromPath[str], browse: NamedDependency[Browse]) -> str:
    return await browse.page_for_people(legacy_id)


async def call_of(request: AnyRequest, tokens: NamedDependency[TokenDesk]) -> Call:
    """Only for a request with a good token."""
    tokens.check(request.headers.get("authorization"))
    return Call(
        str(request.base_url).rstrip("/"),
        request.url.path,
        dict(request.query_params),
        request.headers.get("x-ebay-c-marketplace-id"),
        request.headers.get("x-ebay-c-enduserctx"),
    )


def ebay_router(tokens: TokenDesk, browse: Browse) -> Router:
    return Router(
        path="/ebay",
        route_handlers=[token, search, item, item_page],
        dependencies={
            "call": Provide(call_of),
            "tokens": Provide(lambda: tokens, sync_to_thread=False),
            "browse": Provide(lambda: browse, sync_to_thread=False),
        },
    )

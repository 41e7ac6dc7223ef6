"""The web app at `/`: its files, and its one page for every path that is the app's own to show."""

from litestar.types import HTTPScope, Receive, Send

from vinyl_gateway.refusals import MethodNotAllowed, RouteNotFound
from vinyl_gateway.site.assets import INDEX, Asset, Assets
from vinyl_gateway.site.fences import PLAIN_PAGE, WEB_APP

_NOT_BUILT = b"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Vinylhound</title>
<h1>Vinylhound runs, its web app is not built</h1>
<p><code>make dev</code> builds it, or <code>npm ci &amp;&amp; npm run build</code> in <code>web/</code>;
<code>VINYL_GATEWAY_WEB_ROOT</code> names the folder that comes out. This page gives way to it by itself.</p>
<p>The API is here: <a href="/docs">/docs</a>, <a href="/openapi.json">/openapi.json</a>,
<a href="/health">/health</a>.</p>
</html>
"""


class WebApp:
    """A plain ASGI application for every path that is nothing else's."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets

    async def __call__(self, scope: HTTPScope, _receive: Receive, send: Send) -> None:
        """Raises RouteNotFound and MethodNotAllowed."""
        path = scope["path"].lstrip("/")
        asset = self._assets.find(path or INDEX)
        if asset is None and path and not _wants_page(scope, path):
            raise RouteNotFound
        if scope["method"] not in ("GET", "HEAD"):
            raise MethodNotAllowed(b"GET, HEAD")
        asset = asset or self._assets.find(INDEX)
        if asset is None:
            await _send_not_built(scope, send)
        else:
            await _send_asset(asset, scope, send)


def _wants_page(scope: HTTPScope, path: str) -> bool:
    """A browser that goes somewhere, not a script or image that is missing, nor somebody after `.git`."""
    looks_like_file = "." in path.rpartition("/")[2] or "/." in f"/{path}"
    return not looks_like_file and b"text/html" in _header(scope, b"accept")


async def _send_asset(asset: Asset, scope: HTTPScope, send: Send) -> None:
    coding, body = asset.choose(_accepted_codings(scope))
    etag = asset.etag(coding)
    headers = [
        (b"etag", etag),
        (b"cache-control", asset.cache_control),
        (b"vary", b"Accept-Encoding"),
        *WEB_APP,
    ]
    if etag in {tag.strip().removeprefix(b"W/") for tag in _header(scope, b"if-none-match").split(b",")}:
        await _send(send, 304, headers, b"")
        return
    headers += [(b"content-type", asset.media_type), (b"content-length", b"%d" % len(body))]
    if coding:
        headers.append((b"content-encoding", coding))
    await _send(send, 200, headers, b"" if scope["method"] == "HEAD" else body)


def _accepted_codings(scope: HTTPScope) -> set[bytes]:
    parts = [
        part.partition(b";") for part in _header(scope, b"accept-encoding").replace(b" ", b"").split(b",")
    ]
    return {coding for coding, _, weight in parts if weight.rstrip(b"0") not in (b"q=", b"q=0.")}


async def _send_not_built(scope: HTTPScope, send: Send) -> None:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", b"%d" % len(_NOT_BUILT)),
        (b"cache-control", b"no-store"),
        *PLAIN_PAGE,
    ]
    await _send(send, 200, headers, b"" if scope["method"] == "HEAD" else _NOT_BUILT)


async def _send(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _header(scope: HTTPScope, name: bytes) -> bytes:
    return b",".join(value for known, value in scope["headers"] if known == name)
